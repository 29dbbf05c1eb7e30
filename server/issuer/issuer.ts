import { join } from 'node:path'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import staticFiles from '@fastify/static'
import { type FastifyInstance, fastify } from 'fastify'
import { ISSUER_METADATA_PATH, type IssuerMetadata, serializeIssuerMetadata } from '../../src/protocol/issuer.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { parseSchema, type Schema } from '../../src/protocol/schema.ts'
import type { KeySet } from '../../src/verifier/key-set.ts'
import { verifyProof } from '../../src/verifier/verify-proof.ts'
import { permissionsPolicy, securityHeaders } from '../security-headers.ts'
import { openIssuanceStore } from './issuance-store.ts'
import { offerRoutes } from './offer-routes.ts'
import { pageRoutes } from './page-routes.ts'
import { loadPersonNamer } from './person.ts'
import { answerWithRefusals } from './refusals.ts'
import person from './schemas/person.json' with { type: 'json' }
import { loadSigningKey } from './signing-key.ts'

/** What the demo issuer issues. */
export const PERSON_SCHEMA: Schema = parseSchema(person)

export type IssuerOptions = {
  readonly origin: Origin
  /** Wallets that may read offers and whose assertions count; the first is the one offers are opened in. */
  readonly walletOrigins: readonly [Origin, ...Origin[]]
  readonly keySet: KeySet
  /** For `issuer.sqlite` and, in `keys/`, the signing key. Made when missing, for their owner only. */
  readonly directory: string
  /** Built style and mark, served below `/assets/`. */
  readonly assets: string
  readonly clock: () => Date
  /** Told of failures that are the issuer's own. */
  readonly onFailure: (error: unknown) => void
}

export type Issuer = {
  readonly app: FastifyInstance
  readonly metadata: IssuerMetadata
  readonly close: () => Promise<void>
}

/**
 * The demo issuer: a page on which anyone says who they are, and the two-message exchange that signs it. The bytes of
 * every body it reads are limited to 16 KiB. Throws SecretFileError for a signing key that others can read.
 */
export async function createIssuer(options: IssuerOptions): Promise<Issuer> {
  const { origin, walletOrigins, keySet, directory, assets, clock, onFailure } = options
  const keys = join(directory, 'keys')
  const signingKey = loadSigningKey({ directory: keys, now: clock() })
  const personOf = loadPersonNamer(keys)
  const store = await openIssuanceStore(join(directory, 'issuer.sqlite'))
  const metadata: IssuerMetadata = {
    version: 1,
    origin,
    name: 'Touchstone demo issuer',
    demo: true,
    keys: [signingKey.published],
    schemas: [PERSON_SCHEMA],
    keySets: [keySet.hash],
  }
  const provesIssue = (signals: Parameters<typeof verifyProof>[1], proof: Uint8Array) =>
    verifyProof(keySet.keys['issue-v1'], signals, proof) === 'VALID'

  const app = fastify({ bodyLimit: 16_384 })
  await app.register(helmet, headers(origin))
  await app.register(rateLimit, { global: false })
  await app.register(staticFiles, { root: assets, prefix: '/assets/', cacheControl: false })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('permissions-policy', permissionsPolicy({ webauthn: false }))
    reply.header('cache-control', 'no-store')
  })
  answerWithRefusals(app, onFailure)
  app.get(ISSUER_METADATA_PATH, (_request, reply) =>
    reply.header('access-control-allow-origin', '*').send(serializeIssuerMetadata(metadata)),
  )
  await app.register(offerRoutes, {
    walletOrigins,
    schema: PERSON_SCHEMA,
    signingKey,
    personOf,
    store,
    provesIssue,
    clock,
  })
  await app.register(pageRoutes, {
    origin,
    walletOrigin: walletOrigins[0],
    schema: PERSON_SCHEMA,
    keySet: keySet.hash,
    store,
    clock,
  })
  return {
    app,
    metadata,
    close: async () => {
      await app.close()
      await store.close()
    },
  }
}

function headers(origin: Origin) {
  return securityHeaders({
    contentSecurityPolicy: { 'style-src': ["'self'"], 'img-src': ["'self'"], 'form-action': ["'self'"] },
    referrerPolicy: 'same-origin',
    resourcePolicy: 'same-origin',
    openerPolicy: 'same-origin-allow-popups',
    https: origin.startsWith('https:'),
  })
}
