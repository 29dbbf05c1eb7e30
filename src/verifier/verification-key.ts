import { bn254 } from '@noble/curves/bn254.js'
import { z } from 'zod'
import { type CircuitId, PUBLIC_SIGNALS } from '../protocol/signals.ts'
import { type G1Point, type G2Point, preparePairingKey, type VerificationKey } from './pairing-key.ts'
import { VerifierError } from './verifier-error.ts'

const { G1, G2 } = bn254
const { Fp } = bn254.fields

/**
 * Reads a Groth16 verification key in the JSON shape of snarkjs. Coordinates are canonical decimal strings below q,
 * every point is affine, on its curve, in its subgroup and not infinity, and the number of signals is the circuit's.
 *
 * Throws {@link VerifierError} `key_invalid`, or `key_unsafe` where the key is well formed and yet anyone could forge:
 * two of β, γ, δ (or one of β, δ and the generator of G2) equal up to sign, so that one part of the equation can pay
 * for another (γ = δ is what a key has on which the second phase of the set-up was never run); or two signals with the
 * same point, so that one could be traded for the other.
 */
export function loadVerificationKey(json: unknown, { circuit }: { circuit: CircuitId }): VerificationKey {
  const parsed = keyShape.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw invalid(circuit, `${issue?.path.join('.') || 'value'}: ${issue?.code ?? 'invalid'}`)
  }
  const { nPublic, vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC } = parsed.data
  const expectedSignals = PUBLIC_SIGNALS[circuit].length
  if (nPublic !== expectedSignals || IC.length !== expectedSignals + 1) {
    throw invalid(circuit, `expected ${expectedSignals} public signals and one point more`)
  }
  const alpha = g1(circuit, vk_alpha_1)
  const [beta, gamma, delta] = [g2(circuit, vk_beta_2), g2(circuit, vk_gamma_2), g2(circuit, vk_delta_2)]
  const inputs = IC.map((point) => g1(circuit, point))
  refuseUnsafe(circuit, { beta, gamma, delta, inputs })
  return preparePairingKey({ circuit, alpha, beta, gamma, delta, inputs })
}

function refuseUnsafe(
  circuit: CircuitId,
  { beta, gamma, delta, inputs }: { beta: G2Point; gamma: G2Point; delta: G2Point; inputs: readonly G1Point[] },
): void {
  const generator = G2.Point.BASE
  const pairs: readonly (readonly [string, G2Point, string, G2Point])[] = [
    ['gamma', gamma, 'delta', delta],
    ['beta', beta, 'gamma', gamma],
    ['beta', beta, 'delta', delta],
    ['beta', beta, 'the generator', generator],
    ['delta', delta, 'the generator', generator],
  ]
  for (const [nameA, a, nameB, b] of pairs) {
    if (a.equals(b) || a.equals(b.negate())) throw unsafe(circuit, `${nameA} is ${nameB} up to sign`)
  }
  const xCoordinates = new Set(inputs.map((point) => point.toAffine().x))
  if (xCoordinates.size !== inputs.length) throw unsafe(circuit, 'two signals have the same point up to sign')
}

function g1(circuit: CircuitId, [x, y]: readonly [bigint, bigint, bigint]): G1Point {
  return inGroup(circuit, () => G1.Point.fromAffine({ x, y }))
}

type Pair = readonly [bigint, bigint]

function g2(circuit: CircuitId, [[x0, x1], [y0, y1]]: readonly [Pair, Pair, Pair]): G2Point {
  return inGroup(circuit, () => G2.Point.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } }))
}

function inGroup<P extends { is0(): boolean; assertValidity(): void; isTorsionFree(): boolean }>(
  circuit: CircuitId,
  make: () => P,
): P {
  try {
    const point = make()
    point.assertValidity()
    if (!point.is0() && point.isTorsionFree()) return point
  } catch (cause) {
    throw invalid(circuit, 'a point is not on its curve', { cause })
  }
  throw invalid(circuit, 'a point is infinite or outside its subgroup')
}

const coordinateShape = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,76})$/)
  .transform(BigInt)
  .refine((coordinate) => coordinate < Fp.ORDER)

const one = coordinateShape.refine((coordinate) => coordinate === 1n)
const zero = coordinateShape.refine((coordinate) => coordinate === 0n)

// snarkjs writes projective coordinates; z = 1 is the only affine one, and its only spelling.
const g1Shape = z.tuple([coordinateShape, coordinateShape, one])
const fp2Shape = z.tuple([coordinateShape, coordinateShape])
const g2Shape = z.tuple([fp2Shape, fp2Shape, z.tuple([one, zero])])

const keyShape = z.strictObject({
  protocol: z.literal('groth16'),
  curve: z.literal('bn128'),
  nPublic: z.int().min(1).max(64),
  vk_alpha_1: g1Shape,
  vk_beta_2: g2Shape,
  vk_gamma_2: g2Shape,
  vk_delta_2: g2Shape,
  // e(α, β) as snarkjs writes it beside α and β. Not read: it is computed here, so it cannot disagree.
  vk_alphabeta_12: z.unknown().optional(),
  IC: z.array(g1Shape).min(2).max(65),
})

function invalid(circuit: CircuitId, reason: string, options?: ErrorOptions): VerifierError {
  return new VerifierError('key_invalid', `the verification key of ${circuit} is not usable: ${reason}`, options)
}

function unsafe(circuit: CircuitId, reason: string): VerifierError {
  return new VerifierError('key_unsafe', `proofs under the verification key of ${circuit} can be forged: ${reason}`)
}
