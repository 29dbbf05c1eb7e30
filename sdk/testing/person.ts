import type { Claims } from '../../src/protocol/claim.ts'
import { credentialFields, credentialHash } from '../../src/protocol/credential.ts'
import { type Day, dayOf, toDay } from '../../src/protocol/day.ts'
import { deviceKeysCommitment } from '../../src/protocol/device.ts'
import { type FieldElement, randomField } from '../../src/protocol/field.ts'
import { holderCommitment } from '../../src/protocol/holder.ts'
import { type Schema, schemaHash } from '../../src/protocol/schema.ts'
import type { HeldCredential } from '../../src/wallet/held-credential.ts'
import type { TestIssuer } from './issuer.ts'
import { PERSON_SCHEMA } from './person-schema.ts'

/** Somebody with one authenticator and one credential. */
export type TestPerson = {
  readonly holderSecret: FieldElement
  /** q̂ of the authenticator. */
  readonly deviceKey: FieldElement
  readonly issuer: TestIssuer
  readonly held: HeldCredential
}

export type TestPersonOptions = {
  readonly issuer: TestIssuer
  /** The schema of the credential; the Person schema unless given. */
  readonly schema?: Schema
  /** Over those of Ada Example, born on 1990-05-17, of Finland, living in France; with another schema, all of them. */
  readonly claims?: Claims
  /** By which the life of the credential is counted; now unless given. */
  readonly now?: Date
  /** From a hundred days before `now` to a thousand after, unless given. */
  readonly validFrom?: Day
  readonly validUntil?: Day
  /** The first day of its life unless given. */
  readonly issuedAt?: Day
  /** Random unless given, so that one person can hold two credentials or two authenticators. */
  readonly holderSecret?: FieldElement
  readonly deviceKey?: FieldElement
  /** Where it stands in its issuer's status list: give people different ones to revoke one of them. */
  readonly revocationId?: number
}

const ADA: Claims = {
  givenName: 'Ada',
  familyName: 'Example',
  birthDate: '1990-05-17',
  nationality: 'FI',
  residence: 'FR',
  documentNumber: 'X-1234567',
}

/** A person whose credential is signed by `issuer` over exactly these claims. */
export function createTestPerson({
  issuer,
  schema = PERSON_SCHEMA,
  claims = {},
  now = new Date(),
  validFrom = toDay(dayOf(now) - 100),
  validUntil = toDay(dayOf(now) + 1000),
  issuedAt = validFrom,
  holderSecret = randomField(),
  deviceKey = randomField(),
  revocationId = 7,
}: TestPersonOptions): TestPerson {
  const holderBlinding = randomField()
  const deviceKeysSalt = randomField()
  const unsigned = {
    version: 1,
    issuer: issuer.metadata.origin,
    keyId: issuer.key.keyId,
    schema: schemaHash(schema),
    claims: schema === PERSON_SCHEMA ? { ...ADA, ...claims } : claims,
    holderCommitment: holderCommitment(holderSecret, holderBlinding),
    deviceKeysCommitment: deviceKeysCommitment([deviceKey], deviceKeysSalt),
    validFrom,
    validUntil,
    issuedAt,
    revocationId,
  } as const
  const signature = issuer.sign(credentialHash(credentialFields(schema, unsigned)))
  return {
    holderSecret,
    deviceKey,
    issuer,
    held: {
      credential: { ...unsigned, signature },
      schema,
      holderBlinding,
      deviceKeys: [deviceKey],
      deviceKeysSalt,
      issuerName: issuer.metadata.name,
      demo: issuer.metadata.demo,
      issuerKey: issuer.key,
    },
  }
}
