import { setImmediate } from 'node:timers/promises'

/**
 * Runs steps to their end, or to `TOO_LONG` where the next would begin more than `limitMs` after the first. Between two
 * of them the event loop is free, so that a burst of presentations does not stop the rest of the site.
 */
export async function runSteps<T>(
  steps: Generator<undefined, T>,
  limitMs: number,
  now: () => number = () => performance.now(),
): Promise<T | 'TOO_LONG'> {
  const begun = now()
  for (;;) {
    await setImmediate()
    if (now() - begun > limitMs) return 'TOO_LONG'
    const step = steps.next()
    if (step.done) return step.value
  }
}
