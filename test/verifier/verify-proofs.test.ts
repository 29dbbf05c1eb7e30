import { bn254 } from '@noble/curves/bn254.js'
import { concatBytes, numberToBytesLE } from '@noble/curves/utils.js'
import { describe, expect, it } from 'vitest'
import { readProof, verifyBatch } from '../../src/engine/pairing.ts'
import { randomBytes } from '../../src/protocol/bytes.ts'
import { FIELD_ORDER, type FieldElement, randomField, toField } from '../../src/protocol/field.ts'
import { signalBytes } from '../../src/verifier/signal-bytes.ts'
import { loadVerificationKey } from '../../src/verifier/verification-key.ts'
import { verifyProof } from '../../src/verifier/verify-proof.ts'
import { type ProofUnderKey, verifyProofs } from '../../src/verifier/verify-proofs.ts'
import { codeOf } from '../expect-code.ts'
import { makeTrapdoor, simulateProof, verificationKeyJson } from '../fixtures/simulated-key-set.ts'
import { encodePoints, type ProofPoints, readPoints } from './noble-verifier.ts'

const { G1 } = bn254
const { Fr } = bn254.fields

const login = await makeKey('login-v1')
const issue = await makeKey('issue-v1')

async function makeKey(circuit: 'login-v1' | 'issue-v1') {
  const trapdoor = makeTrapdoor(circuit)
  const key = await loadVerificationKey(verificationKeyJson(trapdoor), { circuit })
  const valid = (): ProofUnderKey => {
    const signals = Array.from({ length: key.signalCount }, () => randomField())
    return { key, signals, proof: simulateProof(trapdoor, signals) }
  }
  return { key, trapdoor, valid }
}

function verifyAll(items: readonly ProofUnderKey[]) {
  return verifyProofs(items, { randomBytes })
}

/** The same proof with its points changed. */
function withPoints(item: ProofUnderKey, change: (points: ProofPoints) => Partial<ProofPoints>): ProofUnderKey {
  const points = readPoints(item.proof)
  if (!points) throw new Error('expected a proof')
  return { ...item, proof: encodePoints({ ...points, ...change(points) }) }
}

/** A multiple of the generator of G1. */
const SHIFT = G1.Point.BASE.multiply(randomField())

/** Whether one equation for all of them holds, each raised to its weight. */
function holdsUnder(items: readonly ProofUnderKey[], weights: readonly bigint[]): boolean {
  const { engine } = login.key.pairing
  const batch = items.map(({ key, signals, proof }) => {
    const [points, bytes] = [readProof(engine, proof), signalBytes(key, signals)]
    if (!points || !bytes) throw new Error('expected a proof')
    return { key: key.pairing, signals: bytes, proof: points }
  })
  return verifyBatch(engine, batch, concatBytes(...weights.map((weight) => numberToBytesLE(weight, 16))))
}

