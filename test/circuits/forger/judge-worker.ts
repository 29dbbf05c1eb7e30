/** A process that judges one changed circuit after another. */
import { judgeMutant, type MutantJob } from './judge-source-mutant.ts'

// The only other end of the channel is scripts/forge-long.ts, which sends jobs.
process.on('message', async (job: MutantJob) => process.send?.(await judgeMutant(job)))
// Without the run there is nothing to do it for.
process.on('disconnect', () => process.exit())
process.send?.('ready')
