import { cacheStorageCache } from './artefact-cache.ts'
import { httpSource } from './artefact-source.ts'
import { createWorkerService } from './worker-service.ts'

/** The prover's module worker in a browser, lead or helper; its messages are those of worker-messages.ts. */
const serve = createWorkerService(
  ({ base, keySetHash }) => ({ keySetHash, source: httpSource(base, keySetHash), cache: cacheStorageCache() }),
  (response) => postMessage(response),
)

addEventListener('message', (event) => serve(event.data))
// An error that the page sees: a job must not wait for an answer to what was never read.
addEventListener('messageerror', () => {
  throw new Error('a message could not be read')
})
