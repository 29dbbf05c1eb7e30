/** How often the newest epoch's age is looked at, in milliseconds; far more often than one is due. */
const LOOK_EVERY = 60_000

/** What keeps the newest epoch fresh. */
export type Heartbeat = {
  /** Refreshes now if that is due. Never throws. */
  readonly beat: () => Promise<void>
  /** Resolves when a refresh that was under way is over. */
  readonly stop: () => Promise<void>
}

/**
 * Keeps a status list from growing stale while the process lives, without keeping the process alive. A failure is told
 * and tried again: what was published before is still good for a while.
 */
export function startHeartbeat(options: {
  refresh: () => Promise<void>
  onFailure: (error: unknown) => void
}): Heartbeat {
  const { refresh, onFailure } = options
  let running: Promise<void> = Promise.resolve()
  const beat = () => {
    running = refresh().catch(onFailure)
    return running
  }
  const timer = setInterval(beat, LOOK_EVERY)
  timer.unref()
  return {
    beat,
    stop: () => {
      clearInterval(timer)
      return running
    },
  }
}
