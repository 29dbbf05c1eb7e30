import type { CircuitId } from '../protocol/signals.ts'
import { abortError, type ProveProgress, type ProveResult, type Prover } from './prove.ts'
import { ProverError } from './prover-error.ts'
import type { KeySetLocation, WorkerRequest, WorkerResponse } from './worker-messages.ts'

/** A worker that has been started; a browser's and Node's are wrapped to this by browser.ts and node.ts. */
export type WorkerHandle = {
  postMessage(request: WorkerRequest): void
  terminate(): void
  onMessage(listener: (response: WorkerResponse) => void): void
  /** Called when the worker has died by itself, with what is known of the reason. */
  onCrash(listener: (reason: unknown) => void): void
}

export type WorkerProverOptions = {
  /** Starts a worker; it must be a new one each time. */
  createWorker: () => WorkerHandle
  /** `base` is resolved by the worker: give an absolute path or address. */
  location: KeySetLocation
  /** How long an idle worker is kept, with the keys in its memory; 30,000 by default. */
  idleMilliseconds?: number
}

export type WorkerProver = Prover & {
  /** Ends the worker; work under way is rejected with AbortError. The prover can be used again afterwards. */
  close(): void
}

/**
 * The page's side of the proving worker: starts it for the first job, hands it one job at a time, ends it when it has
 * been idle. Stopping the job under way ends the worker at once, for nothing less interrupts WebAssembly; the next job
 * starts another. A worker that dies rejects its job with {@link ProverError} `prover_crashed`.
 */
export function createWorkerProver(options: WorkerProverOptions): WorkerProver {
  const { createWorker, location, idleMilliseconds = 30_000 } = options
  const queue: Job[] = []
  let worker: WorkerHandle | undefined
  let active: Job | undefined
  let idle: ReturnType<typeof setTimeout> | undefined
  let nextJob = 1

  const endWorker = (): void => {
    clearTimeout(idle)
    const ended = worker
    worker = undefined
    ended?.terminate()
  }

  const startWorker = (): WorkerHandle => {
    const started = createWorker()
    const crashed = (cause: unknown): void => {
      // An event of a worker that has been ended already says nothing about its successor.
      if (started !== worker) return
      endWorker()
      finish((job) => job.reject(new ProverError('prover_crashed', 'the proving worker ended unexpectedly', { cause })))
    }
    started.onMessage((response) => {
      if (started === worker) receive(response)
    })
    started.onCrash(crashed)
    return started
  }

  const advance = (): void => {
    if (active) return
    active = queue.shift()
    clearTimeout(idle)
    if (!active) {
      if (worker) idle = setTimeout(endWorker, idleMilliseconds)
      // Where timers are objects (Node), this one is no reason for the process to stay.
      if (typeof idle === 'object') idle.unref()
      return
    }
    try {
      worker ??= startWorker()
      worker.postMessage(active.request)
    } catch (cause) {
      endWorker()
      finish((job) =>
        job.reject(new ProverError('prover_crashed', 'the proving worker could not be started', { cause })),
      )
    }
  }

  const finish = (settle: (job: Job) => void): void => {
    const job = active
    active = undefined
    if (job) {
      job.release()
      settle(job)
    }
    advance()
  }

  const receive = (response: WorkerResponse): void => {
    if (response.job !== active?.request.job) return
    if (response.type === 'progress') active.onProgress?.(response.progress)
    else if (response.type === 'proved') finish((job) => job.resolve(response.result))
    else if (response.type === 'prepared') finish((job) => job.resolve(undefined))
    else if (response.type === 'verificationKey') finish((job) => job.resolve(response.key))
    else finish((job) => job.reject(new ProverError(response.code, response.message)))
  }

  const stop = (job: Job): void => {
    if (job === active) {
      endWorker()
      finish(() => job.reject(abortError()))
      return
    }
    queue.splice(queue.indexOf(job), 1)
    job.release()
    job.reject(abortError())
  }

  const submit = (work: Work, { signal, onProgress }: SubmitOptions): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortError())
        return
      }
      const onAbort = (): void => stop(job)
      const release = (): void => signal?.removeEventListener('abort', onAbort)
      const job: Job = { request: { ...work, job: nextJob++, location }, onProgress, resolve, reject, release }
      signal?.addEventListener('abort', onAbort)
      queue.push(job)
      advance()
    })

  return {
    // The worker's answer to a `prove` request is a ProveResult: worker-service.ts is its only author.
    prove: async (circuit, inputs, proveOptions = {}) =>
      (await submit({ type: 'prove', circuit, inputs }, proveOptions)) as ProveResult,
    prepare: async (circuit, prepareOptions = {}) => {
      await submit({ type: 'prepare', circuit }, prepareOptions)
    },
    verificationKey: (circuit, keyOptions = {}) => submit({ type: 'verificationKey', circuit }, keyOptions),
    close: () => {
      // The waiting first, or stopping the active one would start a worker for the next.
      for (const job of [...queue, ...(active ? [active] : [])]) stop(job)
      endWorker()
    },
  }
}

type Work =
  | { type: 'prove'; circuit: CircuitId; inputs: Extract<WorkerRequest, { type: 'prove' }>['inputs'] }
  | { type: 'prepare' | 'verificationKey'; circuit: CircuitId }

type SubmitOptions = {
  signal?: AbortSignal | undefined
  onProgress?: ((progress: ProveProgress) => void) | undefined
}

type Job = {
  request: WorkerRequest
  onProgress: ((progress: ProveProgress) => void) | undefined
  resolve(value: unknown): void
  reject(reason: unknown): void
  release(): void
}
