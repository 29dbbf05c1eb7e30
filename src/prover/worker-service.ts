import type { KeySetFiles } from './artefacts.ts'
import { createProofEngine } from './groth16-prover.ts'
import { HelperLink } from './helper-link.ts'
import type { ProofEngine } from './proof-engine.ts'
import { createProver, type ProveProgress, type Prover } from './prove.ts'
import { ProverError } from './prover-error.ts'
import { serveHelper } from './serve-helper.ts'
import type { KeySetLocation, WorkerRequest, WorkerResponse, WorkerRole } from './worker-messages.ts'

/**
 * The worker's side: takes its role, and as the lead answers the requests that come in, in their order. It keeps what
 * it has loaded until it ends, and knows of no cancelling: whoever wants it to stop ends it.
 */
export function createWorkerService(
  openFiles: (location: KeySetLocation) => KeySetFiles,
  answer: (response: WorkerResponse) => void,
): (message: WorkerRole | WorkerRequest) => Promise<void> {
  let lead: ((request: WorkerRequest) => Promise<void>) | undefined

  return async (message) => {
    if (message.type === 'help') serveHelper(message.lead)
    else if (message.type === 'lead') {
      const helpers = message.helpers.map((port) => new HelperLink(port))
      const engine = createProofEngine(helpers)
      // Begun while the first job's files are still on their way; should it fail, loading a key says so.
      engine.prepare().catch(() => {})
      const decompressors = helpers.map((helper) => helper.decompress.bind(helper))
      lead = createLead((location) => ({ ...openFiles(location), decompressors }), answer, engine)
    } else await lead?.(message)
  }
}

function createLead(
  openFiles: (location: KeySetLocation) => KeySetFiles,
  answer: (response: WorkerResponse) => void,
  engine: ProofEngine,
): (request: WorkerRequest) => Promise<void> {
  const provers = new Map<string, Prover>()

  const proverFor = (location: KeySetLocation): Prover => {
    const name = JSON.stringify([location.base, location.keySetHash])
    const prover = provers.get(name) ?? createProver(openFiles(location), engine)
    provers.set(name, prover)
    return prover
  }

  return async (request) => {
    const { job, location, circuit } = request
    try {
      const prover = proverFor(location)
      const onProgress = (progress: ProveProgress): void => answer({ job, type: 'progress', progress })
      if (request.type === 'prove') {
        answer({ job, type: 'proved', result: await prover.prove(circuit, request.inputs, { onProgress }) })
      } else if (request.type === 'prepare') {
        await prover.prepare(circuit, { onProgress })
        answer({ job, type: 'prepared' })
      } else {
        answer({ job, type: 'verificationKey', key: await prover.verificationKey(circuit) })
      }
    } catch (error) {
      // The cause stays here: what it holds is not ours to vouch for, and it may not survive the crossing.
      if (error instanceof ProverError) answer({ job, type: 'failed', code: error.code, message: error.message })
      else answer({ job, type: 'failed', code: 'prover_crashed', message: 'the prover failed unexpectedly' })
    }
  }
}
