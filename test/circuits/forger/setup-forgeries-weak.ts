import { bn254 } from '@noble/curves/bn254.js'
import { encodeProof } from '../../../src/protocol/proof.ts'
import type { VerificationKeyJson } from '../../../src/setup/verification-key.ts'
import type { G1Point, G2Point } from '../../../src/verifier/pairing-key.ts'

const { G1, G2 } = bn254

export type KeyJson = VerificationKeyJson

/** What everybody sees of a verification key. */
export type KeyPoints = { alpha: G1Point; beta: G2Point; gamma: G2Point; delta: G2Point; inputs: G1Point[] }

type ForgedPoints = { a: G1Point; b: G2Point; c: G1Point }

/** A flaw of a verification key, and the proof of anything that it allows. */
export type Weakness = {
  readonly name: string
  readonly weaken: (points: KeyPoints) => Partial<Pick<KeyPoints, 'beta' | 'delta'>>
  /** 128 bytes from public points alone; `input` is IC₀ + Σ xᵢ·ICᵢ. */
  readonly forge: (points: KeyPoints, input: G1Point) => Uint8Array
}

/**
 * Where two of β, γ, δ are equal up to sign, one part of e(A, B) = e(α, β) · e(input, γ) · e(C, δ) pays for another.
 * γ = δ is the key that no second phase was run for; with snarkjs's γ = 1 so is δ = the generator.
 */
export const WEAKNESSES: readonly Weakness[] = [
  weakness(
    'delta = gamma',
    ({ gamma }) => ({ delta: gamma }),
    ({ alpha, beta }, input) => {
      return { a: alpha, b: beta, c: input.negate() }
    },
  ),
  weakness(
    'delta = -gamma',
    ({ gamma }) => ({ delta: gamma.negate() }),
    ({ alpha, beta }, input) => {
      return { a: alpha, b: beta, c: input }
    },
  ),
  weakness(
    'delta = the generator',
    () => ({ delta: G2.Point.BASE }),
    ({ alpha, beta }, input) => {
      return { a: alpha, b: beta, c: input.negate() }
    },
  ),
  weakness(
    'beta = gamma',
    ({ gamma }) => ({ beta: gamma }),
    ({ alpha, gamma, delta }, input) => {
      const a = alpha.add(input)
      return { a, b: gamma.add(delta), c: a }
    },
  ),
  weakness(
    'beta = -gamma',
    ({ gamma }) => ({ beta: gamma.negate() }),
    ({ alpha, gamma, delta }, input) => {
      const a = input.subtract(alpha)
      return { a, b: gamma.add(delta), c: a }
    },
  ),
  weakness(
    'beta = delta',
    ({ delta }) => ({ beta: delta }),
    ({ alpha, gamma, delta }, input) => {
      return { a: input, b: gamma.add(delta), c: input.subtract(alpha) }
    },
  ),
  weakness(
    'beta = -delta',
    ({ delta }) => ({ beta: delta.negate() }),
    ({ alpha, gamma, delta }, input) => {
      return { a: input, b: gamma.add(delta), c: input.add(alpha) }
    },
  ),
]

/** The same key with the flaw put in. */
export function weakened(json: KeyJson, { weaken }: Weakness): KeyJson {
  const { beta, delta } = weaken(readKeyPoints(json))
  return { ...json, ...(beta && { vk_beta_2: g2Json(beta) }), ...(delta && { vk_delta_2: g2Json(delta) }) }
}

export function readKeyPoints({ vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC }: KeyJson): KeyPoints {
  return {
    alpha: g1(vk_alpha_1),
    beta: g2(vk_beta_2),
    gamma: g2(vk_gamma_2),
    delta: g2(vk_delta_2),
    inputs: IC.map(g1),
  }
}

function weakness(
  name: string,
  weaken: Weakness['weaken'],
  forge: (points: KeyPoints, input: G1Point) => ForgedPoints,
): Weakness {
  return { name, weaken, forge: (points, input) => encode(forge(points, input)) }
}

function encode({ a, b, c }: ForgedPoints): Uint8Array {
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

function g1([x = '', y = '']: readonly string[]): G1Point {
  return G1.Point.fromAffine({ x: BigInt(x), y: BigInt(y) })
}

function g2([x = [], y = []]: readonly (readonly string[])[]): G2Point {
  const fp2 = ([c0 = '', c1 = '']: readonly string[]) => ({ c0: BigInt(c0), c1: BigInt(c1) })
  return G2.Point.fromAffine({ x: fp2(x), y: fp2(y) })
}

function g2Json(point: G2Point): string[][] {
  const { x, y } = point.toAffine()
  return [
    [`${x.c0}`, `${x.c1}`],
    [`${y.c0}`, `${y.c1}`],
    ['1', '0'],
  ]
}
