import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { randomBytes } from '../../src/protocol/bytes.ts'
import { FIELD_ORDER, type FieldElement, randomField } from '../../src/protocol/field.ts'
import { decodeProof, encodeProof } from '../../src/protocol/proof.ts'
import { loadVerificationKey } from '../../src/verifier/verification-key.ts'
import { type ProofStatus, verifyProof } from '../../src/verifier/verify-proof.ts'
import { verifyProofs } from '../../src/verifier/verify-proofs.ts'
import { makeTrapdoor, simulateProof, verificationKeyJson } from '../fixtures/simulated-key-set.ts'
import { pointOutsideG2 } from '../fixtures/twist-point.ts'
import { createNobleVerifier, readKeyPoints } from './noble-verifier.ts'

const trapdoor = makeTrapdoor('login-v1')
const json = verificationKeyJson(trapdoor)
const key = await loadVerificationKey(json, { circuit: 'login-v1' })
const noble = createNobleVerifier(readKeyPoints(json))
const pool = Array.from({ length: 20 }, () => {
  const signals = Array.from({ length: 5 }, () => randomField())
  return { signals, proof: simulateProof(trapdoor, signals) }
})

type Case = { readonly signals: readonly FieldElement[]; readonly proof: Uint8Array }

const sound = fc.constantFrom(...pool)
const place = fc.nat({ max: 127 })
const signalPlace = fc.nat({ max: 4 })
// Out of range on purpose: the type is what the verifier must not rely on.
const alias = fc.constantFrom(-1n, FIELD_ORDER, 2n ** 256n).map((value) => value as FieldElement)

function withProof(item: Case, change: (bytes: Uint8Array) => void): Case {
  const proof = Uint8Array.from(item.proof)
  change(proof)
  return { ...item, proof }
}

/** Proofs as they should be and everything near them; the weights keep the slower verifier's work in bounds. */
const anyCase: fc.Arbitrary<Case> = fc.oneof(
  { weight: 3, arbitrary: sound },
  // The proof of other signals.
  { weight: 2, arbitrary: fc.tuple(sound, sound).map(([a, b]) => ({ ...a, proof: b.proof })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(sound, signalPlace)
      .map(([item, at]) => ({ ...item, signals: item.signals.with(at, randomField()) })),
  },
  // Signals that are none.
  {
    weight: 2,
    arbitrary: fc.tuple(sound, signalPlace, alias).map(([item, at, value]) => ({
      ...item,
      signals: item.signals.with(at, value),
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(sound, fc.nat({ max: 4 }))
      .map(([item, count]) => ({ ...item, signals: item.signals.slice(0, count) })),
  },
  // A bit, a byte, a sign, a length.
  {
    weight: 8,
    arbitrary: fc.tuple(sound, place, fc.nat({ max: 7 })).map(([item, at, bit]) =>
      withProof(item, (bytes) => {
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
      }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(sound, fc.constantFrom(0, 32, 96), fc.nat({ max: 255 })).map(([item, at, byte]) =>
      withProof(item, (bytes) => {
        bytes[at] = byte
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(sound, place).map(([item, length]) => ({ ...item, proof: item.proof.slice(0, length) })),
  },
  // A part of another proof; nothing but noise; zeros.
  {
    weight: 2,
    arbitrary: fc
      .tuple(sound, sound, fc.constantFrom([0, 32], [32, 96], [96, 128]))
      .map(([item, other, [from, to]]) => withProof(item, (bytes) => bytes.set(other.proof.subarray(from, to), from))),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(sound, fc.uint8Array({ minLength: 128, maxLength: 128 })).map(([item, noise]) => ({
      ...item,
      proof: noise.map((byte, index) => ([0, 32, 96].includes(index) ? (byte & 0x5f) | 0x80 : byte)),
    })),
  },
  // On the twist, and not in G2.
  {
    weight: 1,
    arbitrary: sound.map((item) => {
      const { a, c } = decodeProof(item.proof)
      const { x, y } = pointOutsideG2()
      return { ...item, proof: encodeProof({ a, b: [x, y], c }) }
    }),
  },
)

it('agree on more than 500 proofs, one by one and together', () => {
  const seed = 0x51f7
  const cases = fc.sample(anyCase, { seed, numRuns: 520 })
  const expected = cases.map(({ signals, proof }) => noble.verify(signals, proof))
  expect(cases.map(({ signals, proof }) => verifyProof(key, signals, proof))).toEqual(expected)
  const items = cases.map((each) => ({ key, ...each }))
  for (let from = 0; from < items.length; from += 64) {
    const statuses = verifyProofs(items.slice(from, from + 64), { randomBytes })
    expect(statuses).toEqual(expected.slice(from, from + 64))
  }
  const counts = Map.groupBy(expected, (status) => status)
  const seen = (status: ProofStatus): number => counts.get(status)?.length ?? 0
  process.stdout.write(
    `two verifiers: seed ${seed}, ${[...counts].map(([status, all]) => `${all.length} ${status}`)}\n`,
  )
  for (const status of ['VALID', 'PROOF_INVALID', 'SIGNALS_INVALID', 'PROOF_MALFORMED'] as const) {
    expect(seen(status), status).toBeGreaterThan(30)
  }
})
