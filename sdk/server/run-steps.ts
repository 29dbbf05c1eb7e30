import { setImmediate } from 'node:timers/promises'

/**
 * For so long steps run one after another. To wait for the event loop after each would cost a presentation several of its
 * turns, each of which has other work.
 */
const SLICE_MS = 4

export type Slice<T> = { readonly done: true; readonly value: T } | { readonly done: false }

/** Runs steps until they are at their end, or the next would begin after the slice. */
export function runSlice<T>(
  steps: Generator<undefined, T>,
  { sliceMs = SLICE_MS, now = () => performance.now() }: { sliceMs?: number; now?: () => number } = {},
): Slice<T> {
  const begun = now()
  do {
    const step = steps.next()
    if (step.done) return { done: true, value: step.value }
  } while (now() - begun <= sliceMs)
  return { done: false }
}

/**
 * Runs steps to their end, or to `TOO_LONG` where the next slice would begin more than `limitMs` after the first. Between
 * two of them the event loop is free, so that a burst of presentations does not stop the rest of the site.
 */
export async function runSteps<T>(
  steps: Generator<undefined, T>,
  limitMs: number,
  { now = () => performance.now() }: { now?: () => number } = {},
): Promise<T | 'TOO_LONG'> {
  const begun = now()
  for (;;) {
    if (now() - begun > limitMs) return 'TOO_LONG'
    const slice = runSlice(steps, { now })
    if (slice.done) return slice.value
    await setImmediate()
  }
}
