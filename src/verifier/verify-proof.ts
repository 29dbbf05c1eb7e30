import { bn254 } from '@noble/curves/bn254.js'
import { ProtocolError } from '../protocol/error.ts'
import { FIELD_ORDER, type FieldElement } from '../protocol/field.ts'
import { decodeProof, type Proof } from '../protocol/proof.ts'
import type { G1Point, G2Point, VerificationKey } from './pairing-key.ts'

const { G1, G2 } = bn254
const { Fp12 } = bn254.fields

/**
 * `PROOF_MALFORMED`: not 128 bytes of three canonical points in their groups. `SIGNALS_INVALID`: another number of
 * signals than the circuit has, or one that is not below r. `PROOF_INVALID`: it proves something else, or nothing.
 */
export type ProofStatus = 'VALID' | 'PROOF_MALFORMED' | 'SIGNALS_INVALID' | 'PROOF_INVALID'

/**
 * Groth16 over BN254 (Groth 2016, §3.2): e(A, B) = e(α, β) · e(IC₀ + Σ xᵢ·ICᵢ, γ) · e(C, δ).
 * `signals` in the order of PUBLIC_SIGNALS; `proof` as 128 bytes (protocol/proof.ts). About 25 ms; never throws.
 */
export function verifyProof(key: VerificationKey, signals: readonly FieldElement[], proof: Uint8Array): ProofStatus {
  const points = readProofPoints(proof)
  return points ? verifyPoints(key, signals, points) : 'PROOF_MALFORMED'
}

/** The same for a proof that has been read. */
export function verifyPoints(
  key: VerificationKey,
  signals: readonly FieldElement[],
  points: ProofPoints,
): Exclude<ProofStatus, 'PROOF_MALFORMED'> {
  if (signals.length !== key.signalCount || !signals.every(isReduced)) return 'SIGNALS_INVALID'
  return pairingHolds(key, signals, points) ? 'VALID' : 'PROOF_INVALID'
}

/** A proof whose points are known to lie in their groups. */
export type ProofPoints = { readonly a: G1Point; readonly b: G2Point; readonly c: G1Point }

/**
 * Undefined for what is no proof under any key; up to 10 ms, of which the subgroup takes most. The decoder has checked range and curve; G1 has prime order, so only B can lie outside its subgroup. Infinity has no
 * encoding.
 */
export function readProofPoints(bytes: Uint8Array): ProofPoints | undefined {
  let proof: Proof
  try {
    proof = decodeProof(bytes)
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
  const [[x0, x1], [y0, y1]] = proof.b
  const b = G2.Point.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } })
  if (!b.isTorsionFree()) return undefined
  const a = G1.Point.fromAffine({ x: proof.a[0], y: proof.a[1] })
  const c = G1.Point.fromAffine({ x: proof.c[0], y: proof.c[1] })
  return { a, b, c }
}

function isReduced(signal: unknown): boolean {
  return typeof signal === 'bigint' && signal >= 0n && signal < FIELD_ORDER
}

function pairingHolds(key: VerificationKey, signals: readonly FieldElement[], { a, b, c }: ProofPoints): boolean {
  const negA = a.negate().toAffine()
  const pointC = c.toAffine()
  const pairs: Parameters<typeof bn254.millerLoopBatch>[0] = [
    [bn254.utils.calcPairingPrecomputes(b), negA.x, negA.y],
    [key.deltaLines, pointC.x, pointC.y],
  ]
  const input = key.sumInputs(signals)
  // A pairing with infinity is one: the term drops out of the product.
  if (!input.is0()) {
    const { x, y } = input.toAffine()
    pairs.push([key.gammaLines, x, y])
  }
  const product = Fp12.mul(bn254.millerLoopBatch(pairs), key.alphaBeta)
  return Fp12.eql(Fp12.finalExponentiate(product), Fp12.ONE)
}
