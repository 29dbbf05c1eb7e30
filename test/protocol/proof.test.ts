import { bn254 } from '@noble/curves/bn254.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeProof, encodeProof, type Proof } from '../../src/protocol/proof.ts'
import { codeOf } from '../expect-code.ts'

const Q = bn254.fields.Fp.ORDER

function proofOf(a: bigint, b: bigint, c: bigint): Proof {
  const [g1a, g2, g1c] = [
    bn254.G1.Point.BASE.multiply(a),
    bn254.G2.Point.BASE.multiply(b),
    bn254.G1.Point.BASE.multiply(c),
  ]
  const { x, y } = g2.toAffine()
  const [pa, pc] = [g1a.toAffine(), g1c.toAffine()]
  return {
    a: [pa.x, pa.y],
    b: [
      [x.c0, x.c1],
      [y.c0, y.c1],
    ],
    c: [pc.x, pc.y],
  }
}

const scalar = fc.bigInt({ min: 1n, max: bn254.fields.Fr.ORDER - 1n })

test('decode is the inverse of encode, for either sign of each point', () => {
  fc.assert(
    fc.property(scalar, scalar, scalar, (a, b, c) => {
      const proof = proofOf(a, b, c)
      expect(decodeProof(encodeProof(proof))).toEqual(proof)
      const negated: Proof = { ...proof, a: [proof.a[0], Q - proof.a[1]] }
      expect(decodeProof(encodeProof(negated))).toEqual(negated)
    }),
    { numRuns: 25 },
  )
})

const honest = encodeProof(proofOf(11n, 12n, 13n))

function changed(change: (bytes: Uint8Array) => void): Uint8Array {
  const bytes = Uint8Array.from(honest)
  change(bytes)
  return bytes
}

test('another length is refused', () => {
  expect(codeOf(() => decodeProof(honest.subarray(1)))).toBe('proof_length')
  expect(codeOf(() => decodeProof(Uint8Array.from([...honest, 0])))).toBe('proof_length')
})

test.each([0, 32, 96])('a point at %d without its flag is refused, which includes infinity', (offset) => {
  expect(codeOf(() => decodeProof(changed((bytes) => bytes.set([(bytes[offset] ?? 0) & 0x3f], offset))))).toBe(
    'proof_encoding',
  )
  expect(codeOf(() => decodeProof(changed((bytes) => bytes.fill(0, offset, offset + 32))))).toBe('proof_encoding')
})

test.each([0, 32, 96])('a coordinate x + q at %d is refused', (offset) => {
  const larger = changed((bytes) => {
    bytes.fill(0xff, offset, offset + 32)
    bytes[offset] = 0xbf
  })
  expect(codeOf(() => decodeProof(larger))).toBe('proof_encoding')
})

test('an x-coordinate off the curve is refused', () => {
  const outcomes = Array.from({ length: 64 }, (_, i) =>
    codeOf(() =>
      decodeProof(
        changed((bytes) => {
          bytes[31] = i
        }),
      ),
    ),
  )
  expect(outcomes).toContain('proof_not_on_curve')
  expect(new Set(outcomes)).toEqual(new Set([undefined, 'proof_not_on_curve']))
})
