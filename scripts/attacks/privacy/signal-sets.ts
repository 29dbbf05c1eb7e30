import { Worker } from 'node:worker_threads'
import { PARTIES, VISITS } from '../../../test/circuits/visits.ts'
import type { VisitRange, VisitSignals } from '../../../test/circuits/visits-worker.ts'

const THREADS = 2

/** Public signals that are a name: the same whenever one holder comes to one party, by design. */
const NAMES = ['nullifier', 'deviceTag']

/**
 * What two relying parties that put together all they have can tell from public signals. The worst case: all holders have
 * one issuer and dates, many have the same claims, and the parties repeat their nonces. `shared`: values that two visits
 * have in common and may not; `distinct`: all that were seen, of which each holder has two names a party, and each visit four
 * signals.
 */
export async function compareSignalSets(holders: number) {
  const share = holders / THREADS
  const ranges = Array.from({ length: THREADS }, (_, thread) => ({ from: thread * share, to: (thread + 1) * share }))
  const visits = (await Promise.all(ranges.map(inThread))).flat()
  const ownerOf = new Map<bigint, string>()
  let shared = 0
  for (const { holder, party, visit, signals } of visits) {
    for (const [name, value] of Object.entries(signals)) {
      const owner = [name, holder, party, NAMES.includes(name) ? 'each visit' : visit].join(' ')
      const before = ownerOf.get(value)
      if (before !== undefined && before !== owner) shared++
      ownerOf.set(value, owner)
    }
  }
  const expected = holders * PARTIES * (NAMES.length + 4 * VISITS)
  return { shared, distinct: ownerOf.size, expected, visits: visits.length }
}

function inThread(range: VisitRange): Promise<VisitSignals> {
  const worker = new Worker(new URL('../../../test/circuits/visits-worker.ts', import.meta.url), { workerData: range })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
