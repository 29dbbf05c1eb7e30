import type { JWK } from 'jose'
import { z } from 'zod'
import { ProtocolError } from './error.ts'
import type { Origin } from './origin.ts'
import { originShape, parse } from './parse.ts'
import { publicKeyShape } from './public-key.ts'

/** Where a relying party publishes its {@link RelyingPartyMetadata}, below its origin. */
export const RELYING_PARTY_METADATA_PATH = '/.well-known/touchstone.json'

/** What a relying party publishes of itself: the keys by which its requests are known. */
export type RelyingPartyMetadata = {
  readonly version: 1
  readonly origin: Origin
  /** P-256 public keys (RFC 7517) that sign its requests, each with a `kid`. */
  readonly keys: readonly JWK[]
}

const metadataShape = z.strictObject({
  version: z.literal(1),
  origin: originShape,
  keys: z.array(publicKeyShape).min(1).max(8),
})

/** Throws `relying_party_invalid`, or `relying_party_mismatch` if it speaks for another origin than it was fetched from. */
export function parseRelyingPartyMetadata(value: unknown, expectedOrigin: Origin): RelyingPartyMetadata {
  const metadata = parse(metadataShape, value, 'relying_party_invalid')
  if (metadata.origin !== expectedOrigin) {
    throw new ProtocolError('relying_party_mismatch', `${expectedOrigin} serves the metadata of another site`)
  }
  return metadata
}
