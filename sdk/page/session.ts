import { TouchstoneError } from '../touchstone-error.ts'
import { pageError } from './error-codes.ts'

/** What the page needs of a session. */
export type PageSession = { readonly jws: string; readonly walletOrigin: string }

/**
 * Opens a session at the page's own server. Throws {@link TouchstoneError} with the server's code, or
 * `site_unreachable`.
 */
export async function createPageSession(request: string, signal: AbortSignal): Promise<PageSession> {
  const response = await post(request, signal)
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok && isSession(body)) return body
  throw serverRefusal(body)
}

async function post(request: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch('/touchstone/sessions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ request }),
      signal,
    })
  } catch (cause) {
    if (signal.aborted) throw cause
    throw pageError('site_unreachable', { cause })
  }
}

function isSession(body: unknown): body is PageSession {
  return (
    has(body, 'jws') &&
    typeof body.jws === 'string' &&
    has(body, 'walletOrigin') &&
    typeof body.walletOrigin === 'string'
  )
}

function serverRefusal(body: unknown): TouchstoneError {
  if (!has(body, 'error') || typeof body.error !== 'string') return pageError('site_unreachable')
  const message = has(body, 'message') && typeof body.message === 'string' ? body.message : 'no session could be opened'
  return new TouchstoneError(body.error, message, { retryable: has(body, 'retryable') && body.retryable === true })
}

function has<K extends string>(body: unknown, key: K): body is Record<K, unknown> {
  return typeof body === 'object' && body !== null && key in body
}
