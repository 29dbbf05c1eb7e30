import type { FastifyInstance } from 'fastify'
import type { ApiKeyCheck } from './api-keys.ts'
import type { Metrics } from './metrics.ts'
import { openApiDocument } from './openapi.ts'
import type { Readiness } from './readiness.ts'
import { ServiceError } from './service-error.ts'

export type OperationRoutes = {
  readonly metrics: Metrics
  readonly readiness: () => Promise<Readiness>
  /** Undefined where the port is reached by operators alone. */
  readonly checkApiKey: ApiKeyCheck | undefined
}

/**
 * Health, metrics and the description of the API. Health says nothing that a stranger could use; metrics do, and on a
 * port that the site's proxy reaches they need an API key.
 */
export function addOperationRoutes(app: FastifyInstance, { metrics, readiness, checkApiKey }: OperationRoutes): void {
  const document = openApiDocument()

  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const { ready, parts } = await readiness()
    if (ready) return { status: 'ready', parts }
    const { statusCode, code, message, retryable } = new ServiceError('not_ready')
    return reply.code(statusCode).send({ error: code, message, retryable, parts })
  })
  app.get('/metrics', {
    onRequest: async (request) => checkApiKey?.(request.headers.authorization),
    handler: async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  })
  app.get('/openapi.json', async () => document)
}
