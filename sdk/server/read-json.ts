import { MAX_PRESENTATION_BYTES } from '../../src/protocol/presentation.ts'
import { TouchstoneError } from '../touchstone-error.ts'
import type { Asked } from './asked.ts'
import { serverError } from './error-codes.ts'

/** The largest body that is read: nothing that is posted here is larger than a presentation may be. */
const MAX_BODY_BYTES = MAX_PRESENTATION_BYTES

/**
 * The JSON of a request's body. Throws `content_type_invalid`, `body_too_large` (as soon as it is known, at the latest
 * with the byte that is one too many), `body_too_slow`, `body_already_read` and `body_invalid`, also for a byte order mark.
 * Of members of one name the last counts, as JSON.parse has it: nothing else reads a body before or after this.
 */
export async function readJson(request: Asked): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json(;\s*charset=utf-8)?$/i.test(type.trim())) throw serverError('content_type_invalid')
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw serverError('body_too_large')
  if (request.bodyUsed) throw serverError('body_already_read')
  const bytes = await readBytes(request)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch (cause) {
    throw serverError('body_invalid', undefined, { cause })
  }
}

/** Who sends slowly holds a place all the while. */
const TIMEOUT_MS = 10_000

async function readBytes(request: Asked): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Let go of, not cancelled: cancelling would cut the connection on which the refusal is to be sent.
  const reader = request.openBody()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(serverError('body_too_slow')), TIMEOUT_MS)
  // Where nobody waits any more.
  late.promise.catch(() => {})
  const read = () => reader && Promise.race([reader.read(), late.promise])
  try {
    for (let next = await read(); next && !next.done; next = await read()) {
      length += next.value.length
      if (length > MAX_BODY_BYTES) break
      chunks.push(next.value)
    }
  } catch (cause) {
    if (cause instanceof TouchstoneError) throw cause
    throw serverError('body_invalid', 'the body broke off', { cause })
  } finally {
    clearTimeout(timer)
    reader?.releaseLock()
  }
  if (length > MAX_BODY_BYTES) throw serverError('body_too_large')
  return Buffer.concat(chunks)
}
