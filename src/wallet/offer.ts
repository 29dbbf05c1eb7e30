import { encodeClaims } from '../protocol/claim.ts'
import type { UnixSeconds } from '../protocol/day.ts'
import { type Offer, offerPath, parseOffer } from '../protocol/issuance.ts'
import type { IssuerMetadata } from '../protocol/issuer.ts'
import { type Origin, parseOrigin } from '../protocol/origin.ts'
import { identifierShape } from '../protocol/parse.ts'
import { CLOCK_TOLERANCE } from '../protocol/request.ts'
import { type Schema, schemaHash } from '../protocol/schema.ts'
import { claimViews } from './credentials.ts'
import { secondsOf, todayOf, type WalletEnvironment } from './environment.ts'
import { fetchJson, refusalCode } from './fetch-json.ts'
import { fetchIssuerMetadata } from './issuer.ts'
import { stoneOf } from './stone.ts'
import type { OfferLink, OfferView } from './wallet.ts'
import { WalletError } from './wallet-error.ts'

/** An offer that may be accepted: every check that needs no touch has passed. */
export type CheckedOffer = { readonly offer: Offer; readonly metadata: IssuerMetadata; readonly schema: Schema }

/**
 * Fetches what a link names and checks it, in this order: the link; the issuer's metadata and the offer, both from the
 * issuer's own origin; that the offer is that one; the key set; its life; its schema; its claims.
 * Throws `offer_link_invalid`, `issuer_unreachable`, `offer_gone`, `offer_mismatch`, `key_set_unknown`,
 * `offer_expired`, `offer_schema_unknown`, `offer_claims_invalid`, and what the parsers throw.
 */
export async function readOffer(
  environment: WalletEnvironment,
  link: OfferLink,
  signal: AbortSignal | undefined,
): Promise<CheckedOffer> {
  const issuer = linkedIssuer(link)
  const [metadata, offer] = await Promise.all([
    fetchIssuerMetadata(issuer, { fetch: environment.fetch, signal }),
    fetchOffer(environment, { issuer, id: link.offer, signal }),
  ])
  if (offer.issuer !== issuer || offer.id !== link.offer) {
    throw new WalletError('offer_mismatch', `${issuer} returned another offer than the link names`)
  }
  if (offer.keySet !== environment.keySetHash) {
    throw new WalletError('key_set_unknown', 'the offer asks for a proof under a key set this wallet does not have')
  }
  if (offer.expires + CLOCK_TOLERANCE < secondsOf(environment)) {
    throw new WalletError('offer_expired', 'the offer has expired')
  }
  const schema = metadata.schemas.find((candidate) => schemaHash(candidate) === offer.schema)
  if (!schema) throw new WalletError('offer_schema_unknown', `${issuer} does not publish the schema of its offer`)
  checkContents(environment, offer, schema)
  return { offer, metadata, schema }
}

export function offerView({ offer, metadata, schema }: CheckedOffer, touches: number): OfferView {
  return {
    issuer: { origin: offer.issuer, name: metadata.name, demo: metadata.demo },
    kind: schema.name,
    claims: claimViews(schema, offer.claims),
    validFrom: offer.validFrom,
    validUntil: offer.validUntil,
    expires: offer.expires as UnixSeconds,
    stone: stoneOf(offer.issuer),
    touches,
  }
}

function linkedIssuer({ issuer, offer }: OfferLink): Origin {
  try {
    if (identifierShape.safeParse(offer).success) return parseOrigin(issuer)
  } catch (cause) {
    throw new WalletError('offer_link_invalid', 'the link names no issuer', { cause })
  }
  throw new WalletError('offer_link_invalid', 'the link names no offer')
}

async function fetchOffer(
  { fetch }: WalletEnvironment,
  { issuer, id, signal }: { issuer: Origin; id: string; signal: AbortSignal | undefined },
): Promise<Offer> {
  const unreachable = 'issuer_unreachable'
  const { ok, status, value } = await fetchJson({ fetch, url: issuer + offerPath(id), unreachable, signal })
  if (ok) return parseOffer(value)
  if (status >= 500) throw new WalletError(unreachable, `${issuer} does not answer: status ${status}`)
  throw new WalletError('offer_gone', `${issuer} has no such offer: status ${status}`, { detail: refusalCode(value) })
}

function checkContents(environment: WalletEnvironment, offer: Offer, schema: Schema): void {
  try {
    encodeClaims(schema, offer.claims)
  } catch (cause) {
    throw new WalletError('offer_claims_invalid', 'the offered claims do not fit their schema', { cause })
  }
  // The issuer's midnight may come before the wallet's or after it.
  if (offer.validFrom > offer.validUntil || offer.validUntil < todayOf(environment) - 1) {
    throw new WalletError('offer_claims_invalid', 'what is offered would never be valid')
  }
}
