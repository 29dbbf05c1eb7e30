import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { serverError } from '../../sdk/server/error-codes.ts'
import type { Verifier } from '../../sdk/server.ts'
import { API_ROUTES, type ApiRoute } from './api.ts'
import type { ApiKeyCheck } from './api-keys.ts'
import type { LimitStrangers } from './rate-limits.ts'

export type ApiRoutes = {
  readonly verifier: Verifier
  readonly checkApiKey: ApiKeyCheck
  /** For wrong keys alone: whoever guesses must not be able to lock the backend out. */
  readonly limitStrangers: LimitStrangers
}

/** `/v1`: for the site's own backend, by API key. What the tables in api.ts say is what is served. */
export function addApiRoutes(app: FastifyInstance, { verifier, checkApiKey, limitStrangers }: ApiRoutes): void {
  app.removeContentTypeParser('text/plain')
  for (const route of API_ROUTES) {
    app.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      // Before the body is read: a stranger's is not.
      onRequest: async (request, reply) => {
        try {
          checkApiKey(request.headers.authorization)
        } catch (error) {
          await limitStrangers(request, reply)
          throw error
        }
      },
      handler: async (request, reply) => {
        // Fastify's type of parameters is open; ours come from the route's own pattern.
        const { id = '' } = request.params as { id?: string }
        const answer = await route.run(verifier, { body: parseBody(route, request.body), id })
        return reply.code(route.status).send(answer ?? {})
      },
    })
  }
}

function parseBody({ body: shape }: ApiRoute, body: unknown): unknown {
  if (!shape) return undefined
  const parsed = shape.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw serverError('body_invalid', issue ? sayWhy(issue) : 'not of the form that /openapi.json gives')
}

/** Which member, and what was wanted there; never what came. */
function sayWhy(issue: z.core.$ZodIssue): string {
  const place = issue.path.length > 0 ? issue.path.join('.') : 'the body'
  if (issue.code === 'unrecognized_keys') return `${place}: has members that do not belong there`
  if (issue.code === 'invalid_type') return `${place}: wanted ${issue.expected}`
  return `${place}: not of the form that /openapi.json gives`
}
