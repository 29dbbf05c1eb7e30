import type { Worker } from 'node:worker_threads'
import type { PendingProof } from './pending-proof.ts'
import type { PoolRequest, PoolResponse } from './pool-messages.ts'

type Listeners = {
  /** The keys are loaded. */
  readonly onReady: () => void
  /** Every proof of the request has its verdict; `milliseconds` after it was handed over. */
  readonly onVerdicts: (request: readonly PendingProof[], milliseconds: number) => void
  /** Called once; `request` is what it was at work on. */
  readonly onDeath: (request: readonly PendingProof[], wasReady: boolean, cause: unknown) => void
}

/** A worker thread with one request at a time. It holds the process only until its keys are loaded. */
export class PoolThread {
  readonly #worker: Worker
  readonly #listeners: Listeners
  #isReady = false
  #request: readonly PendingProof[] | undefined
  #begun = 0
  #watchdog: NodeJS.Timeout | undefined
  #cause: unknown

  constructor(worker: Worker, listeners: Listeners) {
    this.#worker = worker
    this.#listeners = listeners
    worker.on('message', (response: PoolResponse) => this.#receive(response))
    worker.on('error', (cause) => {
      this.#cause = cause
    })
    worker.on('exit', (code) => this.#die(code))
  }

  get isReady(): boolean {
    return this.#isReady
  }

  get isIdle(): boolean {
    return this.#isReady && !this.#request
  }

  get isBusy(): boolean {
    return this.#request !== undefined
  }

  /** A thread that has given no answer by the deadline hangs, and is ended. */
  run(request: readonly PendingProof[], deadlineMilliseconds: number): void {
    this.#request = request
    this.#begun = performance.now()
    this.#watchdog = setTimeout(() => setImmediate(() => this.#endUnlessDone(request)), deadlineMilliseconds)
    const tasks: PoolRequest = request.map(({ task }) => task)
    this.#worker.postMessage(tasks)
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  #endUnlessDone(request: readonly PendingProof[]): void {
    if (this.#request === request) void this.end()
  }

  #receive(response: PoolResponse): void {
    if (response === 'ready') {
      this.#isReady = true
      this.#worker.unref()
      this.#listeners.onReady()
      return
    }
    const request = this.#request ?? []
    clearTimeout(this.#watchdog)
    this.#request = undefined
    for (const [index, pending] of request.entries()) {
      const status = response[index]
      if (status) pending.resolve(status)
    }
    this.#listeners.onVerdicts(request, performance.now() - this.#begun)
  }

  #die(code: number): void {
    clearTimeout(this.#watchdog)
    const [request, wasReady] = [this.#request ?? [], this.#isReady]
    this.#request = undefined
    this.#isReady = false
    this.#listeners.onDeath(request, wasReady, this.#cause ?? new Error(`the thread ended with code ${code}`))
  }
}
