import { describe, expect, test } from 'vitest'
import type { CircuitId } from '../../src/protocol/signals.ts'
import type { WitnessInputs } from '../../src/prover/witness.ts'
import { loadCircuit } from './circuit.ts'
import { modulo } from './constraint-system.ts'
import { expectProvable } from './expectations.ts'
import { acceptedCase, HASHED_NAME, NOOP, presentInputs, SLOTS } from './present-case.ts'

/** Other values to try for a wire. */
const MUTATIONS: readonly ((value: bigint) => bigint)[] = [
  (value) => value + 1n,
  (value) => -value,
  (value) => value + 2n ** 251n + 7n,
  (value) => (value === 0n ? 5n : 0n),
  (value) => 2n * value + 3n,
]

/** Wires that may change alone, and why nothing follows from it. Anything else that survives is an error. */
const SURVIVORS: Record<CircuitId, readonly { signal: RegExp; reason: string }[]> = {
  'issue-v1': [{ signal: /^context$/, reason: 'c and −c have one square; a proof holds the public input itself' }],
  'login-v1': [{ signal: /^context$/, reason: 'c and −c have one square; a proof holds the public input itself' }],
  'present-v1': [
    {
      signal: /^IssuerSignature\.EdDSAPoseidonVerifier\.eqCheck[XY]\.isz\.inv$/,
      reason: 'the hint for an inverse of 0, which these differences always are; the verdict does not depend on it',
    },
    {
      signal: /^Predicate\[\d\]\.EqualityCheck\.IsEqual\.isz\.inv$/,
      reason: 'the hint for an inverse of 0, where claim and operand are equal; the verdict does not depend on it',
    },
    {
      signal: /^Predicate\[\d\]\.RangeCheck\.above$/,
      reason: 'where 2v = low + high both sides give one number; either bit may be claimed',
    },
  ],
}

const WITNESSES: Record<CircuitId, readonly WitnessInputs[]> = {
  'issue-v1': [{ context: 1n, issuerScope: 2n, holderSecret: 3n, holderBlinding: 4n }],
  'login-v1': [{ context: 1n, scope: 2n, holderSecret: 3n, deviceKey: 4n, deviceSalt: 5n }],
  'present-v1': [
    presentInputs(acceptedCase()),
    // Every mode, and zeros where a product could hide a change.
    presentInputs(
      acceptedCase({
        kind: 3n,
        questions: [
          { slot: SLOTS.birthDate, mode: 1n, negate: 1n, low: 1n, high: 2n },
          { slot: SLOTS.name, mode: 2n, negate: 0n, low: HASHED_NAME, high: 0n },
          { slot: SLOTS.absent, mode: 4n, negate: 0n, low: 0n, high: 0n },
          { slot: SLOTS.name, mode: 5n, negate: 0n, low: 0n, high: 0n },
        ],
      }),
    ),
    presentInputs(
      acceptedCase({
        claims: acceptedCase().claims.map(() => 0n),
        presenceMask: 0n,
        revocationId: 0n,
        questions: [NOOP, NOOP, NOOP, NOOP],
      }),
    ),
  ],
}

describe.each(Object.keys(WITNESSES) as CircuitId[])('%s', (id) => {
  test('no wire but the reviewed ones can change alone', async () => {
    const circuit = await loadCircuit(id)
    const survivors = new Set<string>()
    for (const inputs of WITNESSES[id]) {
      const evaluated = circuit.system.evaluate(await expectProvable(circuit, inputs))
      for (const [wire, value] of evaluated.witness.entries()) {
        if (wire === 0) continue
        const forged = MUTATIONS.map((mutate) => modulo(mutate(value))).filter((other) => other !== value)
        expect(forged.length).toBeGreaterThan(2)
        if (forged.some((other) => circuit.system.brokenBy(evaluated, new Map([[wire, other]])).length === 0)) {
          survivors.add(circuit.names[wire] ?? '')
        }
      }
    }
    const unexplained = [...survivors].filter((name) => !SURVIVORS[id].some(({ signal }) => signal.test(name)))
    expect(unexplained).toEqual([])
    // A reason that no longer explains anything is taken out of the list.
    for (const { signal, reason } of SURVIVORS[id]) {
      expect(
        [...survivors].some((name) => signal.test(name)),
        `${signal}: ${reason}`,
      ).toBe(true)
    }
  })
})
