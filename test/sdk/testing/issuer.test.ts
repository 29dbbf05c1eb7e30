import { expect, it } from 'vitest'
import { createTestIssuer, createTestPerson, PERSON_SCHEMA } from '../../../sdk/testing.ts'
import personSchema from '../../../server/issuer/schemas/person.json' with { type: 'json' }
import { credentialFields, credentialHash } from '../../../src/protocol/credential.ts'
import { randomField, toField } from '../../../src/protocol/field.ts'
import { isIssuerKey, verifyIssuerSignature } from '../../../src/protocol/issuer-signature.ts'
import { parseSchema, schemaHash } from '../../../src/protocol/schema.ts'

it('signs as the circuit checks it, each message by itself', () => {
  const { key, sign } = createTestIssuer()
  expect(isIssuerKey(key.point)).toBe(true)
  const message = randomField()
  const signature = sign(message)
  expect(verifyIssuerSignature(key.point, message, signature)).toBe(true)
  expect(verifyIssuerSignature(key.point, toField(message ^ 1n), signature)).toBe(false)
  expect(verifyIssuerSignature(createTestIssuer().key.point, message, signature)).toBe(false)
})

it('gives a person a credential that is signed over its claims', () => {
  const issuer = createTestIssuer()
  const { credential, schema } = createTestPerson({ issuer, claims: { nationality: 'SE' } }).held
  const { signature, ...unsigned } = credential
  const message = credentialHash(credentialFields(schema, unsigned))
  expect(verifyIssuerSignature(issuer.key.point, message, signature)).toBe(true)
  expect(credential.claims).toMatchObject({ givenName: 'Ada', nationality: 'SE' })
})

it('knows the Person schema that is published', () => {
  expect(schemaHash(PERSON_SCHEMA)).toBe(schemaHash(parseSchema(personSchema)))
})
