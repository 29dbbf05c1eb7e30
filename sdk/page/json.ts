import { TouchstoneError } from '../touchstone-error.ts'
import { pageError } from './error-codes.ts'

/**
 * Asks the site's own server; its answer, an object. Throws {@link TouchstoneError} with the server's code, or
 * `site_unreachable`; or the signal's reason.
 */
export async function ask(path: string, options: { body?: object; signal: AbortSignal }): Promise<object> {
  const response = await send(path, options)
  const answer: unknown = await response.json().catch(() => undefined)
  options.signal.throwIfAborted()
  if (response.ok && typeof answer === 'object' && answer !== null) return answer
  throw refusal(answer)
}

async function send(path: string, { body, signal }: { body?: object; signal: AbortSignal }): Promise<Response> {
  const post = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  try {
    return await fetch(path, { ...post, signal })
  } catch (cause) {
    if (signal.aborted) throw cause
    throw pageError('site_unreachable', { cause })
  }
}

function refusal(answer: unknown): TouchstoneError {
  const code = text(answer, 'error')
  if (code === undefined) return pageError('site_unreachable')
  return new TouchstoneError(code, text(answer, 'message') ?? 'The site’s server refused.', {
    retryable: has(answer, 'retryable') && answer.retryable === true,
  })
}

/** The member of that name, if it is a text. */
export function text(answer: unknown, key: string): string | undefined {
  const value = has(answer, key) ? answer[key] : undefined
  return typeof value === 'string' ? value : undefined
}

function has<K extends string>(answer: unknown, key: K): answer is Record<K, unknown> {
  return typeof answer === 'object' && answer !== null && Object.hasOwn(answer, key)
}
