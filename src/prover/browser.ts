import { type WorkerHandle, workersFor } from './crew.ts'
import type { WorkerResponse } from './worker-messages.ts'
import { createWorkerProver, type WorkerProver, type WorkerProverOptions } from './worker-prover.ts'

export type BrowserProverOptions = Omit<WorkerProverOptions, 'createWorker' | 'workers'> & {
  /** See {@link WorkerProverOptions}; as many as the machine has cores, four at most, by default. */
  workers?: number

  /**
   * Starts a module worker that runs worker.ts. Injected, because only the page's own build knows the script's address
   * and only the page's Trusted Types policy may vouch for it.
   */
  createWorker: () => Worker
}

/** The prover of worker-prover.ts on module workers of the browser. */
export function createBrowserProver({ createWorker, ...options }: BrowserProverOptions): WorkerProver {
  const workers = options.workers ?? workersFor(navigator.hardwareConcurrency)
  return createWorkerProver({ ...options, workers, createWorker: () => wrap(createWorker()) })
}

function wrap(worker: Worker): WorkerHandle {
  return {
    postMessage: (message, handedOver) => worker.postMessage(message, handedOver),
    terminate: () => worker.terminate(),
    onMessage: (listener) => {
      worker.addEventListener('message', (event: MessageEvent<WorkerResponse>) => listener(event.data))
    },
    onCrash: (listener) => {
      worker.addEventListener('error', (event) => listener(event.message))
      worker.addEventListener('messageerror', () => listener('a message could not be read'))
    },
  }
}
