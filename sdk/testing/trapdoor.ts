import { inverse } from '../../src/engine/parameters.ts'
import { FIELD_ORDER, type FieldElement, randomField } from '../../src/protocol/field.ts'
import { encodeProof } from '../../src/protocol/proof.ts'
import { type CircuitId, PUBLIC_SIGNALS } from '../../src/protocol/signals.ts'
import type { G1Point, G2Point, Generators } from './points.ts'

/** The secret numbers behind a verification key: who knows them can prove anything under it (Groth 2016, §3.2). */
export type Trapdoor = {
  readonly alpha: bigint
  readonly beta: bigint
  readonly gamma: bigint
  readonly delta: bigint
  /** Of IC₀ and of each public signal. */
  readonly inputs: readonly bigint[]
}

export function makeTrapdoor(circuit: CircuitId): Trapdoor {
  return {
    alpha: randomField(),
    beta: randomField(),
    gamma: 1n,
    delta: randomField(),
    inputs: Array.from({ length: PUBLIC_SIGNALS[circuit].length + 1 }, () => randomField()),
  }
}

/** The verification key of a trapdoor, in the JSON shape of snarkjs. */
export function verificationKeyJson({ g1, g2 }: Generators, { alpha, beta, gamma, delta, inputs }: Trapdoor) {
  const [vk_alpha_1 = [], ...IC] = g1([alpha, ...inputs]).map(g1Json)
  const [vk_beta_2 = [], vk_gamma_2 = [], vk_delta_2 = []] = g2([beta, gamma, delta]).map(g2Json)
  const curve = { protocol: 'groth16', curve: 'bn128' } as const
  return { ...curve, nPublic: inputs.length - 1, vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC }
}

/** A proof of exactly these signals, by the trapdoor and without a witness: 128 bytes, of fresh randomness each time. */
export function simulateProof(
  { g1, g2 }: Generators,
  { alpha, beta, gamma, delta, inputs }: Trapdoor,
  signals: readonly FieldElement[],
): Uint8Array<ArrayBuffer> {
  const [a, b] = [randomField(), randomField()]
  const input = signals.reduce<bigint>(
    (sum, signal, place) => sum + signal * (inputs[place + 1] ?? 0n),
    inputs[0] ?? 0n,
  )
  // e(A, B) = e(α, β) · e(input, γ) · e(C, δ), in the exponents.
  const c = modulo((a * b - alpha * beta - modulo(input) * gamma) * inverse(delta, FIELD_ORDER))
  const [pointA = NO_G1, pointC = NO_G1] = g1([a, c])
  const [pointB = NO_G2] = g2([b])
  return encodeProof({ a: pointA, b: pointB, c: pointC })
}

const NO_G1: G1Point = [0n, 0n]
const NO_G2: G2Point = [NO_G1, NO_G1]

function modulo(value: bigint): bigint {
  return ((value % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER
}

function g1Json([x, y]: G1Point): string[] {
  return [`${x}`, `${y}`, '1']
}

function g2Json([x, y]: G2Point): string[][] {
  return [x.map(String), y.map(String), ['1', '0']]
}
