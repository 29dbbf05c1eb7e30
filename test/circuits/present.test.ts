import { beforeAll, describe, expect, test } from 'vitest'
import { FIELD_ORDER, toField } from '../../src/protocol/field.ts'
import { testPublicKey, testSign } from './baby-jubjub.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { expectProvable, expectUnprovable } from './expectations.ts'
import {
  acceptedCase,
  caseCredentialHash,
  day,
  ISSUER_SEED,
  type PresentCase,
  presentInputs,
  presentOutputs,
} from './present-case.ts'

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('present-v1')
})

const accepts = async (overrides: Partial<PresentCase>): Promise<void> => {
  await expectProvable(circuit, presentInputs(acceptedCase(overrides)))
}
const refuses = (overrides: Partial<PresentCase>, check: RegExp) =>
  expectUnprovable(circuit, presentInputs(acceptedCase(overrides)), check)

const MAX_DAY = 2n ** 32n - 1n
const TODAY = day('2026-01-10')
const ISSUED = day('2025-01-01')

describe('outputs agree with the protocol code', () => {
  test.each([1n, 2n, 3n, 4n])('kind %i', async (kind) => {
    const given = acceptedCase({ kind })
    const inputs = presentInputs(given)
    const witness = await expectProvable(circuit, inputs)
    const { context, walletNonce, today, issuedBefore, issuersRoot, queryHash, scope } = inputs
    expect(circuit.publicSignals(witness)).toEqual({
      ...presentOutputs(given),
      ...{ context, walletNonce, today, issuedBefore, issuersRoot, queryHash, kind, scope },
    })
  })

  test.each([0, 1, 2, 3])('device key in place %i', async (place) => {
    const deviceSelector = [0n, 0n, 0n, 0n].with(place, 1n)
    const given = acceptedCase({ deviceKeys: [4001n, 4002n, 4003n, 4004n], deviceSelector })
    const witness = await expectProvable(circuit, presentInputs(given))
    expect(circuit.publicSignals(witness)).toMatchObject(presentOutputs(given))
  })
})

describe('holder and device', () => {
  test('the secret is not 0', () => refuses({ holderSecret: 0n }, /^(holderSecret|NonZero)/))
  test.each([0n, 5n, 6n, FIELD_ORDER - 1n])('no kind %i', (kind) => refuses({ kind }, /^PresentationKind/))
  test('an empty place cannot be chosen', () => refuses({ deviceSelector: [0n, 0n, 1n, 0n] }, /^DeviceKeyChoice/))
  test('one key, not two', () => refuses({ deviceSelector: [1n, 1n, 0n, 0n] }, /^deviceSelector/))
  test('one key, not none', () => refuses({ deviceSelector: [0n, 0n, 0n, 0n] }, /^(deviceSelector|DeviceKeyChoice)/))
  test('a selector is a bit', () => refuses({ deviceSelector: [2n, FIELD_ORDER - 1n, 0n, 0n] }, /^deviceSelector/))
})

describe('validity', () => {
  test('the first day', () => accepts({ validFrom: TODAY }))
  test('the day before it', () => refuses({ validFrom: TODAY + 1n }, /^DayWithin/))
  test('the last day', () => accepts({ validUntil: TODAY }))
  test('the day after it', () => refuses({ validUntil: TODAY - 1n }, /^DayWithin/))
  test('from the least day to the greatest', () => accepts({ validFrom: 0n, validUntil: MAX_DAY }))
  test('no day beyond 32 bits', () => refuses({ validUntil: MAX_DAY + 1n }, /^DayWithin/))
  test('no day beyond 32 bits within 32 bits of today', () =>
    refuses({ today: TODAY, validUntil: 2n ** 32n + 5n }, /^DayWithin/))
  test('no day below 0', () => refuses({ validFrom: FIELD_ORDER - 1n }, /^DayWithin/))
  test('no field element that differs by 2^252', () => refuses({ validUntil: 2n ** 252n + TODAY }, /^DayWithin/))
  test('today beyond 32 bits', () => refuses({ today: MAX_DAY + 1n, validUntil: MAX_DAY }, /^DayWithin/))
})

describe('issuance', () => {
  test('on the last accepted day', () => accepts({ issuedBefore: ISSUED }))
  test('a day later', () => refuses({ issuedBefore: ISSUED - 1n }, /^DayOrder/))
  test('any day', () => accepts({ issuedBefore: MAX_DAY }))
  test('a limit beyond 32 bits', () => refuses({ issuedBefore: MAX_DAY + 1n }, /^Day\./))
  test("on the key's first day", () => accepts({ keyNotBefore: ISSUED }))
  test("before the key's first day", () => refuses({ keyNotBefore: ISSUED + 1n }, /^DayWithin/))
  test("on the key's last day", () => accepts({ keyNotAfter: ISSUED }))
  test("after the key's last day", () => refuses({ keyNotAfter: ISSUED - 1n }, /^DayWithin/))
})

describe('what the issuer signed', () => {
  const signed = testSign(ISSUER_SEED, caseCredentialHash(acceptedCase()))
  const changes: [string, Partial<PresentCase>][] = [
    ['schema', { schema: toField(6002) }],
    ['a claim', { claims: acceptedCase().claims.with(15, 1n) }],
    ['presence', { presenceMask: acceptedCase().presenceMask ^ 1n }],
    ['holder secret', { holderSecret: 2003n }],
    ['holder blinding', { holderBlinding: toField(2004) }],
    ['a device key', { deviceKeys: [4001n, 4005n, 0n, 0n] }],
    ['device salt', { deviceKeysSalt: toField(4006) }],
    ['valid from', { validFrom: day('2024-12-31') }],
    ['valid until', { validUntil: day('2027-01-02') }],
    ['issued at', { issuedAt: day('2025-01-02') }],
    ['revocation identifier', { revocationId: 3003n }],
  ]
  test.each(changes)('cannot be changed: %s', (_, change) =>
    refuses({ ...change, signature: signed }, /^IssuerSignature/),
  )
  test('cannot be signed by another key', () =>
    refuses({ issuerKey: testPublicKey(8), signature: signed }, /^IssuerSignature/))
})

describe('what the verifier asked', () => {
  const roots: [string, Partial<PresentCase>][] = [
    ['first day of the key', { keyNotBefore: day('2024-01-02') }],
    ['last day of the key', { keyNotAfter: day('2027-01-01') }],
  ]
  const { issuersRoot, queryHash } = presentInputs(acceptedCase())
  test.each(roots)('no other term of the key: %s', (_, change) => refuses({ ...change, issuersRoot }, /^IssuerSet/))
  test('no other schema', () => refuses({ schema: toField(6002), queryHash }, /^QueryHash/))
})
