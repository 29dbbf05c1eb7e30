import type { FastifyReply } from 'fastify'
import { TouchstoneError } from '../../sdk/touchstone-error.ts'
import { errorCodeOf } from '../error-code.ts'
import { ServiceError } from './service-error.ts'
import { statusOf } from './status-of.ts'

/** The codes of Fastify's own refusals, as ours. */
const FASTIFY_CODES: Readonly<Record<string, { readonly code: string; readonly message: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'body_too_large',
    message: 'The body is larger than anything that belongs here.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'content_type_invalid', message: 'Send `content-type: application/json`.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'body_invalid', message: 'The body is empty.' },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'body_invalid', message: 'The body is no JSON.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'body_invalid', message: 'The body is not as long as it says.' },
  FST_ERR_BAD_URL: { code: 'route_unknown', message: 'The address is not well formed.' },
}

/**
 * A failure as an answer. One that was not foreseen goes to `onFault` and tells the caller nothing.
 */
export function sendError(error: unknown, reply: FastifyReply, onFault: (error: unknown) => void): FastifyReply {
  if (error instanceof ServiceError) {
    if (error.statusCode === 401) reply.header('www-authenticate', 'Bearer')
    return send(reply, error.statusCode, error)
  }
  if (error instanceof TouchstoneError) return send(reply, statusOf(error.code), error)
  const known = FASTIFY_CODES[errorCodeOf(error) ?? '']
  if (known) return send(reply, statusOf(known.code), { ...known, retryable: false })
  onFault(error)
  return send(reply, 500, {
    code: 'internal_error',
    message: 'Something broke; the log has the cause.',
    retryable: true,
  })
}

function send(
  reply: FastifyReply,
  status: number,
  { code, message, retryable }: { code: string; message: string; retryable: boolean },
): FastifyReply {
  return reply.code(status).send({ error: code, message, retryable })
}
