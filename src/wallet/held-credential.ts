import { z } from 'zod'
import { type Credential, parseCredential, serializeCredential } from '../protocol/credential.ts'
import { toDay } from '../protocol/day.ts'
import { MAX_DEVICE_KEYS } from '../protocol/device.ts'
import { encodeField, type FieldElement } from '../protocol/field.ts'
import type { IssuerKey } from '../protocol/issuer.ts'
import { isIssuerKey } from '../protocol/issuer-signature.ts'
import { dayShape, fieldShape, parse } from '../protocol/parse.ts'
import { parseSchema, type Schema } from '../protocol/schema.ts'

/** A credential with what only its holder knows of it, and what was checked when it was received. */
export type HeldCredential = {
  readonly credential: Credential
  readonly schema: Schema
  /** β of hc. */
  readonly holderBlinding: FieldElement
  /** q̂ of each authenticator in D, 1 to 4. */
  readonly deviceKeys: readonly FieldElement[]
  /** σ of D. */
  readonly deviceKeysSalt: FieldElement
  readonly issuerName: string
  /** By an issuer that checks nothing. */
  readonly demo: boolean
  /** The key that signed it, as the issuer's metadata listed it then; standing.ts finds it in what is published now. */
  readonly issuerKey: IssuerKey
}

const heldShape = z.strictObject({
  version: z.literal(1),
  credential: z.unknown().transform(parseCredential),
  schema: z.unknown().transform(parseSchema),
  holderBlinding: fieldShape,
  deviceKeys: z.array(fieldShape).min(1).max(MAX_DEVICE_KEYS),
  deviceKeysSalt: fieldShape,
  issuerName: z.string().min(1).max(120),
  demo: z.boolean(),
  // Not strict: earlier versions sealed a revocation root here, which the status list has taken over.
  issuerKey: z.object({
    keyId: z.string().min(1).max(64),
    point: z.tuple([fieldShape, fieldShape]).refine((point) => isIssuerKey(point)),
    notBefore: dayShape.transform(toDay),
    notAfter: dayShape.transform(toDay),
  }),
})

/** Parses what a sealed record held. Throws `credential_corrupt`, or what the parsers of its parts throw. */
export function parseHeldCredential(value: unknown): HeldCredential {
  const { version: _, ...held } = parse(heldShape, value, 'credential_corrupt')
  return held
}

/** The JSON form that is sealed; inverse of {@link parseHeldCredential}. */
export function serializeHeldCredential(held: HeldCredential) {
  const { point, ...issuerKey } = held.issuerKey
  return {
    version: 1,
    credential: serializeCredential(held.credential),
    schema: held.schema,
    holderBlinding: encodeField(held.holderBlinding),
    deviceKeys: held.deviceKeys.map(encodeField),
    deviceKeysSalt: encodeField(held.deviceKeysSalt),
    issuerName: held.issuerName,
    demo: held.demo,
    issuerKey: { ...issuerKey, point: point.map(encodeField) },
  }
}
