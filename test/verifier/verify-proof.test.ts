import { bn254 } from '@noble/curves/bn254.js'
import { numberToBytesBE } from '@noble/curves/utils.js'
import { describe, expect, it } from 'vitest'
import { FIELD_ORDER, type FieldElement, randomField, toField } from '../../src/protocol/field.ts'
import { decodeProof, encodeProof } from '../../src/protocol/proof.ts'
import { loadVerificationKey } from '../../src/verifier/verification-key.ts'
import { verifyProof } from '../../src/verifier/verify-proof.ts'
import { makeTrapdoor, simulateProof, verificationKeyJson } from '../fixtures/simulated-key-set.ts'
import { pointOutsideG2 } from '../fixtures/twist-point.ts'

const trapdoor = makeTrapdoor('login-v1')
const key = await loadVerificationKey(verificationKeyJson(trapdoor), { circuit: 'login-v1' })
const signals = Array.from({ length: 5 }, () => randomField())
const proof = simulateProof(trapdoor, signals)
const Q = bn254.fields.Fp.ORDER

function changed(change: (bytes: Uint8Array<ArrayBuffer>) => void): Uint8Array {
  const bytes = Uint8Array.from(proof)
  change(bytes)
  return bytes
}

function withSignal(index: number, value: bigint): FieldElement[] {
  return signals.map((signal, i) => (i === index ? (value as FieldElement) : signal))
}

describe('verifyProof', () => {
  it('accepts a proof of its signals', () => {
    expect(verifyProof(key, signals, proof)).toBe('VALID')
  })

  it('accepts signals at the ends of their range', () => {
    const extreme = [0n, 1n, FIELD_ORDER - 1n, 2n ** 252n, 0n].map(toField)
    expect(verifyProof(key, extreme, simulateProof(trapdoor, extreme))).toBe('VALID')
  })

  it('accepts signals whose points sum to infinity', () => {
    const { Fr } = bn254.fields
    const partial = trapdoor.inputs.slice(0, 5).reduce((sum, input) => Fr.add(sum, input), 0n)
    const last = toField(Fr.neg(Fr.div(partial, trapdoor.inputs[5] ?? 0n)))
    const cancelling = [...[1n, 1n, 1n, 1n].map(toField), last]
    expect(verifyProof(key, cancelling, simulateProof(trapdoor, cancelling))).toBe('VALID')
    expect(verifyProof(key, cancelling, proof)).toBe('PROOF_INVALID')
  })

  it('refuses each signal changed by one', () => {
    for (const [index, signal] of signals.entries()) {
      expect(verifyProof(key, withSignal(index, signal + 1n), proof)).toBe('PROOF_INVALID')
      expect(verifyProof(key, withSignal(index, signal - 1n), proof)).toBe('PROOF_INVALID')
    }
  })

  it('refuses another number of signals, and another spelling of one', () => {
    expect(verifyProof(key, signals.slice(0, 4), proof)).toBe('SIGNALS_INVALID')
    expect(verifyProof(key, [...signals, toField(0)], proof)).toBe('SIGNALS_INVALID')
    expect(verifyProof(key, withSignal(2, (signals[2] ?? 0n) + FIELD_ORDER), proof)).toBe('SIGNALS_INVALID')
    expect(verifyProof(key, withSignal(2, (signals[2] ?? 0n) - FIELD_ORDER), proof)).toBe('SIGNALS_INVALID')
  })

  it('refuses signals with holes', () => {
    expect(verifyProof(key, new Array(signals.length), proof)).toBe('SIGNALS_INVALID')
    const holed = [...signals]
    delete holed[2]
    expect(verifyProof(key, holed, proof)).toBe('SIGNALS_INVALID')
  })

  it('refuses a proof under another key', async () => {
    const other = await loadVerificationKey(verificationKeyJson(makeTrapdoor('login-v1')), { circuit: 'login-v1' })
    expect(verifyProof(other, signals, proof)).toBe('PROOF_INVALID')
  })

  it('refuses points that are negated', () => {
    for (const offset of [0, 32, 96]) {
      const negated = changed((bytes) => {
        bytes[offset] = (bytes[offset] ?? 0) ^ 0x40
      })
      expect(verifyProof(key, signals, negated)).toBe('PROOF_INVALID')
    }
  })

  it('refuses every other length', () => {
    expect(verifyProof(key, signals, proof.subarray(0, 127))).toBe('PROOF_MALFORMED')
    expect(verifyProof(key, signals, Uint8Array.of(...proof, 0))).toBe('PROOF_MALFORMED')
    expect(verifyProof(key, signals, new Uint8Array())).toBe('PROOF_MALFORMED')
  })

  it('refuses points without the flags of a compressed one, infinity among them', () => {
    for (const flags of [0x00, 0x40]) {
      const bytes = changed((copy) => {
        copy[0] = ((copy[0] ?? 0) & 0x3f) | flags
      })
      expect(verifyProof(key, signals, bytes)).toBe('PROOF_MALFORMED')
    }
    expect(verifyProof(key, signals, new Uint8Array(128))).toBe('PROOF_MALFORMED')
  })

  it('refuses a coordinate that is not below q', () => {
    // Both x and x + q have to fit in the 254 bits beside the flags.
    let small = proof
    while (decodeProof(small).a[0] + Q >= 2n ** 254n) small = simulateProof(trapdoor, signals)
    expect(verifyProof(key, signals, small)).toBe('VALID')
    const other = Uint8Array.from(small)
    other.set(numberToBytesBE(decodeProof(small).a[0] + Q, 32))
    other[0] = (other[0] ?? 0) | ((small[0] ?? 0) & 0xc0)
    expect(verifyProof(key, signals, other)).toBe('PROOF_MALFORMED')
  })

  it('refuses B outside the subgroup of G2, although on the curve', () => {
    const { x, y } = pointOutsideG2()
    const { a, c } = decodeProof(proof)
    expect(verifyProof(key, signals, encodeProof({ a, b: [x, y], c }))).toBe('PROOF_MALFORMED')
  })

  it('refuses each flipped byte', () => {
    for (let index = 0; index < proof.length; index += 5) {
      const bytes = changed((copy) => {
        copy[index] = (copy[index] ?? 0) ^ 0x01
      })
      expect(verifyProof(key, signals, bytes)).not.toBe('VALID')
    }
  })
})
