import { WalletError, type WalletErrorCode } from './wallet-error.ts'

export type FetchJsonOptions = {
  readonly fetch: typeof fetch
  readonly url: string
  /** What to call a server that cannot be reached, breaks off or answers no JSON. */
  readonly unreachable: WalletErrorCode
  readonly signal?: AbortSignal | undefined
  /** Sent as JSON by POST; without it, GET. */
  readonly body?: unknown
  /** Whether it goes on when the page is closed; false if absent. */
  readonly keepalive?: boolean
  /** How long to wait for the whole answer; 20 seconds if absent. */
  readonly timeoutMs?: number
}

export type JsonAnswer = { readonly ok: boolean; readonly status: number; readonly value: unknown }

/** The largest answer that is read, in bytes. */
const MAX_ANSWER_BYTES = 262_144
const TIMEOUT_MS = 20_000

/**
 * One JSON answer of another origin: no cookies, no referrer, no redirect, nothing from a cache. A status outside 2xx
 * is an answer (`value` undefined if it is no JSON), and so is an empty one. Throws WalletError `unreachable`, or the signal's abort.
 */
export async function fetchJson(options: FetchJsonOptions): Promise<JsonAnswer> {
  const { fetch, url, unreachable, signal, body, keepalive = false, timeoutMs = TIMEOUT_MS } = options
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      credentials: 'omit',
      redirect: 'error',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      keepalive,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await readText(response)
    return {
      ok: response.ok,
      status: response.status,
      value: response.ok && text !== '' ? JSON.parse(text) : jsonOrUndefined(text),
    }
  } catch (cause) {
    if (signal?.aborted) throw new DOMException('the request was cancelled', 'AbortError')
    throw new WalletError(unreachable, `${new URL(url).origin} gave no answer that can be read`, { cause })
  }
}

/** The other side's own error code, if the answer carries one in the agreed form. */
export function refusalCode(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value)) return undefined
  const { error } = value
  return typeof error === 'string' && /^[a-z][a-z0-9_]{0,63}$/.test(error) ? error : undefined
}

async function readText(response: Response): Promise<string> {
  if (!response.body) return ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  // A reader, for not every browser iterates over a stream.
  const reader = response.body.getReader()
  let text = ''
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    length += value.length
    if (length > MAX_ANSWER_BYTES) {
      // That the rest cannot be cancelled changes nothing: the answer is refused.
      reader.cancel().catch(() => {})
      throw new RangeError(`the answer has more than ${MAX_ANSWER_BYTES} bytes`)
    }
    text += decoder.decode(value, { stream: true })
  }
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
