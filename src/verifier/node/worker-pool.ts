import type { Worker } from 'node:worker_threads'
import type { ProofTask } from '../proof-verifier.ts'
import type { ProofStatus } from '../verify-proof.ts'
import { PendingProof } from './pending-proof.ts'
import { VerifierPoolError, type VerifierPoolErrorCode } from './pool-error.ts'
import { PoolThread } from './pool-thread.ts'

export type WorkerPoolOptions = {
  /** Starts a thread that speaks pool-messages.ts. */
  readonly startWorker: () => Worker
  /** Threads, each with one request at a time. */
  readonly workers: number
  /** Proofs that may wait for a thread. */
  readonly queueLimit: number
  /** From a proof's arrival to its verdict. */
  readonly deadlineMilliseconds: number
  /** Proofs in one request at most. */
  readonly batchSize: number
}

/** Before a thread is replaced that died while it loaded its keys, doubled each time in a row. */
const RESTART_MILLISECONDS = 50
const RESTART_LIMIT_MILLISECONDS = 5_000

/**
 * Hands proofs to threads: one alone where the others are idle, as many as there are for each where proofs wait. A
 * thread that dies is replaced, and its proofs are tried once more, each alone, so that one that kills threads takes
 * no other with it.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions
  readonly #threads = new Set<PoolThread>()
  readonly #waiting: PendingProof[] = []
  #isDispatching = false
  #isClosed = false
  #failedStarts = 0
  /** What a proof took lately, in milliseconds of a thread: a moving average. */
  #perProof = 2
  readonly #whenIdle: (() => void)[] = []
  readonly #started = Promise.withResolvers<void>()

  constructor(options: WorkerPoolOptions) {
    this.#options = options
    // Whoever does not ask is not told.
    this.#started.promise.catch(() => {})
    for (let index = 0; index < options.workers; index++) this.#start()
  }

  /** When all threads have loaded their keys; rejects with `verifier_crashed` where one died before that. */
  get started(): Promise<void> {
    return this.#started.promise
  }

  /**
   * Rejects with {@link VerifierPoolError}, `verifier_busy`, `verifier_deadline`, `verifier_crashed` or
   * `verifier_closed`.
   */
  verify(task: ProofTask): Promise<ProofStatus> {
    if (this.#isClosed) return Promise.reject(failure('verifier_closed'))
    const retryAfterMilliseconds = this.retryAfter(1)
    if (retryAfterMilliseconds !== undefined)
      return Promise.reject(failure('verifier_busy', { retryAfterMilliseconds }))
    const pending = new PendingProof(task, this.#options.deadlineMilliseconds, () => this.#expire(pending))
    this.#waiting.push(pending)
    this.#dispatchSoon()
    return pending.verdict
  }

  /** How long those that wait may take, in milliseconds; undefined where there is room for so many more. */
  retryAfter(proofs: number): number | undefined {
    const { queueLimit, workers } = this.#options
    if (this.#waiting.length + proofs <= queueLimit) return undefined
    return Math.max(Math.ceil((this.#waiting.length * this.#perProof) / workers), 10)
  }

  /** Takes no more, waits for the verdicts that are due, and ends the threads. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (!this.#isIdle()) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
    await Promise.all([...this.#threads].map((thread) => thread.end()))
  }

  #expire(pending: PendingProof): void {
    if (pending.isSettled) return
    pending.reject(failure('verifier_deadline'))
    const index = this.#waiting.indexOf(pending)
    if (index >= 0) this.#waiting.splice(index, 1)
    this.#tellIdle()
  }

  /** Once for all the proofs of one turn of the event loop: they share the idle threads. */
  #dispatchSoon(): void {
    if (this.#isDispatching) return
    this.#isDispatching = true
    queueMicrotask(() => {
      this.#isDispatching = false
      this.#dispatch()
    })
  }

  #dispatch(): void {
    const idle = [...this.#threads].filter(({ isIdle }) => isIdle)
    for (const [index, thread] of idle.entries()) {
      const request = this.#takeRequest(idle.length - index)
      if (request.length > 0) thread.run(request, this.#options.deadlineMilliseconds)
    }
    this.#tellIdle()
  }

  /** A fair share of what waits for one of so many idle threads; a proof that a thread died with goes alone. */
  #takeRequest(idleThreads: number): PendingProof[] {
    const share = Math.min(this.#options.batchSize, Math.ceil(this.#waiting.length / idleThreads))
    const suspect = this.#waiting.findIndex(({ deaths }) => deaths > 0)
    if (suspect === 0) return this.#waiting.splice(0, 1)
    return this.#waiting.splice(0, suspect < 0 ? share : Math.min(share, suspect))
  }

  #start(): void {
    const thread = new PoolThread(this.#options.startWorker(), {
      onReady: () => {
        this.#failedStarts = 0
        if ([...this.#threads].every(({ isReady }) => isReady)) this.#started.resolve()
        this.#dispatch()
      },
      onVerdicts: (request, milliseconds) => {
        this.#perProof += (milliseconds / request.length - this.#perProof) / 8
        this.#dispatch()
      },
      onDeath: (request, wasReady, cause) => {
        this.#threads.delete(thread)
        if (!wasReady) this.#started.reject(failure('verifier_crashed', { cause }))
        if (this.#isClosed && this.#isIdle()) return
        this.#retry(request, cause)
        this.#replace(wasReady)
        this.#dispatch()
      },
    })
    this.#threads.add(thread)
  }

  #retry(request: readonly PendingProof[], cause: unknown): void {
    const unsettled = request.filter(({ isSettled }) => !isSettled)
    for (const pending of unsettled) {
      pending.deaths++
      if (pending.deaths >= 2) pending.reject(failure('verifier_crashed', { cause }))
    }
    this.#waiting.unshift(...unsettled.filter(({ isSettled }) => !isSettled))
  }

  #replace(wasReady: boolean): void {
    if (wasReady) {
      this.#start()
      return
    }
    const milliseconds = Math.min(RESTART_MILLISECONDS * 2 ** this.#failedStarts, RESTART_LIMIT_MILLISECONDS)
    this.#failedStarts++
    setTimeout(() => {
      if (!this.#isClosed || !this.#isIdle()) this.#start()
    }, milliseconds).unref()
  }

  #isIdle(): boolean {
    return this.#waiting.length === 0 && [...this.#threads].every(({ isBusy }) => !isBusy)
  }

  #tellIdle(): void {
    if (this.#isIdle()) for (const tell of this.#whenIdle.splice(0)) tell()
  }
}

const MESSAGES: Readonly<Record<VerifierPoolErrorCode, string>> = {
  verifier_busy: 'too many proofs wait for their verdict',
  verifier_deadline: 'no verdict within the deadline',
  verifier_crashed: 'threads that verify die',
  verifier_closed: 'the pool is closed',
  verifier_key_set_unknown: 'the pool has no such key set',
}

export function failure(
  code: VerifierPoolErrorCode,
  options?: ConstructorParameters<typeof VerifierPoolError>[2],
): VerifierPoolError {
  return new VerifierPoolError(code, MESSAGES[code], options)
}
