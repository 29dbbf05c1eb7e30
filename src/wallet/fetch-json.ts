import { type FetchOptions, fetchBytes } from './fetch-bytes.ts'

export type JsonAnswer = { readonly ok: boolean; readonly status: number; readonly value: unknown }

/**
 * One JSON answer of another origin, as {@link fetchBytes} fetches it. `value` is undefined where a refusal carries no
 * JSON, and where the answer is empty. Throws `unreachable` also for what is no JSON.
 */
export async function fetchJson(options: FetchOptions): Promise<JsonAnswer> {
  return fetchBytes(options, ({ ok, status, bytes }) => {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { ok, status, value: ok && text !== '' ? JSON.parse(text) : jsonOrUndefined(text) }
  })
}

/** The other side's own error code, if the answer carries one in the agreed form. */
export function refusalCode(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('error' in value)) return undefined
  const { error } = value
  return typeof error === 'string' && /^[a-z][a-z0-9_]{0,63}$/.test(error) ? error : undefined
}

/** Whether a refusal says that the same may succeed when it is tried again. */
export function isRetryable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'retryable' in value && value.retryable === true
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
