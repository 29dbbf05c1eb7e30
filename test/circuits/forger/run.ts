import type { CircuitId } from '../../../src/protocol/signals.ts'
import { KILLED, startKillable } from './killable.ts'
import { loadTarget } from './load-target.ts'
import type { ForgeResult, ForgeTask } from './task.ts'

/** A part of a run that is done. */
export type Finished = {
  readonly part: ForgeTask['part']
  /** The circuit's name; absent for the planted bugs. */
  readonly circuit?: string
  readonly result: ForgeResult
  readonly seconds: number
}

const WORKER = new URL('./worker.ts', import.meta.url)
const PROCESSES = 2
/** Ends a task that never would, and none that only waits for a busy machine. */
const TASK_MILLISECONDS = 900_000

/** Does the tasks in processes of their own, two at a time, in the order given. The answer has that order too. */
export async function runTasks(
  tasks: readonly ForgeTask[],
  onFinished: (finished: Finished) => void = () => {},
): Promise<Finished[]> {
  const finished = new Map<ForgeTask, Finished>()
  const waiting = [...tasks]
  const lane = async () => {
    const worker = startKillable<ForgeTask, ForgeResult>(WORKER, { milliseconds: TASK_MILLISECONDS })
    try {
      for (let task = waiting.shift(); task; task = waiting.shift()) {
        const start = performance.now()
        const answer = await worker.run(task)
        const result = answer === KILLED ? ({ part: 'failed', reason: 'took too long' } as const) : answer
        const done = { ...task, result, seconds: (performance.now() - start) / 1000 }
        finished.set(task, done)
        onFinished(done)
      }
    } finally {
      await worker.close()
    }
  }
  await Promise.all(Array.from({ length: PROCESSES }, lane))
  return tasks.flatMap((task) => finished.get(task) ?? [])
}

/** All there is to try on these circuits, the long tasks first so that none is left over at the end. */
export async function tasksFor(circuits: readonly CircuitId[], seed: number): Promise<ForgeTask[]> {
  const targets = await Promise.all(circuits.map(async (circuit) => ({ circuit, target: await loadTarget(circuit) })))
  const signed = targets.filter(({ target }) => target.issuerSignature).map(({ circuit }) => circuit)
  // The largest circuit is the last of the list.
  const largestFirst = circuits.toReversed()
  return [
    ...signed.map((circuit): ForgeTask => ({ part: 'eddsa', circuit, seed })),
    ...(['forgeries', 'survey', 'setup'] as const).flatMap((part) =>
      largestFirst.map((circuit): ForgeTask => ({ part, circuit, seed })),
    ),
  ]
}
