import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { CircuitId } from '../../protocol/signals.ts'
import { type KeySetSource, loadKeySet } from '../key-set.ts'
import type { ProofVerifier } from '../proof-verifier.ts'
import { holdsForEach } from '../signal-bytes.ts'
import type { PoolWorkerData } from './pool-messages.ts'
import { failure, WorkerPool } from './worker-pool.ts'

export type VerifierPoolOptions = {
  /** Every key set that proofs are verified under. */
  readonly keySets: readonly KeySetSource[]
  /** Threads; by default one for each core but one, and one at least. */
  readonly workers?: number
  /** Proofs that may wait for a thread, by default 256. One more is turned away with `verifier_busy`. */
  readonly queueLimit?: number
  /** From a proof's arrival to its verdict, by default 2000. Later it is given up with `verifier_deadline`. */
  readonly deadlineMilliseconds?: number
  /** Proofs verified together at most where proofs wait, by default 64. */
  readonly batchSize?: number
}

/** Verifies proofs in threads of its own. An idle pool does not keep the process. */
export type VerifierPool = Required<ProofVerifier> & {
  /** Takes no more proofs, waits for the verdicts that are due, and ends the threads. */
  close(): Promise<void>
}

/**
 * A pool of threads that verify proofs, so that no pairing runs on the caller's event loop. Each proof has its own
 * verdict, whatever it is verified together with. `verify` rejects with {@link VerifierPoolError} where there is no
 * verdict; rejects itself like `loadKeySet`, and with
 * `verifier_crashed` where a thread does not start.
 *
 * ```ts
 * const pool = await createVerifierPool({ keySets: [{ manifest, readVerificationKey }] })
 * const status = await pool.verify({ keySet: keySetHash(manifest), circuit: 'login-v1', signals, proof })
 * await pool.close()
 * ```
 */
export async function createVerifierPool(options: VerifierPoolOptions): Promise<VerifierPool> {
  const {
    keySets,
    workers = Math.max(1, availableParallelism() - 1),
    queueLimit = 256,
    deadlineMilliseconds = 2_000,
    batchSize = 64,
  } = options
  for (const [name, value] of Object.entries({ workers, queueLimit, deadlineMilliseconds, batchSize })) {
    if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} must be a positive integer, not ${value}`)
  }
  const checked = await Promise.all(keySets.map(readKeySet))
  const hashes = new Set(checked.map(({ hash }) => hash))
  const data: PoolWorkerData = {
    keySets: checked.map(({ manifest, verificationKeys }) => ({ manifest, verificationKeys })),
  }
  const startWorker = () => new Worker(PROGRAM, { workerData: data, execArgv: [] })
  const pool = new WorkerPool({ startWorker, workers, queueLimit, deadlineMilliseconds, batchSize })
  try {
    await pool.started
  } catch (error) {
    await pool.close()
    throw error
  }
  return {
    verify: async (task) => {
      if (!hashes.has(task.keySet)) throw failure('verifier_key_set_unknown')
      // What no thread could be sent is no signal either.
      if (!holdsForEach(task.signals, (signal) => typeof signal === 'bigint')) return 'SIGNALS_INVALID'
      // A copy: sending a view sends all that it is a view of.
      return pool.verify({ ...task, proof: Uint8Array.from(task.proof) })
    },
    retryAfter: (proofs) => pool.retryAfter(proofs),
    close: () => pool.close(),
  }
}

// The flags of this process (a test runner's, a debugger's) are not the threads'.
const PROGRAM = new URL('./pool-worker.ts', import.meta.url)

/** Reads each file once and loads the set here first: what is wrong with it is the caller's to know. */
async function readKeySet({ manifest, readVerificationKey, allowDevelopment }: KeySetSource) {
  const verificationKeys = new Map<CircuitId, Uint8Array>()
  const { hash } = await loadKeySet({
    manifest,
    allowDevelopment,
    readVerificationKey: async (circuit) => {
      const bytes = await readVerificationKey(circuit)
      verificationKeys.set(circuit, bytes)
      return bytes
    },
  })
  return { hash, manifest, verificationKeys }
}
