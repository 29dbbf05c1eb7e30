import { bn254 } from '@noble/curves/bn254.js'
import type { VerificationKeyJson } from '../../../src/setup/verification-key.ts'
import {
  encodePoints,
  type G1Point,
  type G2Point,
  type KeyPoints,
  type ProofPoints,
  readKeyPoints,
} from '../../verifier/noble-verifier.ts'

const { G2 } = bn254

export type KeyJson = VerificationKeyJson

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

function weakness(
  name: string,
  weaken: Weakness['weaken'],
  forge: (points: KeyPoints, input: G1Point) => ProofPoints,
): Weakness {
  return { name, weaken, forge: (points, input) => encodePoints(forge(points, input)) }
}

function g2Json(point: G2Point): string[][] {
  const { x, y } = point.toAffine()
  return [
    [`${x.c0}`, `${x.c1}`],
    [`${y.c0}`, `${y.c1}`],
    ['1', '0'],
  ]
}
