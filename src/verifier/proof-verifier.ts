import type { ProofCheck } from './check.ts'
import type { ProofStatus } from './verify-proof.ts'

/** A proof to be verified under the key of its circuit in one of the verifier's key sets, named by its hash. */
export type ProofTask = ProofCheck & { readonly keySet: string }

/** Verifies proofs elsewhere than on this thread; rejects where it comes to no verdict. */
export type ProofVerifier = {
  verify(task: ProofTask): Promise<ProofStatus>
  /** After how many milliseconds there may be room for so many proofs more; undefined where there is room. */
  retryAfter?(proofs: number): number | undefined
}
