import type { TouchstoneError } from '../touchstone-error.ts'

const INTERVAL_MS = 60_000

/** Passes an error on, of each code one in a minute. `now` in milliseconds. */
export function createTellRarely({
  onError,
  now,
}: {
  readonly onError: (error: unknown) => void
  readonly now: () => number
}): (error: TouchstoneError) => void {
  const toldAt = new Map<string, number>()
  return (error) => {
    const last = toldAt.get(error.code)
    // A clock that was set back must not silence it for longer.
    if (last !== undefined && Math.abs(now() - last) < INTERVAL_MS) return
    toldAt.set(error.code, now())
    onError(error)
  }
}
