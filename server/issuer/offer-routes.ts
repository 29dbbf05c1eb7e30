import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  type Credential,
  credentialFields,
  credentialHash,
  serializeCredential,
} from '../../src/protocol/credential.ts'
import { dayOf } from '../../src/protocol/day.ts'
import { deviceKeysCommitment } from '../../src/protocol/device.ts'
import type { Offer } from '../../src/protocol/issuance.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import type { Schema } from '../../src/protocol/schema.ts'
import { type CheckedAcceptance, checkAcceptance, type IssueProofCheck } from './acceptance.ts'
import type { IssuanceStore } from './issuance-store.ts'
import type { PersonNamer } from './person.ts'
import type { SigningKey } from './signing-key.ts'

export type OfferRoutesOptions = {
  readonly walletOrigins: readonly Origin[]
  readonly schema: Schema
  readonly signingKey: SigningKey
  readonly personOf: PersonNamer
  readonly store: IssuanceStore
  readonly provesIssue: IssueProofCheck
  readonly clock: () => Date
}

/** Acceptances a minute from one address: each costs a pairing. */
const ACCEPTANCES_A_MINUTE = 60

/**
 * The two messages of issuance, for wallets: `GET /offers/:id` gives the offer, `POST /offers/:id/accept` takes the
 * answer and gives `{ credential }`. Both are readable by the configured wallets only.
 */
export async function offerRoutes(app: FastifyInstance, options: OfferRoutesOptions): Promise<void> {
  const { walletOrigins, store, clock, personOf } = options
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', async (request, reply) => allowWallets(walletOrigins, request, reply))

  app.options<{ Params: { id: string } }>('/offers/:id/accept', (_request, reply) =>
    reply
      .header('access-control-allow-methods', 'POST')
      .header('access-control-allow-headers', 'content-type')
      .header('access-control-max-age', '600')
      .code(204)
      .send(),
  )

  app.get<{ Params: { id: string } }>('/offers/:id', (request) => store.openOffer(request.params.id, seconds(clock())))

  app.post<{ Params: { id: string } }>(
    '/offers/:id/accept',
    { config: { rateLimit: { max: ACCEPTANCES_A_MINUTE, timeWindow: '1 minute' } } },
    async (request) => {
      const now = clock()
      const offer = await store.openOffer(request.params.id, seconds(now))
      const accepted = await checkAcceptance({ ...options, body: request.body, offer })
      const issuance = { offer, person: personOf(offer.claims), issuerTag: accepted.issuerTag, now: seconds(now) }
      const credential = await store.issue(issuance, (revocationId) =>
        signCredential({ ...options, offer, accepted, revocationId, now }),
      )
      return { credential: serializeCredential(credential) }
    },
  )
}

function signCredential(options: {
  offer: Offer
  accepted: CheckedAcceptance
  revocationId: number
  now: Date
  schema: Schema
  signingKey: SigningKey
}): Credential {
  const { offer, accepted, revocationId, now, schema, signingKey } = options
  const unsigned = {
    version: 1,
    issuer: offer.issuer,
    keyId: signingKey.published.keyId,
    schema: offer.schema,
    claims: offer.claims,
    holderCommitment: accepted.holderCommitment,
    deviceKeysCommitment: deviceKeysCommitment(accepted.deviceKeyHashes, accepted.deviceKeysSalt),
    validFrom: offer.validFrom,
    validUntil: offer.validUntil,
    issuedAt: dayOf(now),
    revocationId,
  } as const
  return { ...unsigned, signature: signingKey.sign(credentialHash(credentialFields(schema, unsigned))) }
}

function allowWallets(walletOrigins: readonly Origin[], request: FastifyRequest, reply: FastifyReply): void {
  reply.header('vary', 'Origin')
  const origin = walletOrigins.find((wallet) => wallet === request.headers.origin)
  if (origin) reply.header('access-control-allow-origin', origin)
}

function seconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000)
}
