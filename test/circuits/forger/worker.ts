/** A process that does one task after another: each message is a task, each answer what it found. */
import { type ForgeTask, runTask } from './task.ts'

// The only other end of the channel is run.ts, which sends tasks.
process.on('message', async (task: ForgeTask) => process.send?.(await runTask(task)))
// Without the run there is nothing to do it for.
process.on('disconnect', () => process.exit())
process.send?.('ready')
