/** Milliseconds of work between two breaths: a click is still answered at once, and timers cost next to nothing. */
const INTERVAL = 32

/**
 * For long work in one thread: the function returned lets the event loop in when it is time, and throws the signal's
 * reason when that says stop.
 */
export function breather(signal?: AbortSignal): () => Promise<void> {
  let last = performance.now()
  return async () => {
    signal?.throwIfAborted()
    if (performance.now() - last < INTERVAL) return
    await new Promise((resolve) => setTimeout(resolve))
    last = performance.now()
    signal?.throwIfAborted()
  }
}
