import type { KeySetManifest } from '../../protocol/key-set.ts'
import type { CircuitId } from '../../protocol/signals.ts'
import type { ProofTask } from '../proof-verifier.ts'
import type { ProofStatus } from '../verify-proof.ts'

/** What a worker loads at its start: the key sets of the pool, which the pool has checked. */
export type PoolWorkerData = {
  readonly keySets: readonly {
    readonly manifest: KeySetManifest
    readonly verificationKeys: ReadonlyMap<CircuitId, Uint8Array>
  }[]
}

/** To a worker, one at a time: proofs to be verified, all at once where there are several. */
export type PoolRequest = readonly ProofTask[]

/** From a worker: that its keys are loaded, and then the statuses of each request in its order. */
export type PoolResponse = 'ready' | readonly ProofStatus[]
