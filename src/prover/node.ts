import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { WorkerResponse } from './worker-messages.ts'
import { createWorkerProver, type WorkerHandle, type WorkerProver, type WorkerProverOptions } from './worker-prover.ts'

/**
 * The prover of worker-prover.ts in Node, with the artefacts read from the folder
 * `<location.base>/<location.keySetHash>/`.
 *
 * Its worker is a process and not a thread: snarkjs carries a stand-in for browser workers that takes any thread it is
 * loaded in for one of its own, and fails. An idle worker does not keep this process alive, nor outlive it.
 */
export function createNodeProver(options: Omit<WorkerProverOptions, 'createWorker'>): WorkerProver {
  return createWorkerProver({ ...options, createWorker: startProcess })
}

const PROGRAM = fileURLToPath(new URL('./node-worker.ts', import.meta.url))

function startProcess(): WorkerHandle {
  const child = fork(PROGRAM, [], {
    // The flags of this process (a test runner's, a debugger's) are not the worker's.
    execArgv: [],
    // Carries bigints and byte arrays.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const hold = (): void => {
    child.ref()
    child.channel?.ref()
  }
  const release = (): void => {
    child.unref()
    child.channel?.unref()
  }
  release()
  child.on('message', (response: WorkerResponse) => {
    if (response.type !== 'progress') release()
  })
  return {
    postMessage: (request) => {
      hold()
      child.send(request)
    },
    terminate: () => void child.kill('SIGKILL'),
    onMessage: (listener) => void child.on('message', listener),
    onCrash: (listener) => {
      child.on('error', listener)
      child.on('exit', (code, signal) => listener(new Error(`the process ended with ${signal ?? `code ${code}`}`)))
    },
  }
}
