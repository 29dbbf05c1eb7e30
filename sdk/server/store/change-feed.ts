import type { SessionState } from './store.ts'

export type ChangeFeed = {
  watch(sessionId: string, listener: (state: SessionState) => void): () => void
  /** Tells those who watch a session the state it is in. */
  tell(sessionId: string, state: SessionState): void
  close(): void
}

/** How often the states of watched sessions are read: what other processes wrote is seen by this at the latest. */
const POLL_MS = 1_000

type Watched = { readonly listeners: Set<(state: SessionState) => void>; last: SessionState | undefined }

/** Tells changes of state within this process, and by polling those of other processes. Idle while nobody watches. */
export function createChangeFeed(options: {
  readonly readStates: (ids: readonly string[]) => Promise<readonly { id: string; state: SessionState }[]>
  readonly onError: (error: unknown) => void
}): ChangeFeed {
  const watched = new Map<string, Watched>()
  let timer: NodeJS.Timeout | undefined

  function tell(sessionId: string, state: SessionState): void {
    const entry = watched.get(sessionId)
    if (!entry || entry.last === state) return
    entry.last = state
    for (const listener of [...entry.listeners]) listener(state)
  }

  async function poll(): Promise<void> {
    const ids = [...watched.keys()]
    for (const { id, state } of await options.readStates(ids)) tell(id, state)
  }

  function schedule(): void {
    timer = setTimeout(async () => {
      await poll().catch(options.onError)
      if (timer) schedule()
    }, POLL_MS)
    timer.unref()
  }

  function stop(): void {
    clearTimeout(timer)
    timer = undefined
  }

  return {
    watch(sessionId, listener) {
      const entry = watched.get(sessionId) ?? { listeners: new Set(), last: undefined }
      watched.set(sessionId, entry)
      // A function of its own, so that one listener given twice is two.
      const own = (state: SessionState) => listener(state)
      entry.listeners.add(own)
      if (!timer) schedule()
      return () => {
        entry.listeners.delete(own)
        if (entry.listeners.size === 0 && watched.get(sessionId) === entry) watched.delete(sessionId)
        if (watched.size === 0) stop()
      }
    },
    tell,
    close() {
      watched.clear()
      stop()
    },
  }
}
