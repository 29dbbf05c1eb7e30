import type { Proof } from '../protocol/proof.ts'

/** The arithmetic of proving, so that another engine can take the present one's place. */
export interface ProofEngine {
  /** Starts what the first proof would have to start. */
  prepare(): Promise<void>
  /**
   * A Groth16 proof under a `.zkey` for a full witness (32 bytes little-endian a wire), with fresh blinding. The
   * public signals are those of the witness, outputs first.
   *
   * Throws {@link ProverError} `proof_failed`.
   */
  prove(zkey: Uint8Array<ArrayBuffer>, witness: Uint8Array<ArrayBuffer>): Promise<EngineProof>
}

export type EngineProof = { proof: Proof; publicSignals: bigint[] }
