import type { ProofTask } from '../proof-verifier.ts'
import type { ProofStatus } from '../verify-proof.ts'
import type { VerifierPoolError } from './pool-error.ts'

/** A proof on its way to a verdict; the first verdict, or error, counts. */
export class PendingProof {
  /** Threads that died with it. */
  deaths = 0
  readonly task: ProofTask
  readonly verdict: Promise<ProofStatus>
  readonly #timer: NodeJS.Timeout
  #isSettled = false
  #settle: { resolve: (status: ProofStatus) => void; reject: (error: VerifierPoolError) => void } | undefined

  /** While it waits it holds the process, which the threads by themselves do not. */
  constructor(task: ProofTask, deadlineMilliseconds: number, onExpired: () => void) {
    this.task = task
    this.verdict = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // A verdict that is here already, and only waits for this thread to take it, still counts.
    this.#timer = setTimeout(() => setImmediate(onExpired), deadlineMilliseconds)
  }

  get isSettled(): boolean {
    return this.#isSettled
  }

  resolve(status: ProofStatus): void {
    this.#settle?.resolve(status)
    this.#end()
  }

  reject(error: VerifierPoolError): void {
    this.#settle?.reject(error)
    this.#end()
  }

  #end(): void {
    this.#isSettled = true
    clearTimeout(this.#timer)
  }
}
