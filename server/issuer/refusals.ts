import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { IssuerError, type IssuerRefusal } from './issuer-error.ts'
import { refusalPage } from './pages.ts'

/** What the HTTP layer refuses by itself, by status. */
const BY_STATUS: Readonly<Record<number, IssuerRefusal>> = {
  400: 'body_invalid',
  413: 'body_too_large',
  415: 'content_type_invalid',
  429: 'rate_limited',
}

/** Every error leaves as `{ error, message, retryable }`, or as a page for whoever asked for one. */
export function answerWithRefusals(
  app: FastifyInstance,
  { issuerName, onFailure }: { issuerName: string; onFailure: (error: unknown) => void },
): void {
  const send = (refusal: IssuerError, request: FastifyRequest, reply: FastifyReply) => {
    reply.code(refusal.status)
    if (!request.headers.accept?.includes('text/html')) return reply.send(refusal.toJSON())
    const page = refusalPage({ issuerName, message: refusal.message })
    return reply.type('text/html; charset=utf-8').send(page.text)
  }
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error)
    if (refusal.code === 'internal_error') onFailure(error)
    return send(refusal, request, reply)
  })
  app.setNotFoundHandler((request, reply) => send(new IssuerError('not_found'), request, reply))
}

function refusalOf(error: unknown): IssuerError {
  if (error instanceof IssuerError) return error
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
  return new IssuerError(BY_STATUS[status] ?? 'internal_error', { cause: error })
}
