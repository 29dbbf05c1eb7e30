import { z } from 'zod'
import { type Day, toDay } from './day.ts'
import { ProtocolError } from './error.ts'
import { encodeField } from './field.ts'
import { isIssuerKey, type JubjubPoint } from './issuer-signature.ts'
import type { Origin } from './origin.ts'
import { base64urlOf, dayShape, fieldShape, originShape, parse, shownText } from './parse.ts'
import { type PublicKey, publicKeyShape } from './public-key.ts'
import { parseSchema, type Schema } from './schema.ts'

/** Where an issuer publishes its {@link IssuerMetadata}, below its origin. */
export const ISSUER_METADATA_PATH = '/.well-known/touchstone-issuer.json'

/** One signing key: valid for credentials issued from `notBefore` to `notAfter`, both included. */
export type IssuerKey = {
  readonly keyId: string
  /** On the curve, in the subgroup, not the identity. */
  readonly point: JubjubPoint
  readonly notBefore: Day
  readonly notAfter: Day
}

/** What an issuer publishes of itself: who it is, what it issues, and by which keys it is believed. */
export type IssuerMetadata = {
  readonly version: 1
  readonly origin: Origin
  readonly name: string
  /** True for an issuer that checks nothing and must not be believed. */
  readonly demo: boolean
  /** What a wallet checks the signature of a new credential by. Proofs go by the keys of an epoch (status-history.ts). */
  readonly keys: readonly IssuerKey[]
  /** Sign the epochs of its status list (status-history.ts). */
  readonly statusKeys: readonly PublicKey[]
  readonly schemas: readonly Schema[]
  /** Key sets whose issue-v1 proofs it accepts. */
  readonly keySets: readonly string[]
}

const keyShape = z.strictObject({
  keyId: z.string().min(1).max(64),
  point: z.tuple([fieldShape, fieldShape]).refine((point) => isIssuerKey(point), 'not a usable key'),
  notBefore: dayShape.transform(toDay),
  notAfter: dayShape.transform(toDay),
})

/** At most as many as one proof can hide among, see `MAX_ISSUER_KEYS`. */
export const issuerKeysShape = z.array(keyShape).min(1).max(16)

const metadataShape = z.strictObject({
  version: z.literal(1),
  origin: originShape,
  name: shownText(120),
  demo: z.boolean(),
  keys: issuerKeysShape,
  statusKeys: z.array(publicKeyShape).min(1).max(8),
  schemas: z.array(z.unknown().transform(parseSchema)).min(1).max(64),
  keySets: z.array(base64urlOf(32)).min(1).max(16),
})

/** Throws `issuer_metadata_invalid`, or `issuer_mismatch` if it speaks for another origin than it was fetched from. */
export function parseIssuerMetadata(value: unknown, expectedOrigin: Origin): IssuerMetadata {
  const metadata = parse(metadataShape, value, 'issuer_metadata_invalid')
  if (metadata.origin !== expectedOrigin) {
    throw new ProtocolError('issuer_mismatch', `${expectedOrigin} serves the metadata of another issuer`)
  }
  return metadata
}

/** The JSON form of the metadata; inverse of {@link parseIssuerMetadata}. */
export function serializeIssuerMetadata(metadata: IssuerMetadata) {
  return { ...metadata, keys: serializeIssuerKeys(metadata.keys) }
}

/** The JSON form of keys; inverse of {@link issuerKeysShape}. */
export function serializeIssuerKeys(keys: readonly IssuerKey[]) {
  return keys.map(({ keyId, point, notBefore, notAfter }) => ({
    keyId,
    point: point.map(encodeField),
    notBefore,
    notAfter,
  }))
}
