import { beforeAll, describe, expect, test } from 'vitest'
import { FIELD_ORDER, toField } from '../../src/protocol/field.ts'
import { JUBJUB_SUBGROUP_ORDER, type JubjubPoint, verifyIssuerSignature } from '../../src/protocol/issuer-signature.ts'
import { affine, Point, smallOrderPoints, testPublicKey, testSign } from './baby-jubjub.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { expectProvable, expectUnprovable } from './expectations.ts'
import { acceptedCase, caseCredentialHash, ISSUER_SEED, type PresentCase, presentInputs } from './present-case.ts'

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('present-v1')
})

const MESSAGE = caseCredentialHash(acceptedCase())
const KEY = testPublicKey(ISSUER_SEED)
const SIGNATURE = testSign(ISSUER_SEED, MESSAGE)
const OFF_CURVE: JubjubPoint = [toField(1), toField(2)]
const ORDER = JUBJUB_SUBGROUP_ORDER

/** The circuit refuses, and so does the protocol's verifier of the same equation. */
async function refuses(forgery: Pick<PresentCase, 'signature' | 'issuerKey'>, check: RegExp): Promise<void> {
  const given = acceptedCase(forgery)
  await expectUnprovable(circuit, presentInputs(given), check)
  expect(verifyIssuerSignature(given.issuerKey ?? KEY, MESSAGE, given.signature ?? SIGNATURE)).toBe(false)
}

const [identity, ...torsion] = smallOrderPoints()

test('a signature by the reference implementation is accepted', async () => {
  await expectProvable(circuit, presentInputs(acceptedCase()))
  expect(verifyIssuerSignature(KEY, MESSAGE, SIGNATURE)).toBe(true)
})

describe('the scalar', () => {
  test.each([1n, 2n, 3n, 4n])('S + %i l is another spelling of S', (k) =>
    refuses(
      { signature: { ...SIGNATURE, s: SIGNATURE.s + k * ORDER } },
      /^IssuerSignature\.EdDSAPoseidonVerifier\.(snum2bits|compConstant)/,
    ),
  )
  test.each([
    ['S + 1', SIGNATURE.s + 1n],
    ['S - 1', SIGNATURE.s - 1n],
    ['-S', ORDER - SIGNATURE.s],
    ['0', 0n],
    ['l', ORDER],
    ['l - 1', ORDER - 1n],
    ['2^253 - 1', 2n ** 253n - 1n],
    ['2^253', 2n ** 253n],
    ['the greatest field element', FIELD_ORDER - 1n],
  ])('%s', (_, s) => refuses({ signature: { ...SIGNATURE, s } }, /^(IssuerSignature|signatureS)/))
})

describe('the point R8', () => {
  const points: [string, JubjubPoint][] = [
    ['off the curve', OFF_CURVE],
    ['the origin', [toField(0), toField(0)]],
    ['x negated', [toField(FIELD_ORDER - SIGNATURE.r8[0]), SIGNATURE.r8[1]]],
    ['coordinates swapped', [SIGNATURE.r8[1], SIGNATURE.r8[0]]],
    ['the identity', identity ?? KEY],
    ...torsion.map((point, index): [string, JubjubPoint] => [`of small order, ${index + 1}`, point]),
    ...torsion.map((point, index): [string, JubjubPoint] => [
      `with a part of small order, ${index + 1}`,
      plus(SIGNATURE.r8, point),
    ]),
  ]
  test.each(points)('%s', (_, r8) => refuses({ signature: { ...SIGNATURE, r8 } }, /^(IssuerSignature|signatureR8)/))
})

describe('the key', () => {
  const keys: [string, JubjubPoint][] = [
    ['another', testPublicKey(8)],
    ['off the curve', OFF_CURVE],
    ['the origin', [toField(0), toField(0)]],
    ['x negated', [toField(FIELD_ORDER - KEY[0]), KEY[1]]],
    ...torsion.map((point, index): [string, JubjubPoint] => [
      `with a part of small order, ${index + 1}`,
      plus(KEY, point),
    ]),
  ]
  test.each(keys)('%s', (_, issuerKey) => refuses({ issuerKey, signature: SIGNATURE }, /^(IssuerSignature|issuerKey)/))
})

describe('a key of small order, under which S·B = R8 holds for every message', () => {
  const s = 5n
  const r8 = affine(Point.BASE.multiply(s))
  test.each([identity ?? KEY, ...torsion])('%s', (x, y) =>
    refuses({ issuerKey: [x, y], signature: { r8, s } }, /^IssuerSignature\.EdDSAPoseidonVerifier\.isZero\.inv$/),
  )
})

test.each([
  ['the key', { issuerKey: OFF_CURVE, signature: SIGNATURE }],
  ['R8', { signature: { ...SIGNATURE, r8: OFF_CURVE } }],
])('%s off the curve fails the equation of the curve, whatever else fails', async (_, forgery) => {
  const broken = circuit.system.violated(await circuit.forge(presentInputs(acceptedCase(forgery))))
  const ofCurve = broken.filter((row) =>
    circuit.system
      .wiresOf(row)
      .every((wire) => wire === 0 || /^IssuerSignature\.BabyCheck\./.test(circuit.names[wire] ?? '')),
  )
  expect(ofCurve).toHaveLength(1)
})

function plus(left: JubjubPoint, right: JubjubPoint): JubjubPoint {
  const [a, b] = [left, right].map(([x, y]) => Point.fromAffine({ x, y }))
  return affine((a ?? Point.ZERO).add(b ?? Point.ZERO))
}
