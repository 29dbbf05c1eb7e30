import type { CircuitId } from '../protocol/signals.ts'
import { type Crew, startCrew, type WorkerHandle } from './crew.ts'
import { abortError, type ProveProgress, type ProveResult, type Prover } from './prove.ts'
import { ProverError } from './prover-error.ts'
import type { KeySetLocation, WorkerRequest, WorkerResponse } from './worker-messages.ts'

export type WorkerProverOptions = {
  /** Starts a worker; it must be a new one each time. */
  createWorker: () => WorkerHandle
  /** Workers that share each proof. More than one need cores of their own, and memory for the engine each. */
  workers: number
  /** `base` is resolved by the worker: give an absolute path or address. */
  location: KeySetLocation
  /** How long idle workers are kept, with the keys in their memory; 30,000 by default. */
  idleMilliseconds?: number
}

export type WorkerProver = Prover & {
  /** Ends the workers; work under way is rejected with AbortError. The prover can be used again afterwards. */
  close(): void
}

/**
 * The page's side of the proving workers: starts them for the first job, hands the lead one job at a time, ends them
 * when they have been idle. Stopping the job under way ends them at once, for nothing less interrupts WebAssembly; the
 * next job starts others. If any of them dies, the job is rejected with {@link ProverError} `prover_crashed`.
 */
export function createWorkerProver(options: WorkerProverOptions): WorkerProver {
  const { createWorker, workers, location, idleMilliseconds = 30_000 } = options
  const queue: Job[] = []
  let crew: Crew | undefined
  let active: Job | undefined
  let idle: ReturnType<typeof setTimeout> | undefined
  let nextJob = 1

  const endCrew = (): void => {
    clearTimeout(idle)
    const ended = crew
    crew = undefined
    ended?.end()
  }

  const startWorkers = (): Crew => {
    const started: Crew = startCrew({
      createWorker,
      workers,
      // What workers that have been ended already say has nothing to do with their successors.
      onResponse: (response) => {
        if (started === crew) receive(response)
      },
      onCrash: (cause) => {
        if (started === crew) fail(new ProverError('prover_crashed', 'a proving worker ended unexpectedly', { cause }))
      },
    })
    return started
  }

  /** After this nothing of what the workers hold can be relied on. */
  const fail = (error: ProverError): void => {
    endCrew()
    finish((job) => job.reject(error))
  }

  const advance = (): void => {
    if (active) return
    active = queue.shift()
    clearTimeout(idle)
    if (!active) {
      if (crew) idle = setTimeout(endCrew, idleMilliseconds)
      // Where timers are objects (Node), this one is no reason for the process to stay.
      if (typeof idle === 'object') idle.unref()
      return
    }
    try {
      crew ??= startWorkers()
      crew.request(active.request)
    } catch (cause) {
      fail(new ProverError('prover_crashed', 'the proving workers could not be started', { cause }))
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
    else if (response.code === 'prover_crashed') fail(new ProverError(response.code, response.message))
    else finish((job) => job.reject(new ProverError(response.code, response.message)))
  }

  const stop = (job: Job): void => {
    if (job === active) {
      endCrew()
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
      endCrew()
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
