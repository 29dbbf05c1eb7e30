import { WalletError, type WalletErrorCode } from './wallet-error.ts'

export type FetchOptions = {
  readonly fetch: typeof fetch
  readonly url: string
  /** What to call a server that cannot be reached or breaks off. */
  readonly unreachable: WalletErrorCode
  readonly signal?: AbortSignal | undefined
  /** Sent as JSON by POST; without it, GET. */
  readonly body?: unknown
  /** Whether it goes on when the page is closed; false if absent. */
  readonly keepalive?: boolean
  /** How long to wait for the whole answer; 20 seconds if absent. */
  readonly timeoutMs?: number
}

export type BytesAnswer = { readonly ok: boolean; readonly status: number; readonly bytes: Uint8Array<ArrayBuffer> }

/** The largest answer that is read, in bytes. */
const MAX_ANSWER_BYTES = 262_144
const TIMEOUT_MS = 20_000

/**
 * One answer of another origin: no cookies, no referrer, no redirect, nothing from a cache. A status outside 2xx is an
 * answer, and so is an empty one. `read` makes something of it; what it throws counts as an answer that cannot be read.
 * Throws WalletError `unreachable`, or the signal's abort.
 */
export async function fetchBytes<T>(options: FetchOptions, read: (answer: BytesAnswer) => T): Promise<T> {
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
    return read({ ok: response.ok, status: response.status, bytes: await readAll(response) })
  } catch (cause) {
    if (signal?.aborted) throw new DOMException('the request was cancelled', 'AbortError')
    throw new WalletError(unreachable, `${new URL(url).origin} gave no answer that can be read`, { cause })
  }
}

async function readAll(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.body) return new Uint8Array()
  // A reader, for not every browser iterates over a stream.
  const reader = response.body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return joined(chunks, length)
    length += value.length
    if (length > MAX_ANSWER_BYTES) {
      // That the rest cannot be cancelled changes nothing: the answer is refused.
      reader.cancel().catch(() => {})
      throw new RangeError(`the answer has more than ${MAX_ANSWER_BYTES} bytes`)
    }
    chunks.push(value)
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
