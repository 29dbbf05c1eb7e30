import { directorySource } from './node-source.ts'
import { createWorkerService } from './worker-service.ts'

/** The prover's worker process in Node; its messages are those of worker-messages.ts. */
if (!process.send) throw new Error('node-worker.ts runs as the worker process of node.ts only')

const serve = createWorkerService(
  ({ base, keySetHash }) => ({ keySetHash, source: directorySource(base, keySetHash) }),
  (response) => process.send?.(response),
)

process.on('message', serve)
