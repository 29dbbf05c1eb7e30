import { describe, expect, test } from 'vitest'
import { parseDay } from '../../src/protocol/day.ts'
import { toField } from '../../src/protocol/field.ts'
import type { CircuitId } from '../../src/protocol/signals.ts'
import type { WitnessInputs } from '../../src/prover/witness.ts'
import { testPublicKey, testSign } from './baby-jubjub.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { expectBroken, expectProvable, withWires } from './expectations.ts'
import { acceptedGroupCase, groupInputs } from './group-case.ts'
import { acceptedCase, caseCredentialHash, day, NOOP, presentInputs, type Question, SLOTS } from './present-case.ts'

/*
 * Two honest witnesses with different inputs, and forgeries that take one part of the circuit from the one and all else
 * from the other: each part is coherent in itself, so what refuses it is only the wiring between the parts.
 */

const LEFT_QUESTIONS: readonly Question[] = [
  { slot: SLOTS.name, mode: 5n, negate: 0n, low: 0n, high: 0n },
  { slot: SLOTS.birthDate, mode: 5n, negate: 0n, low: 0n, high: 0n },
  { slot: SLOTS.birthDate, mode: 1n, negate: 0n, low: 0n, high: day('2008-01-10') },
  { slot: SLOTS.zero, mode: 2n, negate: 1n, low: 9n, high: 0n },
]
const RIGHT_QUESTIONS: readonly Question[] = [
  { ...NOOP, slot: 15n, low: 1n, high: 2n },
  { slot: SLOTS.absent, mode: 4n, negate: 0n, low: 0n, high: 3n },
  { slot: SLOTS.largest, mode: 5n, negate: 0n, low: 4n, high: 0n },
  { slot: SLOTS.birthDate, mode: 3n, negate: 0n, low: 0n, high: 5n },
]

/** Differs from {@link acceptedCase} in every input. */
const RIGHT_CASE = acceptedCase({
  context: toField(8001),
  walletNonce: toField(8002),
  today: BigInt(parseDay('2026-02-02')),
  issuedBefore: BigInt(parseDay('2026-02-01')),
  kind: 2n,
  scope: toField(8003),
  holderSecret: 8004n,
  holderBlinding: toField(8005),
  claims: acceptedCase().claims.map((claim) => claim + 1n),
  presenceMask: 0xff5fn,
  validFrom: day('2025-06-01'),
  validUntil: day('2028-01-01'),
  issuedAt: day('2025-05-01'),
  revocationId: 1_000_006n,
  deviceKeys: [8007n, 8008n, 8009n, 8010n],
  deviceSelector: [0n, 0n, 1n, 0n],
  deviceKeysSalt: toField(8011),
  deviceSalt: toField(8012),
  revoked: [1_000_007, 1_000_005, 256],
  otherIssuers: [toField(8013), toField(8015), toField(8016), toField(8017), toField(8018)],
  keyNotBefore: day('2025-01-01'),
  keyNotAfter: day('2027-12-31'),
  schema: toField(8014),
  questions: RIGHT_QUESTIONS,
  set: [3n, day('2000-06-16'), 8019n],
})

const PAIRS: Record<CircuitId, [WitnessInputs, WitnessInputs]> = {
  'issue-v1': [
    { context: 1n, issuerScope: 2n, holderSecret: 3n, holderBlinding: 4n },
    { context: 5n, issuerScope: 6n, holderSecret: 7n, holderBlinding: 8n },
  ],
  'login-v1': [
    { context: 1n, scope: 2n, holderSecret: 3n, deviceKey: 4n, deviceSalt: 5n },
    { context: 6n, scope: 7n, holderSecret: 8n, deviceKey: 9n, deviceSalt: 10n },
  ],
  'group-v1': [
    groupInputs(acceptedGroupCase()),
    groupInputs({
      ...acceptedGroupCase({ context: toField(8101), walletNonce: toField(8102), kind: 2n, scope: toField(8103) }),
      ...{ holderSecret: 8104n, groupId: toField(8105), before: [toField(8106)], after: manyMembers() },
    }),
  ],
  'present-v1': [
    presentInputs(acceptedCase({ questions: LEFT_QUESTIONS })),
    presentInputs({
      ...RIGHT_CASE,
      issuerKey: testPublicKey(8),
      signature: testSign(8, caseCredentialHash(RIGHT_CASE)),
    }),
  ],
}

describe.each(Object.keys(PAIRS) as CircuitId[])('%s', (id) => {
  test('holds no part of another witness', async () => {
    const circuit = await loadCircuit(id)
    const [left, right] = await Promise.all(PAIRS[id].map((inputs) => expectProvable(circuit, inputs)))
    if (!left || !right) throw new Error('two witnesses')
    const parts = partsOf(circuit)
    for (const [part, wires] of parts) {
      for (const [from, to] of [
        [left, right],
        [right, left],
      ] as const) {
        const changes = new Map(wires.map((wire) => [wire, from[wire] ?? 0n]))
        expect(
          wires.some((wire) => from[wire] !== to[wire]),
          `${part} differs`,
        ).toBe(true)
        expectBroken(circuit, withWires(to, changes))
      }
    }
    expect(parts.size).toBeGreaterThan(5)
  })
})

/** So many that the paths differ on every level. */
function manyMembers() {
  return Array.from({ length: 300 }, (_, member) => toField(8200 + member))
}

/** Wires by component of the main template, with all inside it, or by signal of the main template, an array whole. */
function partsOf(circuit: Circuit): Map<string, number[]> {
  const parts = new Map<string, number[]>()
  for (let wire = 1; wire < circuit.system.r1cs.wires; wire++) {
    const name = circuit.names[wire] ?? ''
    const part = name.includes('.') ? name.slice(0, name.indexOf('.')) : name.replace(/\[\d+\]$/, '')
    parts.set(part, [...(parts.get(part) ?? []), wire])
  }
  return parts
}
