import { availableParallelism } from 'node:os'
import { type MessagePort, Worker } from 'node:worker_threads'
import { type WorkerHandle, workersFor } from './crew.ts'
import { createWorkerProver, type WorkerProver, type WorkerProverOptions } from './worker-prover.ts'

export type NodeProverOptions = Omit<WorkerProverOptions, 'createWorker' | 'workers'> & {
  /** See {@link WorkerProverOptions}; as many as the machine has cores, four at most, by default. */
  workers?: number
}

/**
 * The prover of worker-prover.ts in Node, on worker threads, with the artefacts read from the folder
 * `<location.base>/<location.keySetHash>/`. Idle workers do not keep the process alive.
 */
export function createNodeProver(options: NodeProverOptions): WorkerProver {
  const workers = options.workers ?? workersFor(availableParallelism())
  return createWorkerProver({ ...options, workers, createWorker: startThread })
}

const PROGRAM = new URL('./node-worker.ts', import.meta.url)

function startThread(): WorkerHandle {
  // The flags of this process (a test runner's, a debugger's) are not the worker's.
  const worker = new Worker(PROGRAM, { execArgv: [] })
  // The process waits for jobs, not for workers: only the lead has jobs.
  worker.unref()
  return {
    postMessage: (message, handedOver) => {
      if ('job' in message) worker.ref()
      // Ports of the platform's MessageChannel, which in Node are these; the types are those of the DOM.
      worker.postMessage(message, handedOver as unknown as MessagePort[])
    },
    terminate: () => void worker.terminate(),
    onMessage: (listener) => {
      worker.on('message', (response) => {
        if (response.type !== 'progress') worker.unref()
        listener(response)
      })
    },
    onCrash: (listener) => {
      worker.on('error', listener)
      worker.on('messageerror', listener)
      worker.on('exit', (code) => listener(new Error(`the thread ended with code ${code}`)))
    },
  }
}
