import type { FastifyInstance } from 'fastify'
import type { ApiKeyCheck } from './api-keys.ts'
import type { Metrics } from './metrics.ts'
import { openApiDocument } from './openapi.ts'
import type { LimitStrangers } from './rate-limits.ts'
import type { Readiness } from './readiness.ts'
import { ServiceError } from './service-error.ts'

export type OperationRoutes = {
  readonly metrics: Metrics
  readonly readiness: () => Promise<Readiness>
  /** Both where the port is not reached by operators alone. */
  readonly checkApiKey?: ApiKeyCheck
  readonly limitStrangers?: LimitStrangers
}

/**
 * Health, metrics and the description of the API. Health says nothing that a stranger could use; metrics do, and on a
 * port that the site's proxy reaches they need an API key. Health is never limited: a balancer asks for it all the time.
 */
export function addOperationRoutes(
  app: FastifyInstance,
  { metrics, readiness, checkApiKey, limitStrangers }: OperationRoutes,
): void {
  const document = openApiDocument()

  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const { ready, parts } = await readiness()
    if (ready) return { status: 'ready', parts }
    const { statusCode, code, message, retryable } = new ServiceError('not_ready')
    return reply.code(statusCode).send({ error: code, message, retryable, parts })
  })
  app.get('/metrics', {
    onRequest: async (request, reply) => {
      try {
        checkApiKey?.(request.headers.authorization)
      } catch (error) {
        await limitStrangers?.(request, reply)
        throw error
      }
    },
    handler: async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  })
  app.get('/openapi.json', {
    onRequest: async (request, reply) => limitStrangers?.(request, reply),
    handler: async () => document,
  })
}
