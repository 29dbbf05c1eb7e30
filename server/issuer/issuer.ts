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
import { startHeartbeat } from './heartbeat.ts'
import { createIssuanceStore } from './issuance-store.ts'
import { openIssuerDatabase } from './issuer-database.ts'
import { DATABASE_FILE, KEYS_FOLDER } from './issuer-records.ts'
import { offerRoutes } from './offer-routes.ts'
import { pageRoutes } from './page-routes.ts'
import { IDENTITY_CLAIMS, loadPersonNamer } from './person.ts'
import { answerWithRefusals } from './refusals.ts'
import person from './schemas/person.json' with { type: 'json' }
import { loadSigningKeys } from './signing-key.ts'
import { createEpochPublisher } from './status-epochs.ts'
import { loadStatusKey } from './status-key.ts'
import { statusRoutes } from './status-routes.ts'
import { createStatusStore, type StatusStore } from './status-store.ts'

/** What an issuer issues unless told otherwise. */
export const PERSON_SCHEMA: Schema = parseSchema(person)

/** What an issuer is made of. */
export type IssuerOptions = {
  readonly origin: Origin
  /** Wallets that may read offers and whose assertions count; the first is the one offers are opened in. */
  readonly walletOrigins: readonly [Origin, ...Origin[]]
  readonly keySet: KeySet
  /** As wallets and sites show it; "Touchstone demo issuer" unless given. */
  readonly name?: string
  /** {@link PERSON_SCHEMA} unless given. Must have the claims that tell people apart: {@link IDENTITY_CLAIMS}. */
  readonly schema?: Schema
  /** For `issuer.sqlite` and, in `keys/`, the issuer's keys. Made when missing, for their owner only. */
  readonly directory: string
  /** Built style and mark, served below `/assets/`. */
  readonly assets: string
  readonly clock: () => Date
  /** Told of failures that are the issuer's own. */
  readonly onFailure: (error: unknown) => void
}

/** An issuer that is ready to be listened for. `close` ends its server, its timer and its database. */
export type Issuer = {
  readonly app: FastifyInstance
  readonly metadata: IssuerMetadata
  /** What an operator may do; see `server/cli/issuer/` for the command. */
  readonly status: StatusStore
  readonly close: () => Promise<void>
}

/**
 * A demo issuer: a page on which anyone says who they are, and the two-message exchange that signs it; and the status
 * list of what it signed. The bytes of every body it reads are limited to 16 KiB. Throws SecretFileError for a key that
 * others can read, TypeError for a schema that cannot tell people apart.
 */
export async function createIssuer(options: IssuerOptions): Promise<Issuer> {
  const { origin, walletOrigins, keySet, directory, assets, clock, onFailure } = options
  const { name = 'Touchstone demo issuer', schema = PERSON_SCHEMA } = options
  requireIdentity(schema)
  const keys = join(directory, KEYS_FOLDER)
  const signingKeys = loadSigningKeys({ directory: keys, now: clock() })
  const statusKey = await loadStatusKey(keys)
  const personOf = loadPersonNamer(keys)
  const database = await openIssuerDatabase(join(directory, DATABASE_FILE))
  const source = { origin, key: statusKey }
  const publish = createEpochPublisher(source)
  const store = createIssuanceStore(database, publish)
  const status = createStatusStore({ database, publish, source })
  const seconds = () => Math.floor(clock().getTime() / 1000)
  // A failure here is one of the start: an issuer without a list would be one whose credentials nobody accepts.
  await status.refresh(seconds(), signingKeys.published)
  const heartbeat = startHeartbeat({ refresh: () => status.refresh(seconds()), onFailure })
  const metadata: IssuerMetadata = {
    version: 1,
    origin,
    name,
    demo: true,
    keys: signingKeys.published,
    statusKeys: [statusKey.published],
    schemas: [schema],
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
  answerWithRefusals(app, { issuerName: name, onFailure })
  app.get(ISSUER_METADATA_PATH, (_request, reply) =>
    reply.header('access-control-allow-origin', '*').send(serializeIssuerMetadata(metadata)),
  )
  await app.register(statusRoutes, { status, beat: heartbeat.beat, clock })
  await app.register(offerRoutes, {
    walletOrigins,
    schema,
    signingKey: signingKeys.current,
    personOf,
    store,
    provesIssue,
    clock,
  })
  await app.register(pageRoutes, {
    origin,
    walletOrigin: walletOrigins[0],
    issuerName: name,
    schema,
    keySet: keySet.hash,
    store,
    clock,
  })
  return {
    app,
    metadata,
    status,
    close: async () => {
      await app.close()
      await heartbeat.stop()
      await database.close()
    },
  }
}

function requireIdentity(schema: Schema): void {
  const missing = IDENTITY_CLAIMS.filter((name) => !schema.claims.some((claim) => claim.name === name))
  if (missing.length > 0) throw new TypeError(`schema: ${schema.name} has no claim ${missing.join(', ')}`)
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
