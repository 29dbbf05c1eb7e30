import type { Proof } from '../protocol/proof.ts'

/** The arithmetic of proving. */
export interface ProofEngine {
  /** Starts what the first key would have to start. */
  prepare(): Promise<void>
  /**
   * Reads a `.zkey`, of which no byte is kept or needed afterwards. Throws {@link ProverError} `proving_key_invalid`.
   */
  load(zkey: Uint8Array): Promise<Groth16Prover>
}

/** A proving key, ready to prove. */
export interface Groth16Prover {
  /** Wires, the constant among them. */
  readonly wires: number
  /**
   * A Groth16 proof for a full witness (32 bytes little-endian a wire), with fresh blinding. The public signals are
   * those of the witness, outputs first. Whether the witness satisfies the circuit is not looked at: of one that does
   * not comes a proof that does not verify.
   *
   * Throws {@link ProverError} `proof_failed` for what is no witness of this key, `prover_crashed` when a worker fails.
   */
  prove(witness: Uint8Array): Promise<EngineProof>
}

export type EngineProof = { proof: Proof; publicSignals: bigint[] }