describe('verifyProofs', () => {
  it('gives each proof the status that it has alone, in their order', () => {
    const [first, second] = [login.valid(), login.valid()]
    const items: ProofUnderKey[] = [
      first,
      { ...second, signals: second.signals.slice(1) },
      issue.valid(),
      { ...first, proof: first.proof.subarray(1) },
      { ...first, signals: second.signals },
      { ...second, signals: second.signals.with(0, FIELD_ORDER as FieldElement) },
      withPoints(issue.valid(), ({ a }) => ({ a: a.negate() })),
      second,
    ]
    const alone = items.map(({ key, signals, proof }) => verifyProof(key, signals, proof))
    expect(alone).toEqual([
      'VALID',
      'SIGNALS_INVALID',
      'VALID',
      'PROOF_MALFORMED',
      'PROOF_INVALID',
      'SIGNALS_INVALID',
      'PROOF_INVALID',
      'VALID',
    ])
    expect(verifyAll(items)).toEqual(alone)
    expect(verifyAll(items.toReversed())).toEqual(alone.toReversed())
  })

  it('keeps the order of more than it takes together', () => {
    const valid = login.valid()
    const malformed = { ...valid, proof: new Uint8Array(128) }
    const items: ProofUnderKey[] = Array.from({ length: 2050 }, () => malformed)
    const at = [0, 1023, 1024, 2047, 2049]
    for (const index of at) items[index] = valid
    const asked: number[] = []
    const source = (length: number) => {
      asked.push(length)
      return randomBytes(length)
    }
    const statuses = verifyProofs(items, { randomBytes: source })
    expect(statuses).toEqual(items.map((item) => (item === valid ? 'VALID' : 'PROOF_MALFORMED')))
    // Sixteen bytes for each of two, twice; the last stands alone, and takes none.
    expect(asked).toEqual([32, 32])
  })

  it('has nothing to say about nothing, and needs no randomness for one', () => {
    expect(verifyAll([])).toEqual([])
    const refuse = () => {
      throw new Error('not to be called')
    }
    expect(verifyProofs([login.valid()], { randomBytes: refuse })).toEqual(['VALID'])
  })

  it('names each bad proof among many, wherever they are', () => {
    const good = Array.from({ length: 40 }, login.valid)
    const spoilt = withPoints(login.valid(), ({ c }) => ({ c: c.add(SHIFT) }))
    for (const bad of [[], [0], [39], [17], [16, 17], [3, 30], [0, 10, 20, 30, 39]]) {
      const items = good.map((item, index) => (bad.includes(index) ? spoilt : item))
      const expected = good.map((_, index) => (bad.includes(index) ? 'PROOF_INVALID' : 'VALID'))
      expect(verifyAll(items)).toEqual(expected)
    }
    expect(verifyAll(good.map(() => spoilt))).toEqual(good.map(() => 'PROOF_INVALID'))
  })

  it('accepts a proof beside itself, and beside itself made anew', () => {
    const item = login.valid()
    const factor = randomField()
    const again = withPoints(item, ({ a, b }) => ({ a: a.multiply(factor), b: b.multiply(Fr.inv(factor)) }))
    expect(again.proof).not.toEqual(item.proof)
    expect(verifyAll([item, item, again])).toEqual(['VALID', 'VALID', 'VALID'])
  })

  it('accepts signals whose points sum to infinity beside others', () => {
    const { key, trapdoor } = login
    const partial = trapdoor.inputs.slice(0, 5).reduce((sum, input) => Fr.add(sum, input), 0n)
    const last = toField(Fr.neg(Fr.div(partial, trapdoor.inputs[5] ?? 0n)))
    const signals = [...[1n, 1n, 1n, 1n].map(toField), last]
    const item = { key, signals, proof: simulateProof(trapdoor, signals) }
    expect(verifyAll([item, item])).toEqual(['VALID', 'VALID'])
    expect(verifyAll([login.valid(), item, { ...item, proof: login.valid().proof }])).toEqual([
      'VALID',
      'VALID',
      'PROOF_INVALID',
    ])
  })
})

describe('proofs that make up for one another without weights', () => {
  const cases: Record<string, () => [ProofUnderKey, ProofUnderKey]> = {
    'C too large by what the other has too little': () => [
      withPoints(login.valid(), ({ c }) => ({ c: c.add(SHIFT) })),
      withPoints(login.valid(), ({ c }) => ({ c: c.subtract(SHIFT) })),
    ],
    'A too large by what the other has too little, with one B': () => {
      const item = login.valid()
      return [
        withPoints(item, ({ a }) => ({ a: a.add(SHIFT) })),
        withPoints(item, ({ a }) => ({ a: a.subtract(SHIFT) })),
      ]
    },
    'each with the signals of the other': () => {
      const [first, second] = [login.valid(), login.valid()]
      return [
        { ...first, signals: second.signals },
        { ...second, signals: first.signals },
      ]
    },
  }
  for (const [name, make] of Object.entries(cases)) {
    it(`are both refused: ${name}`, () => {
      const pair = make()
      expect(holdsUnder(pair, [1n, 1n])).toBe(true)
      expect(verifyAll(pair)).toEqual(['PROOF_INVALID', 'PROOF_INVALID'])
      const among = [login.valid(), pair[0], login.valid(), pair[1], login.valid()]
      expect(verifyAll(among)).toEqual(['VALID', 'PROOF_INVALID', 'VALID', 'PROOF_INVALID', 'VALID'])
    })
  }

  it('are both refused: made for weights that were foreseen', () => {
    const weights = [7n, 11n] as const
    const pair = [
      withPoints(login.valid(), ({ c }) => ({ c: c.add(SHIFT.multiply(weights[1])) })),
      withPoints(login.valid(), ({ c }) => ({ c: c.subtract(SHIFT.multiply(weights[0])) })),
    ]
    expect(holdsUnder(pair, weights)).toBe(true)
    expect(holdsUnder(pair, [7n, 12n])).toBe(false)
    expect(verifyAll(pair)).toEqual(['PROOF_INVALID', 'PROOF_INVALID'])
  })

  it('cannot be hidden by a source of randomness that gives zeros, or one weight for all', () => {
    const pair = [login.valid(), login.valid()]
    for (const byte of [0, 1]) {
      const broken = (length: number) => new Uint8Array(length).fill(byte)
      expect(codeOf(() => verifyProofs(pair, { randomBytes: broken }))).toBe('randomness_invalid')
    }
  })
})
