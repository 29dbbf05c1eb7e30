import cookies from '@fastify/cookie'
import helmet from '@fastify/helmet'
import staticFiles from '@fastify/static'
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify'
import type { Verifier } from '../sdk/server.ts'
import type { Html } from './html.ts'

/** What each of the demo sites is told. */
export type SiteOptions = {
  readonly origin: string
  readonly walletOrigin: string
  /** Folder of the key set that proofs are verified under. */
  readonly keySet: string
  /** The site's own folder for its databases and the key that signs its requests. */
  readonly directory: string
  /** The site's built script and style, served below `/assets/`. */
  readonly assets: string
  readonly clock: () => Date
  /** True in tests: accepts keys that anyone can forge under. */
  readonly allowDevelopmentKeys: boolean
  readonly onFailure: (error: unknown) => void
}

export type Site = { readonly app: FastifyInstance; readonly close: () => Promise<void> }

/**
 * A server with the headers of a site that asks, the verifier's own addresses, and forms from its own pages only.
 * `same-origin-allow-popups` keeps the wallet's window in reach; helmet's `same-origin` would cut it off.
 */
export async function createSite(options: SiteOptions, verifier: Verifier): Promise<FastifyInstance> {
  const { origin, assets, onFailure } = options
  const app = fastify({ bodyLimit: 16_384 })
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'"],
        'connect-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    // With `no-referrer` a form is sent with `Origin: null`, and could not be told from a stranger's.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: origin.startsWith('https:') ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: 'deny' },
  })
  await app.register(cookies)
  await app.register(staticFiles, { root: assets, prefix: '/assets/', cacheControl: false })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )

  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', request.url.startsWith('/assets/') ? 'no-cache' : 'no-store')
    reply.header('permissions-policy', 'publickey-credentials-get=(), camera=(), geolocation=(), microphone=()')
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value) reply.raw.setHeader(name, value)
    if (await verifier.handleNode(request.raw, reply.raw)) return reply.hijack()
    if (request.method === 'POST' && request.headers.origin !== origin) {
      return reply.code(403).send({ error: 'origin_forbidden', message: 'Forms are taken from this site’s own pages.' })
    }
  })
  app.setErrorHandler((error, _request, reply) => {
    const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
    if (status >= 400 && status < 500)
      return reply.code(status).send({ error: 'request_invalid', message: 'Not understood.' })
    onFailure(error)
    return reply.code(500).send({ error: 'internal_error', message: 'Something went wrong here. Try again.' })
  })
  return app
}

/** Answers with a page. */
export function sendPage(reply: FastifyReply, page: Html): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(page.text)
}
