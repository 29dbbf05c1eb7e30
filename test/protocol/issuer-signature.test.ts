import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { FIELD_ORDER, type FieldElement, toField } from '../../src/protocol/field.ts'
import {
  isIssuerKey,
  JUBJUB_SUBGROUP_ORDER,
  type JubjubPoint,
  verifyIssuerSignature,
} from '../../src/protocol/issuer-signature.ts'

// The package's ES build does not load in Node; its CommonJS build does.
const eddsa: {
  derivePublicKey(secret: Buffer): JubjubPoint
  signMessage(secret: Buffer, message: bigint): { R8: JubjubPoint; S: bigint }
} = createRequire(import.meta.url)('@zk-kit/eddsa-poseidon/blake-1')

const secret = Buffer.alloc(32, 7)
const key = eddsa.derivePublicKey(secret)
const message = toField(1234)
const { R8: r8, S: s } = eddsa.signMessage(secret, message)
const negated = (x: FieldElement) => toField(FIELD_ORDER - x)

test('a signature by an independent implementation verifies', () => {
  for (let i = 0; i < 20; i++) {
    const m = toField(BigInt(i) ** 17n)
    const signed = eddsa.signMessage(Buffer.alloc(32, i + 1), m)
    expect(
      verifyIssuerSignature(eddsa.derivePublicKey(Buffer.alloc(32, i + 1)), m, { r8: signed.R8, s: signed.S }),
    ).toBe(true)
  }
})

test.each([
  ['another message', key, toField(1235), r8, s],
  ['S + l', key, message, r8, s + JUBJUB_SUBGROUP_ORDER],
  ['S − l', key, message, r8, s - JUBJUB_SUBGROUP_ORDER],
  ['S + 1', key, message, r8, s + 1n],
  ['R8 off the curve', key, message, [toField(1), toField(2)], s],
  ['R8 plus the point of order two', key, message, [negated(r8[0]), negated(r8[1])], s],
  ['the identity as key and R8, S = 0', [toField(0), toField(1)], message, [toField(0), toField(1)], 0n],
  ['the point of order two as key', [toField(0), toField(FIELD_ORDER - 1n)], message, r8, s],
  ['the key plus the point of order two', [negated(key[0]), negated(key[1])], message, r8, s],
  ['a key off the curve', [toField(1), toField(2)], message, r8, s],
] as const)('%s is refused', (_, a, m, r, scalar) => {
  expect(verifyIssuerSignature(a, m, { r8: r, s: scalar })).toBe(false)
})

test('keys must generate the subgroup', () => {
  expect(isIssuerKey(key)).toBe(true)
  expect(isIssuerKey([toField(0), toField(1)])).toBe(false)
  expect(isIssuerKey([negated(key[0]), negated(key[1])])).toBe(false)
  expect(isIssuerKey([toField(1), toField(2)])).toBe(false)
})
