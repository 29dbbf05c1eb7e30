import { z } from 'zod'
import { base64urlOf, parse } from '../protocol/parse.ts'
import type { ReportedState } from '../protocol/session-state.ts'
import type { FetchOptions } from './fetch-bytes.ts'
import { fetchJson, isRetryable, type JsonAnswer, refusalCode } from './fetch-json.ts'
import { toWalletError, WalletError } from './wallet-error.ts'

// The site may add members; the wallet takes the return address from the signed request and not from here.
const answerShape = z.object({ code: base64urlOf(32) })

/** How long to wait before the same presentation is sent again, in milliseconds. */
const PAUSE_MS = 500

/**
 * Posts a presentation and returns the code that reads its result. Whatever goes wrong from here on, the site may have
 * received it. Where no answer comes it is sent once more, the same to the byte: a site that had accepted it answers as
 * it did, and a new one would be refused. Throws `site_unreachable`, `site_refused` (with the site's code), `site_answer_invalid`.
 */
export async function submitPresentation(options: {
  readonly fetch: typeof fetch
  /** `responseUri` of the request. */
  readonly url: string
  readonly body: unknown
  readonly signal: AbortSignal | undefined
}): Promise<string> {
  const { origin } = new URL(options.url)
  options.signal?.throwIfAborted()
  try {
    const { ok, status, value } = await sendTwice({ ...options, unreachable: 'site_unreachable' })
    if (ok) return parse(answerShape, value, 'site_answer_invalid').code
    const detail = refusalCode(value)
    const message = `${origin} refused the presentation: status ${status}`
    throw new WalletError('site_refused', message, { detail, retryable: isRetryable(value) })
  } catch (cause) {
    throw toWalletError(cause, 'maybe')
  }
}

async function sendTwice(options: FetchOptions): Promise<JsonAnswer> {
  try {
    return await fetchJson(options)
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    return fetchJson(options)
  }
}

/**
 * Tells the site that nothing will come. Only a courtesy: without it the site's session ends by itself, so a site that
 * stalls or cannot be reached changes nothing for the holder, and nobody waits for it. Never says why.
 */
export function submitDecline(options: { readonly fetch: typeof fetch; readonly responseUri: string }): void {
  const { fetch, responseUri } = options
  const url = new URL('decline', responseUri).href
  // `keepalive`, for the window closes right after.
  fetchJson({ fetch, url, unreachable: 'site_unreachable', body: {}, keepalive: true }).catch(() => {})
}

/** How long a report may be under way, in milliseconds. It is of no use later. */
const REPORT_TIMEOUT_MS = 5_000

/**
 * Tells the site's server where its session is, so that its page can say so. A courtesy like a decline: nobody waits for
 * it, and a site that does not answer changes nothing.
 *
 * It must never depend on whether the holder can answer, or it would tell that before the holder has agreed to it.
 */
export function reportState(options: {
  readonly fetch: typeof fetch
  readonly responseUri: string
  readonly state: ReportedState
}): void {
  const { fetch, responseUri, state } = options
  const url = new URL('state', responseUri).href
  const body = { state }
  const report = { fetch, url, unreachable: 'site_unreachable', body, timeoutMs: REPORT_TIMEOUT_MS } as const
  fetchJson(report).catch(() => {})
}
