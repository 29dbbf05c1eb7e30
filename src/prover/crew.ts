import type { WorkerRequest, WorkerResponse, WorkerRole } from './worker-messages.ts'

/** A worker that has been started; a browser's and Node's are wrapped to this by browser.ts and node.ts. */
export type WorkerHandle = {
  postMessage(message: WorkerRole | WorkerRequest, handedOver: MessagePort[]): void
  terminate(): void
  onMessage(listener: (response: WorkerResponse) => void): void
  /** Called when the worker has died by itself, with what is known of the reason. */
  onCrash(listener: (reason: unknown) => void): void
}

export type CrewOptions = {
  /** Starts a worker; it must be a new one each time. */
  createWorker: () => WorkerHandle
  /** Workers, the lead among them; one at least. */
  workers: number
  onResponse: (response: WorkerResponse) => void
  /** Any of the workers has died: the others cannot finish without it. */
  onCrash: (reason: unknown) => void
}

/** The workers of one prover, joined; they live and end together. */
export type Crew = {
  request(request: WorkerRequest): void
  /** Ends every worker at once, whatever it is doing. */
  end(): void
}

/**
 * Starts the workers: a lead, and helpers that it reaches by a channel each. They are all started from here, by one
 * script: a worker that starts workers would need script addresses vouched for within it. Throws what `createWorker`
 * throws, with none of them left behind.
 */
export function startCrew({ createWorker, workers, onResponse, onCrash }: CrewOptions): Crew {
  const started: WorkerHandle[] = []
  const start = (): WorkerHandle => {
    const worker = createWorker()
    started.push(worker)
    worker.onCrash(onCrash)
    return worker
  }
  const end = (): void => {
    for (const worker of started) worker.terminate()
  }
  try {
    const lead = start()
    lead.onMessage(onResponse)
    const helpers = Array.from({ length: workers - 1 }, () => {
      const { port1, port2 } = new MessageChannel()
      start().postMessage({ type: 'help', lead: port1 }, [port1])
      return port2
    })
    lead.postMessage({ type: 'lead', helpers }, helpers)
    return { request: (request) => lead.postMessage(request, []), end }
  } catch (error) {
    end()
    throw error
  }
}

/** As many workers as are worth starting on a machine of so many cores: beyond four, memory grows and little else. */
export function workersFor(cores: number | undefined): number {
  return Math.max(1, Math.min(cores ?? 1, MOST_WORKERS))
}

const MOST_WORKERS = 4
