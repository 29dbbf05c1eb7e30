import { expect, test } from 'vitest'
import { encodeField, toField } from '../../src/protocol/field.ts'
import { parseHeldCredential, serializeHeldCredential } from '../../src/wallet/held-credential.ts'
import { codeOf } from '../expect-code.ts'
import { makePerson } from '../fixtures/person.ts'

const { held } = makePerson()
const serialized = serializeHeldCredential(held)

test('what is sealed is read as it was', () => {
  expect(parseHeldCredential(JSON.parse(JSON.stringify(serialized)))).toEqual(held)
})

test('a revocation root that an earlier version sealed is left out', () => {
  const issuerKey = { ...serialized.issuerKey, revocationRoot: encodeField(toField(0)) }
  expect(parseHeldCredential({ ...serialized, issuerKey })).toEqual(held)
})

test('anything else is refused', () => {
  const { point: _, ...issuerKey } = serialized.issuerKey
  expect(codeOf(() => parseHeldCredential({ ...serialized, issuerKey }))).toBe('credential_corrupt')
  expect(codeOf(() => parseHeldCredential({ ...serialized, more: 1 }))).toBe('credential_corrupt')
})
