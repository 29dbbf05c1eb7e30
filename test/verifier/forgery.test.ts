import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bn254 } from '@noble/curves/bn254.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureKeySet } from '../../scripts/keys.ts'
import { randomField } from '../../src/protocol/field.ts'
import { encodeProof } from '../../src/protocol/proof.ts'
import { CIRCUIT_IDS, PUBLIC_SIGNALS } from '../../src/protocol/signals.ts'
import { type G1Point, type G2Point, preparePairingKey } from '../../src/verifier/pairing-key.ts'
import { loadVerificationKey } from '../../src/verifier/verification-key.ts'
import { verifyProof } from '../../src/verifier/verify-proof.ts'
import { codeOf } from '../expect-code.ts'
import { makeTrapdoor, verificationKeyJson } from '../fixtures/simulated-key-set.ts'

const { G1, G2 } = bn254

/** What everybody sees of a key. */
type Points = { alpha: G1Point; beta: G2Point; gamma: G2Point; delta: G2Point; inputs: G1Point[] }
type Json = ReturnType<typeof verificationKeyJson>

function readPoints({ vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC }: Json): Points {
  const g1 = ([x = '', y = '']: string[]) => G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) })
  const fp2 = ([c0 = '', c1 = '']: string[] = []) => ({ c0: BigInt(c0), c1: BigInt(c1) })
  const g2 = ([x, y]: string[][]) => G2.Point.fromAffine({ x: fp2(x), y: fp2(y) })
  return {
    alpha: g1(vk_alpha_1),
    beta: g2(vk_beta_2),
    gamma: g2(vk_gamma_2),
    delta: g2(vk_delta_2),
    inputs: IC.map(g1),
  }
}

/** The forgeries of src/verifier/README.md, from the public points alone; `input` is IC₀ + Σ xᵢ·ICᵢ. */
const FORGERIES = {
  'gamma = delta': {
    weaken: { gamma: 5n, delta: 5n },
    forge: ({ alpha, beta }: Points, input: G1Point) => ({ a: alpha, b: beta, c: input.negate() }),
  },
  'beta = gamma': {
    weaken: { beta: 5n, gamma: 5n },
    forge: ({ alpha, gamma, delta }: Points, input: G1Point) => {
      const a = alpha.add(input)
      return { a, b: gamma.add(delta), c: a }
    },
  },
  'beta = delta': {
    weaken: { beta: 5n, delta: 5n },
    forge: ({ alpha, gamma, delta }: Points, input: G1Point) => ({
      a: input,
      b: gamma.add(delta),
      c: input.subtract(alpha),
    }),
  },
}

function encode({ a, b, c }: { a: G1Point; b: G2Point; c: G1Point }) {
  const [pa, pb, pc] = [a.toAffine(), b.toAffine(), c.toAffine()]
  return encodeProof({
    a: [pa.x, pa.y],
    b: [
      [pb.x.c0, pb.x.c1],
      [pb.y.c0, pb.y.c1],
    ],
    c: [pc.x, pc.y],
  })
}

describe('a proof from the public key alone', () => {
  for (const [name, { weaken, forge }] of Object.entries(FORGERIES)) {
    it(`satisfies the equation under a key with ${name}, and that key cannot be loaded`, () => {
      const json = verificationKeyJson({ ...makeTrapdoor('login-v1'), ...weaken })
      const points = readPoints(json)
      const weak = preparePairingKey({ circuit: 'login-v1', ...points })
      const signals = PUBLIC_SIGNALS['login-v1'].map(() => randomField())
      const proof = encode(forge(points, weak.sumInputs(signals)))
      expect(verifyProof(weak, signals, proof)).toBe('VALID')
      expect(codeOf(() => loadVerificationKey(json, { circuit: 'login-v1' }))).toBe('key_unsafe')
    })
  }

  let directory: string
  beforeAll(async () => {
    directory = (await ensureKeySet({ origin: 'development' })).directory
  }, 180_000)

  for (const circuit of CIRCUIT_IDS) {
    it(`is refused under the key of ${circuit}`, () => {
      const json: Json = JSON.parse(readFileSync(join(directory, `${circuit}.vkey.json`), 'utf8'))
      const key = loadVerificationKey(json, { circuit })
      const signals = PUBLIC_SIGNALS[circuit].map(() => randomField())
      for (const { forge } of Object.values(FORGERIES)) {
        const proof = encode(forge(readPoints(json), key.sumInputs(signals)))
        expect(verifyProof(key, signals, proof)).toBe('PROOF_INVALID')
      }
    })
  }
})
