import { utf8 } from '../../src/protocol/bytes.ts'
import { isFinalState, SESSION_STATES, type SessionState } from '../../src/protocol/session-state.ts'
import { serverError } from './error-codes.ts'
import { eventIdOf, findOwnSession, stateAt } from './session-state.ts'
import type { Store, StoredSession } from './store/store.ts'

/** How many streams may be open at once: of one session, and in all. A page that gets none polls. */
const STREAM_LIMITS = { perSession: 4, inAll: 1_000 } as const

/** A comment so often keeps proxies from taking the stream for dead. */
const HEARTBEAT_MS = 15_000
/** When a browser whose stream broke off asks again. */
const RETRY_MS = 2_000

/** The streams of one process that tell browsers where their sessions are. */
export type SessionEvents = {
  /**
   * Server-sent events for the browser that began the session: each state it enters, from the one that it is in, or
   * from the one after `lastEventId`. The stream ends after a final state; 204 for who has heard that already, which
   * stops a browser's EventSource. Throws `session_unknown`, `streams_exhausted`.
   */
  open(request: { id: string; cookie: string | null; lastEventId: string | null }): Promise<Response>
  /** Ends all streams; their browsers come back to whichever process there is then. */
  close(): void
}

export function createSessionEvents(options: {
  readonly store: Store
  readonly clock: () => Date
  readonly onError: (error: unknown) => void
  readonly limits?: { readonly perSession: number; readonly inAll: number }
}): SessionEvents {
  const { store, clock, onError, limits = STREAM_LIMITS } = options
  const openStreams = new Map<string, Set<Stream>>()
  let count = 0

  function takePlace(id: string, stream: Stream): void {
    const ofSession = openStreams.get(id) ?? new Set()
    if (ofSession.size >= limits.perSession || count >= limits.inAll) throw serverError('streams_exhausted')
    openStreams.set(id, ofSession.add(stream))
    count += 1
  }

  function freePlace(id: string, stream: Stream): void {
    const ofSession = openStreams.get(id)
    if (!ofSession?.delete(stream)) return
    count -= 1
    if (ofSession.size === 0) openStreams.delete(id)
  }

  return {
    async open({ id, cookie, lastEventId }) {
      const session = await findOwnSession(store, id, cookie)
      const state = stateAt(session, clock().getTime())
      const heard = readEventId(lastEventId)
      if (isFinalState(state) && heard >= eventIdOf(state)) return new Response(null, { status: 204 })
      const stream = createStream({ session, heard, store, clock, onError, onEnd: () => freePlace(id, stream) })
      takePlace(id, stream)
      stream.begin(state)
      const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' }
      return new Response(stream.body, { headers })
    },
    close() {
      for (const ofSession of [...openStreams.values()]) for (const stream of [...ofSession]) stream.end()
    },
  }
}

type Stream = {
  readonly body: ReadableStream<Uint8Array>
  begin(state: SessionState): void
  end(): void
}

function createStream(options: {
  readonly session: StoredSession
  readonly heard: number
  readonly store: Store
  readonly clock: () => Date
  readonly onError: (error: unknown) => void
  readonly onEnd: () => void
}): Stream {
  const { session, store, clock, onError, onEnd } = options
  const { id, expiresAt } = session
  let { heard } = options
  let ended = false
  let unwatch = () => {}
  let expiry: NodeJS.Timeout | undefined
  let heartbeat: NodeJS.Timeout | undefined
  let controller: ReadableStreamDefaultController<Uint8Array>
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given
    },
    // The browser is gone.
    cancel: () => free(),
  })

  function free(): void {
    if (ended) return
    ended = true
    unwatch()
    clearTimeout(expiry)
    clearInterval(heartbeat)
    onEnd()
  }

  function end(): void {
    if (ended) return
    free()
    controller.close()
  }

  function send(text: string): void {
    if (!ended) controller.enqueue(utf8(text))
  }

  /** Forward only: what was told before, or comes late, is not told. */
  function tell(state: SessionState): void {
    const number = eventIdOf(state)
    if (ended || number <= heard) return
    heard = number
    send(`event: state\nid: ${number}\ndata: ${JSON.stringify({ state })}\n\n`)
    if (isFinalState(state)) end()
  }

  /** At the end of the session's time by the server's clock, which may go otherwise than the timers. */
  function awaitExpiry(): void {
    const left = expiresAt - clock().getTime()
    expiry = setTimeout(() => (clock().getTime() >= expiresAt ? readAgain() : awaitExpiry()), Math.max(left, 1))
  }

  function readAgain(): void {
    store
      .findSession(id)
      .then((found) => tell(found ? stateAt(found, clock().getTime()) : 'TIMEOUT'))
      // The browser comes back in a while, and is told then.
      .catch((error: unknown) => {
        onError(error)
        end()
      })
  }

  return {
    body,
    begin(state) {
      send(`retry: ${RETRY_MS}\n\n`)
      tell(state)
      if (ended) return
      unwatch = store.watch(id, (next) => tell(stateAt({ state: next, expiresAt }, clock().getTime())))
      heartbeat = setInterval(() => send(':\n\n'), HEARTBEAT_MS)
      awaitExpiry()
      // Something may have happened between the first look and the watch.
      readAgain()
    },
    end,
  }
}

/** 0 for a browser that has heard nothing, and for what no stream of ours has said. */
function readEventId(text: string | null): number {
  const number = text !== null && /^\d{1,2}$/.test(text) ? Number(text) : 0
  return number <= SESSION_STATES.length ? number : 0
}
