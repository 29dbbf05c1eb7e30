import type { FieldElement } from '../protocol/field.ts'
import type { CircuitId } from '../protocol/signals.ts'
import type { Prover } from '../prover/prove.ts'
import type { WitnessInputs } from '../prover/witness.ts'
import { loadVerificationKey } from '../verifier/verification-key.ts'
import { verifyProof } from '../verifier/verify-proof.ts'
import type { ProgressOptions } from './wallet.ts'
import { WalletError } from './wallet-error.ts'

/** Makes proofs and lets none out that does not verify. */
export type ProofMaker = (
  task: {
    readonly circuit: CircuitId
    readonly inputs: WitnessInputs
    /** Every public signal as the wallet computed it itself, in the circuit's order. */
    readonly signals: readonly FieldElement[]
  },
  options: ProgressOptions,
) => Promise<Uint8Array<ArrayBuffer>>

/**
 * Each proof is verified strictly under the pinned key set, for the signals that the wallet computed and not for those
 * that came with the proof: a prover at fault must not make the wallet send something else than it showed.
 * Throws `own_proof_invalid`, and what prover and verification key throw.
 */
export function createProofMaker(prover: Prover): ProofMaker {
  const keys = new Map<CircuitId, ReturnType<typeof loadVerificationKey>>()
  const keyOf = async (circuit: CircuitId, signal: AbortSignal | undefined) => {
    const key = keys.get(circuit) ?? loadVerificationKey(await prover.verificationKey(circuit, { signal }), { circuit })
    keys.set(circuit, key)
    return key
  }
  return async ({ circuit, inputs, signals }, { signal, onProgress }) => {
    const { proof, publicSignals } = await prover.prove(circuit, inputs, { signal, onProgress })
    onProgress?.({ phase: 'check' })
    const key = await keyOf(circuit, signal)
    const agreed = publicSignals.length === signals.length && publicSignals.every((value, i) => value === signals[i])
    if (!agreed || verifyProof(key, signals, proof) !== 'VALID') {
      throw new WalletError('own_proof_invalid', `the proof of ${circuit} does not verify and was not sent`)
    }
    signal?.throwIfAborted()
    return proof
  }
}
