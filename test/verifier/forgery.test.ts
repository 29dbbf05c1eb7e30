import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureKeySet } from '../../scripts/keys.ts'
import { randomField } from '../../src/protocol/field.ts'
import { CIRCUIT_IDS, PUBLIC_SIGNALS } from '../../src/protocol/signals.ts'
import { loadVerificationKey } from '../../src/verifier/verification-key.ts'
import { verifyProof } from '../../src/verifier/verify-proof.ts'
import { makeTrapdoor, verificationKeyJson } from '../fixtures/simulated-key-set.ts'
import {
  createNobleVerifier,
  encodePoints,
  type G1Point,
  type KeyJson,
  type KeyPoints,
  readKeyPoints,
} from './noble-verifier.ts'
import { loadUnsafeKey } from './unsafe-key.ts'

/** The forgeries of src/verifier/README.md, from the public points alone; `input` is IC₀ + Σ xᵢ·ICᵢ. */
const FORGERIES = {
  'gamma = delta': {
    weaken: { gamma: 5n, delta: 5n },
    forge: ({ alpha, beta }: KeyPoints, input: G1Point) => ({ a: alpha, b: beta, c: input.negate() }),
  },
  'beta = gamma': {
    weaken: { beta: 5n, gamma: 5n },
    forge: ({ alpha, gamma, delta }: KeyPoints, input: G1Point) => {
      const a = alpha.add(input)
      return { a, b: gamma.add(delta), c: a }
    },
  },
  'beta = delta': {
    weaken: { beta: 5n, delta: 5n },
    forge: ({ alpha, gamma, delta }: KeyPoints, input: G1Point) => ({
      a: input,
      b: gamma.add(delta),
      c: input.subtract(alpha),
    }),
  },
}

describe('a proof from the public key alone', () => {
  for (const [name, { weaken, forge }] of Object.entries(FORGERIES)) {
    it(`satisfies the equation under a key with ${name}, and that key cannot be loaded`, async () => {
      const json = verificationKeyJson({ ...makeTrapdoor('login-v1'), ...weaken })
      const points = readKeyPoints(json)
      const weak = await loadUnsafeKey(json, 'login-v1')
      const signals = PUBLIC_SIGNALS['login-v1'].map(() => randomField())
      const proof = encodePoints(forge(points, createNobleVerifier(points).sumInputs(signals)))
      expect(verifyProof(weak, signals, proof)).toBe('VALID')
      await expect(loadVerificationKey(json, { circuit: 'login-v1' })).rejects.toThrow(
        expect.objectContaining({ code: 'key_unsafe' }),
      )
    })
  }

  let directory: string
  beforeAll(async () => {
    directory = (await ensureKeySet({ origin: 'development' })).directory
  }, 180_000)

  for (const circuit of CIRCUIT_IDS) {
    it(`is refused under the key of ${circuit}`, async () => {
      const json: KeyJson = JSON.parse(readFileSync(join(directory, `${circuit}.vkey.json`), 'utf8'))
      const key = await loadVerificationKey(json, { circuit })
      const points = readKeyPoints(json)
      const { sumInputs } = createNobleVerifier(points)
      const signals = PUBLIC_SIGNALS[circuit].map(() => randomField())
      for (const { forge } of Object.values(FORGERIES)) {
        const proof = encodePoints(forge(points, sumInputs(signals)))
        expect(verifyProof(key, signals, proof)).toBe('PROOF_INVALID')
      }
    })
  }
})
