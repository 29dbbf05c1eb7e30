import type { FieldElement } from '../protocol/field.ts'
import type { CircuitId } from '../protocol/signals.ts'
import type { Prover } from '../prover/prove.ts'
import type { WitnessInputs } from '../prover/witness.ts'
import type { VerificationKey } from '../verifier/pairing-key.ts'
import type { ProgressOptions } from './wallet.ts'
import { WalletError } from './wallet-error.ts'

/** Makes proofs and lets none out that does not verify. */
export type ProofMaker = {
  /**
   * Each proof is verified strictly under the pinned key set, for the signals that the wallet computed and not for
   * those that came with the proof: a prover at fault must not make the wallet send something else than it showed.
   * Throws `own_proof_invalid`, and what prover and verification key throw.
   */
  prove(task: ProofTask, options: ProgressOptions): Promise<Uint8Array<ArrayBuffer>>
  /**
   * Fetches and loads what these circuits need, while the person still reads. Never rejects: what fails here fails
   * again, with its name, in the proof that needs it.
   */
  prepare(circuits: readonly CircuitId[]): Promise<void>
}

export type ProofTask = {
  readonly circuit: CircuitId
  readonly inputs: WitnessInputs
  /** Every public signal as the wallet computed it itself, in the circuit's order. */
  readonly signals: readonly FieldElement[]
}

export function createProofMaker(prover: Prover): ProofMaker {
  const keys = new Map<CircuitId, VerificationKey>()
  // A proof waits for a preparation that is under way; what that still downloads is then shown as the proof's.
  let watching: ProgressOptions['onProgress']

  const keyOf = async (circuit: CircuitId, signal?: AbortSignal): Promise<VerificationKey> => {
    const known = keys.get(circuit)
    if (known) return known
    const { loadVerificationKey } = await import('./proof-check.ts')
    const key = await loadVerificationKey(await prover.verificationKey(circuit, { signal }), { circuit })
    keys.set(circuit, key)
    return key
  }

  const prove = async ({ circuit, inputs, signals }: ProofTask, { signal, onProgress }: ProgressOptions) => {
    watching = onProgress
    const { proof, publicSignals } = await prover.prove(circuit, inputs, { signal, onProgress }).finally(() => {
      watching = undefined
    })
    onProgress?.({ phase: 'check' })
    const key = await keyOf(circuit, signal)
    const { verifyProof } = await import('./proof-check.ts')
    const agreed = publicSignals.length === signals.length && publicSignals.every((value, i) => value === signals[i])
    if (!agreed || verifyProof(key, signals, proof) !== 'VALID') {
      throw new WalletError('own_proof_invalid', `the proof of ${circuit} does not verify and was not sent`)
    }
    signal?.throwIfAborted()
    return proof
  }

  const prepare = async (circuits: readonly CircuitId[]) => {
    for (const circuit of new Set(circuits)) {
      await prover.prepare(circuit, { onProgress: (progress) => watching?.(progress) }).catch(() => {})
      await keyOf(circuit).catch(() => {})
    }
  }

  return { prove, prepare }
}
