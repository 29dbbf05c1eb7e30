import { parentPort } from 'node:worker_threads'
import { directorySource } from './node-source.ts'
import { createWorkerService } from './worker-service.ts'

/** The prover's worker thread in Node; its messages are those of worker-messages.ts. */
if (!parentPort) throw new Error('node-worker.ts runs as a worker thread of node.ts only')

const port = parentPort

const serve = createWorkerService(
  ({ base, keySetHash }) => ({ keySetHash, source: directorySource(base, keySetHash) }),
  (response) => port.postMessage(response),
)

port.on('message', serve)
// Ends the thread, which its prover sees: a job must not wait for an answer to what was never read.
port.on('messageerror', (error) => {
  throw error
})
