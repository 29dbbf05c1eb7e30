import { setTimeout } from 'node:timers/promises'

/** Waits for what something else does, and looks again every few milliseconds. Throws when the time is over. */
export async function until(condition: () => boolean | Promise<boolean>, milliseconds = 15_000): Promise<void> {
  const deadline = performance.now() + milliseconds
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`it did not happen within ${milliseconds} ms`)
    await setTimeout(10)
  }
}
