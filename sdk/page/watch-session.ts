import { text } from './json.ts'
import { SESSIONS_PATH } from './session.ts'

/** Polls begin after this, and each waits twice as long as the one before. */
const FIRST_POLL_MS = 1_000
const LONGEST_POLL_MS = 8_000

/** No other state follows these. */
const FINAL_STATES: readonly string[] = ['DONE', 'CANCELLED', 'TIMEOUT']

/**
 * Tells the states of a session as the site's server knows them, by its event stream. While the stream says nothing (it
 * cannot be had, was cut off, or something on the way holds it back) the session is polled. Ends with a final state, with
 * the signal, and where the session is not this browser's; a server out of reach is asked again, with growing pauses.
 */
export function watchSession(
  session: string,
  { signal, onState }: { signal: AbortSignal; onState: (state: string) => void },
): void {
  const path = `${SESSIONS_PATH}/${encodeURIComponent(session)}`
  const ended = new AbortController()
  const stop = AbortSignal.any([signal, ended.signal])
  if (stop.aborted) return
  const tell = (state: string | undefined) => {
    if (state === undefined || stop.aborted) return
    onState(state)
    if (FINAL_STATES.includes(state)) ended.abort()
  }
  const polling = pollSession(path, { stop, end: () => ended.abort(), tell })

  // After a break the browser comes back by itself, and says by Last-Event-ID what it has heard.
  const events = new EventSource(`${path}/events`)
  events.addEventListener('state', ({ data }) => {
    polling.need(false)
    tell(stateOf(data))
  })
  events.addEventListener('error', () => polling.need(true))
  stop.addEventListener('abort', () => events.close(), { once: true })
}

function stateOf(data: unknown): string | undefined {
  try {
    return text(JSON.parse(String(data)), 'state')
  } catch {
    return undefined
  }
}

function pollSession(
  path: string,
  { stop, end, tell }: { stop: AbortSignal; end: () => void; tell: (state: string | undefined) => void },
) {
  let isNeeded = true
  let pause = FIRST_POLL_MS

  const ask = async () => {
    try {
      const response = await fetch(path, { signal: stop })
      if (response.status === 404) end()
      if (response.ok) tell(text(await response.json(), 'state'))
    } catch {
      // Out of reach, or not the SDK's answer. The next poll will see; the window's messages do not depend on it.
    }
  }
  const tick = async () => {
    pause = isNeeded ? Math.min(2 * pause, LONGEST_POLL_MS) : FIRST_POLL_MS
    if (isNeeded) await ask()
    if (!stop.aborted) timer = setTimeout(tick, pause)
  }
  let timer = setTimeout(tick, pause)
  stop.addEventListener('abort', () => clearTimeout(timer), { once: true })
  return {
    need: (isStreamSilent: boolean) => {
      isNeeded = isStreamSilent
    },
  }
}
