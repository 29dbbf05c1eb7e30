import type { WorkerRequest, WorkerResponse } from './worker-messages.ts'
import { createWorkerProver, type WorkerHandle, type WorkerProver, type WorkerProverOptions } from './worker-prover.ts'

export type BrowserProverOptions = Omit<WorkerProverOptions, 'createWorker'> & {
  /**
   * Starts a module worker that runs worker.ts. Injected, because only the page's own build knows the script's address
   * and only the page's Trusted Types policy may vouch for it.
   */
  createWorker: () => Worker
}

/** The prover of worker-prover.ts on a module worker of the browser. */
export function createBrowserProver({ createWorker, ...options }: BrowserProverOptions): WorkerProver {
  return createWorkerProver({ ...options, createWorker: () => wrap(createWorker()) })
}

function wrap(worker: Worker): WorkerHandle {
  return {
    postMessage: (request: WorkerRequest) => worker.postMessage(request),
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
