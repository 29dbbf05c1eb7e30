import { join } from 'node:path'
import helmet from '@fastify/helmet'
import staticFiles from '@fastify/static'
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify'
import { ARTEFACTS_PATH } from '../src/protocol/artefacts-path.ts'
import { MANIFEST_FILE } from '../src/protocol/key-set.ts'
import type { Origin } from '../src/protocol/origin.ts'
import { WALLET_METADATA_PATH, type WalletMetadata } from '../src/protocol/wallet-metadata.ts'
import { type PageHeaders, permissionsPolicy, securityHeaders } from './security-headers.ts'

export type WalletHostOptions = {
  readonly origin: Origin
  /** The built wallet: `index.html`, and in `assets/` files whose names carry the hash of their content. */
  readonly build: string
  /** The key set the wallet was built for: its hash and the folder that holds its files. */
  readonly keySet: { readonly hash: string; readonly directory: string }
}

const A_YEAR = 'public, max-age=31536000, immutable'

/**
 * What the wallet's pages may do. Scripts come from this origin and need its one Trusted Types policy to name a
 * worker; a wallet talks to every issuer and site there is, so connections may go to any https origin (and, for
 * development, to names that never leave the machine). COOP stays `unsafe-none`, or a site's page could not hold the
 * window it opened.
 */
export const WALLET_HEADERS: Omit<PageHeaders, 'https'> = {
  contentSecurityPolicy: {
    'script-src': ["'self'", "'wasm-unsafe-eval'"],
    'worker-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'none'"],
    'connect-src': ["'self'", 'https:', 'http://localhost:*', 'http://*.localhost:*'],
    'manifest-src': ["'self'"],
    'form-action': ["'none'"],
    'require-trusted-types-for': ["'script'"],
    'trusted-types': ['touchstone'],
  },
  referrerPolicy: 'no-referrer',
  resourcePolicy: 'same-origin',
  openerPolicy: 'unsafe-none',
}

/**
 * Serves the built wallet and its key set, and says which that is. Every response carries the headers, the worker's script too, for a worker
 * takes its policy from its own response. Artefacts go out as they are: the wallet counts their bytes against the
 * manifest and shows how far it is.
 */
export async function createWalletHost(options: WalletHostOptions): Promise<FastifyInstance> {
  const { origin, build, keySet } = options
  const app = fastify({ bodyLimit: 1024 })
  await app.register(helmet, securityHeaders({ ...WALLET_HEADERS, https: origin.startsWith('https:') }))
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('permissions-policy', permissionsPolicy({ webauthn: true }))
  })
  await app.register(staticFiles, {
    root: build,
    prefix: '/',
    cacheControl: false,
    setHeaders: (reply, path) => cacheBuild(reply, path, build),
  })
  await app.register(staticFiles, {
    root: keySet.directory,
    prefix: `${ARTEFACTS_PATH}/${keySet.hash}/`,
    decorateReply: false,
    cacheControl: false,
    index: false,
    allowedPath: (path) =>
      path === `/${MANIFEST_FILE}` || /^\/[a-z0-9-]+\.(wasm|zkey|zkey\.packed|vkey\.json)$/.test(path),
    setHeaders: (reply) => void reply.header('cache-control', A_YEAR),
  })
  const metadata: WalletMetadata = { version: 1, keySets: [keySet.hash] }
  app.get(WALLET_METADATA_PATH, (_request, reply) => reply.header('cache-control', 'no-cache').send(metadata))
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request.method, request.url)) return reply.code(404).type('text/plain').send('not found\n')
    return reply.header('cache-control', 'no-cache').sendFile('index.html', build)
  })
  return app
}

/** A built asset never changes under its name; every other file (pages, service worker, manifest) is asked for anew. */
function cacheBuild(reply: FastifyReply, path: string, build: string): void {
  reply.header('cache-control', path.startsWith(join(build, 'assets/')) ? A_YEAR : 'no-cache')
}

/** The wallet's own routes have no extension; a missing file is a 404 and never a page in its place. */
function isPage(method: string, url: string): boolean {
  const path = url.split('?', 1)[0] ?? ''
  const isFile = /\.[a-z0-9]+$/i.test(path)
  return (method === 'GET' || method === 'HEAD') && !isFile && !path.startsWith(`${ARTEFACTS_PATH}/`)
}
