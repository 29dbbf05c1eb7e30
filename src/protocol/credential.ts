import { z } from 'zod'
import { type Claims, encodeClaims } from './claim.ts'
import { type Day, toDay } from './day.ts'
import { encodeField, type FieldElement, toField } from './field.ts'
import { type IssuerSignature, JUBJUB_SUBGROUP_ORDER } from './issuer-signature.ts'
import type { Origin } from './origin.ts'
import { base64urlOf, dayShape, fieldShape, originShape, parse } from './parse.ts'
import { poseidonClaims, poseidonTagged } from './poseidon.ts'
import { claimNameShape, type Schema, schemaField } from './schema.ts'
import { revocationIdShape } from './status-list.ts'

/** A credential as its issuer signed it. What only the holder knows (β, σ, which keys) is kept beside it. */
export type Credential = {
  readonly version: 1
  readonly issuer: Origin
  /** Which of the issuer's published keys signed. */
  readonly keyId: string
  /** {@link schemaHash} of its schema. */
  readonly schema: string
  readonly claims: Claims
  /** hc, blinded. */
  readonly holderCommitment: FieldElement
  /** D, salted. */
  readonly deviceKeysCommitment: FieldElement
  readonly validFrom: Day
  /** The last day on which it is valid. */
  readonly validUntil: Day
  readonly issuedAt: Day
  /** Its place in the issuer's status list (status-list.ts). */
  readonly revocationId: number
  readonly signature: IssuerSignature
}

/** What is signed: everything but issuer, key and signature, with the claims encoded. */
export type CredentialFields = {
  readonly schema: FieldElement
  readonly claims: readonly FieldElement[]
  readonly presenceMask: number
  readonly holderCommitment: FieldElement
  readonly deviceKeysCommitment: FieldElement
  readonly validFrom: Day
  readonly validUntil: Day
  readonly issuedAt: Day
  readonly revocationId: number
}

/** The signed fields of a credential under its schema. Throws as {@link encodeClaims}. */
export function credentialFields(schema: Schema, credential: Omit<Credential, 'signature'>): CredentialFields {
  const { slots, mask } = encodeClaims(schema, credential.claims)
  return {
    schema: schemaField(schema),
    claims: slots,
    presenceMask: mask,
    holderCommitment: credential.holderCommitment,
    deviceKeysCommitment: credential.deviceKeysCommitment,
    validFrom: credential.validFrom,
    validUntil: credential.validUntil,
    issuedAt: credential.issuedAt,
    revocationId: credential.revocationId,
  }
}

/** cred = P(CRED, schema, P16(claims), mask, hc, D, from, until, issuedAt, revId): the message the issuer signs. */
export function credentialHash(fields: CredentialFields): FieldElement {
  return poseidonTagged('CRED', [
    fields.schema,
    poseidonClaims(fields.claims),
    toField(fields.presenceMask),
    fields.holderCommitment,
    fields.deviceKeysCommitment,
    toField(fields.validFrom),
    toField(fields.validUntil),
    toField(fields.issuedAt),
    toField(fields.revocationId),
  ])
}

/**
 * Claims by name, before a schema says of which type each is. A member `__proto__` is refused by itself: the record would
 * leave it out without a word, and what was sent would not be what was read.
 */
export const claimsShape = z
  .unknown()
  .refine((value) => typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__'))
  .pipe(z.record(claimNameShape, z.union([z.string().max(1024), z.number(), z.boolean()])))

const scalarShape = fieldShape.refine((s) => s < JUBJUB_SUBGROUP_ORDER)

const credentialShape = z.strictObject({
  version: z.literal(1),
  issuer: originShape,
  keyId: z.string().min(1).max(64),
  schema: base64urlOf(32),
  claims: claimsShape,
  holderCommitment: fieldShape,
  deviceKeysCommitment: fieldShape,
  validFrom: dayShape.transform(toDay),
  validUntil: dayShape.transform(toDay),
  issuedAt: dayShape.transform(toDay),
  revocationId: revocationIdShape,
  signature: z.strictObject({ r8: z.tuple([fieldShape, fieldShape]), s: scalarShape }),
})

/** Parses the JSON form. Throws `credential_invalid`. */
export function parseCredential(value: unknown): Credential {
  return parse(credentialShape, value, 'credential_invalid')
}

/** The JSON form: field elements and S as base64url of 32 big-endian bytes. Inverse of {@link parseCredential}. */
export function serializeCredential(credential: Credential) {
  const { holderCommitment, deviceKeysCommitment, signature, ...plain } = credential
  return {
    ...plain,
    holderCommitment: encodeField(holderCommitment),
    deviceKeysCommitment: encodeField(deviceKeysCommitment),
    signature: { r8: signature.r8.map(encodeField), s: encodeField(toField(signature.s)) },
  }
}
