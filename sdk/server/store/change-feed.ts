import { isFinalState, type StoredState, statesBefore } from '../../../src/protocol/session-state.ts'
import type { Listening, ListenOptions } from './database.ts'

type ChangeFeed = {
  watch(sessionId: string, listener: StateListener): () => void
  /** Tells those who watch a session the state that it has entered. */
  tell(sessionId: string, state: StoredState): void
  close(): void
}

type StateListener = (state: StoredState) => void

type ChangeFeedOptions = {
  readonly readStates: (
    ids: readonly string[],
  ) => Promise<readonly { readonly id: string; readonly state: StoredState }[]>
  /** Hears of what other processes write, where the database can tell. */
  readonly listen: ((options: ListenOptions) => Listening) | undefined
  readonly onError: (error: unknown) => void
}

/**
 * How often watched sessions are read beneath: by this, processes that share a SQLite file hear of each other, and one
 * that lost its connection to PostgreSQL hears late rather than never.
 */
const POLL_MS = 250
const POLL_BENEATH_LISTENING_MS = 2_000
/** Changes that come together are read together. */
const GATHER_MS = 5

type Watched = { readonly listeners: Set<StateListener>; last: StoredState | undefined }

/** Tells changes of state to who watches, in this process and between processes. Idle while nobody does. */
export function createChangeFeed({ readStates, listen, onError }: ChangeFeedOptions): ChangeFeed {
  const watched = new Map<string, Watched>()
  const unread = new Set<string>()
  let gathering: NodeJS.Timeout | undefined
  let polling: NodeJS.Timeout | undefined
  let listening: Listening | undefined

  function tell(sessionId: string, state: StoredState): void {
    const entry = watched.get(sessionId)
    // What was read a moment ago may come after what was written since: no session goes back.
    if (!entry || (entry.last && !isAfter(state, entry.last))) return
    entry.last = state
    for (const listener of [...entry.listeners]) listener(state)
  }

  function read(ids: Iterable<string>): void {
    for (const id of ids) if (watched.has(id)) unread.add(id)
    if (unread.size > 0) gathering ??= setTimeout(readUnread, GATHER_MS)
  }

  async function readUnread(): Promise<void> {
    const ids = [...unread]
    unread.clear()
    gathering = undefined
    try {
      for (const { id, state } of await readStates(ids)) tell(id, state)
    } catch (error) {
      onError(error)
    }
  }

  function start(): void {
    if (polling) return
    polling = setInterval(() => read(watched.keys()), listen ? POLL_BENEATH_LISTENING_MS : POLL_MS)
    polling.unref()
    listening = listen?.({ onSession: (id) => read([id]), onConnected: () => read(watched.keys()), onError })
  }

  function stop(): void {
    clearTimeout(gathering)
    clearInterval(polling)
    listening?.close()
    gathering = polling = listening = undefined
    unread.clear()
  }

  return {
    watch(sessionId, listener) {
      const entry = watched.get(sessionId) ?? { listeners: new Set(), last: undefined }
      watched.set(sessionId, entry)
      // A function of its own, so that one listener given twice is two.
      const own = (state: StoredState) => listener(state)
      entry.listeners.add(own)
      start()
      // Who comes later hears where it stands, as the first did.
      if (entry.last) own(entry.last)
      else read([sessionId])
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

function isAfter(state: StoredState, last: StoredState): boolean {
  return !isFinalState(last) && statesBefore(state).includes(last)
}
