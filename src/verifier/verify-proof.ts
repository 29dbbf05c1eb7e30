import { type ProofPoints, readProof, verifyOne } from '../engine/pairing.ts'
import type { FieldElement } from '../protocol/field.ts'
import type { VerificationKey } from './pairing-key.ts'
import { signalBytes } from './signal-bytes.ts'

/**
 * `PROOF_MALFORMED`: not 128 bytes of three canonical points in their groups. `SIGNALS_INVALID`: another number of
 * signals than the circuit has, or one that is not below r. `PROOF_INVALID`: it proves something else, or nothing.
 */
export type ProofStatus = 'VALID' | 'PROOF_MALFORMED' | 'SIGNALS_INVALID' | 'PROOF_INVALID'

/**
 * Groth16 over BN254 (Groth 2016, §3.2): e(A, B) = e(α, β) · e(IC₀ + Σ xᵢ·ICᵢ, γ) · e(C, δ).
 * `signals` in the order of PUBLIC_SIGNALS; `proof` as 128 bytes (protocol/proof.ts). Never throws.
 */
export function verifyProof(key: VerificationKey, signals: readonly FieldElement[], proof: Uint8Array): ProofStatus {
  const points = readProofPoints(key, proof)
  return points ? verifyPoints(key, signals, points) : 'PROOF_MALFORMED'
}

/** The same for a proof that has been read. */
export function verifyPoints(
  { pairing, signalCount }: VerificationKey,
  signals: readonly FieldElement[],
  points: ProofPoints,
): Exclude<ProofStatus, 'PROOF_MALFORMED'> {
  const bytes = signalBytes({ signalCount }, signals)
  if (!bytes) return 'SIGNALS_INVALID'
  return verifyOne(pairing.engine, pairing, bytes, points) ? 'VALID' : 'PROOF_INVALID'
}

/**
 * Undefined for what is no proof under any key: another length, a coordinate not below q, a point off its curve, B
 * outside its subgroup (G1 has prime order). Infinity has no encoding. The key lends its engine and no more.
 */
export function readProofPoints({ pairing }: VerificationKey, bytes: Uint8Array): ProofPoints | undefined {
  return readProof(pairing.engine, bytes)
}
