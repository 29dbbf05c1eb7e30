import { interleavedMSMUnsafe } from '@noble/curves/abstract/curve.js'
import { bn254 } from '@noble/curves/bn254.js'
import type { CircuitId } from '../protocol/signals.ts'

const { G1, G2 } = bn254

export type G1Point = typeof G1.Point.BASE
export type G2Point = typeof G2.Point.BASE
export type PairingProduct = ReturnType<typeof bn254.pairingBatch>
type Lines = ReturnType<typeof bn254.utils.calcPairingPrecomputes>

/**
 * A verification key whose points have been checked, with what every verification shares computed once. Made by
 * `loadVerificationKey` alone, so whoever holds one need not ask again whether it is safe.
 */
export type VerificationKey = {
  readonly circuit: CircuitId
  readonly signalCount: number
  /** IC₀ + Σ xᵢ·ICᵢ for `signalCount` integers below r. Variable time, which public signals do not mind. */
  readonly sumInputs: (signals: readonly bigint[]) => G1Point
  /** Miller loop of (α, β), without the final exponentiation. */
  readonly alphaBeta: PairingProduct
  /** Line coefficients of the fixed points of G2. */
  readonly gammaLines: Lines
  readonly deltaLines: Lines
}

/** Width of the windows over a signal's bits: tables of eight points each, some 2 ms for sixteen signals. */
const WINDOW = 5

/** The points must already be known to lie in their subgroups. */
export function preparePairingKey(points: {
  circuit: CircuitId
  alpha: G1Point
  beta: G2Point
  gamma: G2Point
  delta: G2Point
  /** IC: one point for the constant, then one for each public signal. */
  inputs: readonly G1Point[]
}): VerificationKey {
  const { circuit, alpha, beta, gamma, delta, inputs } = points
  const sum = interleavedMSMUnsafe(G1.Point, [...inputs], WINDOW)
  return {
    circuit,
    signalCount: inputs.length - 1,
    sumInputs: (signals) => sum([1n, ...signals]),
    alphaBeta: bn254.pairingBatch([{ g1: alpha, g2: beta }], false),
    gammaLines: bn254.utils.calcPairingPrecomputes(gamma),
    deltaLines: bn254.utils.calcPairingPrecomputes(delta),
  }
}
