import { Worker } from 'node:worker_threads'
import type { WorkerResponse } from './worker-messages.ts'
import { createWorkerProver, type WorkerHandle, type WorkerProver, type WorkerProverOptions } from './worker-prover.ts'

/**
 * The prover of worker-prover.ts on a worker thread of Node, with the artefacts read from the folder
 * `<location.base>/<location.keySetHash>/`. An idle thread does not keep the process alive.
 */
export function createNodeProver(options: Omit<WorkerProverOptions, 'createWorker'>): WorkerProver {
  return createWorkerProver({ ...options, createWorker: startThread })
}

function startThread(): WorkerHandle {
  const thread = new Worker(new URL('./node-worker.ts', import.meta.url))
  thread.unref()
  // Only work under way keeps the process alive; there is never more than one job.
  thread.on('message', (response: WorkerResponse) => {
    if (response.type !== 'progress') thread.unref()
  })
  return {
    postMessage: (request) => {
      thread.ref()
      thread.postMessage(request)
    },
    // Nobody waits for the thread's end: what it still says is not listened to.
    terminate: () => void thread.terminate(),
    onMessage: (listener) => void thread.on('message', listener),
    onCrash: (listener) => {
      thread.on('error', listener)
      // A thread that runs out of memory, or ends itself, may only exit.
      thread.on('exit', listener)
    },
  }
}
