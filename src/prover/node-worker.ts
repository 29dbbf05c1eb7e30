import { directorySource } from './node-source.ts'
import { createWorkerService } from './worker-service.ts'

/** The prover's worker process in Node; its messages are those of worker-messages.ts. */
if (!process.send) throw new Error('node-worker.ts runs as the worker process of node.ts only')

const serve = createWorkerService(
  ({ base, keySetHash }) => ({ keySetHash, source: directorySource(base, keySetHash) }),
  // Where the channel is closed, whoever asked has gone, and this process ends with the channel.
  (response) => process.send?.(response, undefined, undefined, () => undefined),
)

process.on('message', serve)
