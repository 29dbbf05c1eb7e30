import type { IncomingMessage, ServerResponse } from 'node:http'
import { headersAsRequest } from './adapters/node.ts'
import {
  createPageGuard,
  GUARDED_CACHE,
  type Guarding,
  type RequireOptions,
  varyByCookie,
} from './adapters/require-result.ts'
import type { Verifier } from './server/create-verifier.ts'
import { sendWebResponse } from './server/node-bridge.ts'
import type { VisitResult } from './server/visits.ts'

export type { RequireOptions } from './adapters/require-result.ts'
export * from './server.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the visitor has proved; there on routes behind `requireResult`. */
    touchstone?: VisitResult
  }
}

/** Fastify's request and reply, as far as they are looked at. */
type FastifyLikeRequest = { readonly raw: IncomingMessage; touchstone?: VisitResult }
type FastifyLikeReply = {
  readonly raw: ServerResponse
  getHeaders(): Record<string, number | string | string[] | undefined>
  header(name: string, value: string): unknown
  hijack(): unknown
}
type FastifyHook = (request: FastifyLikeRequest, reply: FastifyLikeReply) => Promise<void>
type FastifyLike = { addHook(name: 'onRequest', hook: FastifyHook): unknown }

/**
 * Fastify plugin that answers the SDK's own addresses, before any body is parsed. It applies to the whole instance that it
 * is registered on; plugins that set headers, such as helmet, come before it.
 *
 * ```ts
 * await app.register(touchstone(verifier))
 * ```
 */
export function touchstone(verifier: Pick<Verifier, 'handleNode'>): (instance: FastifyLike) => Promise<void> {
  const plugin = async (instance: FastifyLike) => {
    instance.addHook('onRequest', async (request, reply) => {
      copyHeaders(reply)
      if (await verifier.handleNode(request.raw, reply.raw)) reply.hijack()
    })
  }
  // Fastify's own mark of a plugin that is for the instance it is registered on and not for one of its own.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}

/**
 * Fastify hook for routes that need a result: it is in `request.touchstone` then.
 *
 * ```ts
 * app.get('/cellar', { onRequest: requireResult(verifier, { request: 'over18', redirect: '/' }) }, handler)
 * ```
 */
export function requireResult(verifier: Guarding, options: RequireOptions): FastifyHook {
  const guard = createPageGuard(verifier, options)
  return async (request, reply) => {
    const found = await guard(headersAsRequest(request.raw))
    if (!(found instanceof Response)) {
      request.touchstone = found
      reply.header('cache-control', GUARDED_CACHE)
      reply.header('vary', varyByCookie(reply.getHeaders().vary?.toString()))
      return
    }
    copyHeaders(reply)
    reply.hijack()
    await sendWebResponse(found, request.raw, reply.raw)
  }
}

/** What other plugins have set, which an answer past Fastify's own would leave out. */
function copyHeaders(reply: FastifyLikeReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value) reply.raw.setHeader(name, value)
}
