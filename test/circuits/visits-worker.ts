import { parentPort, workerData } from 'node:worker_threads'
import { type Visit, visitsOf } from './visits.ts'

/** The signals of all visits of the holders `from … to − 1`, in their order: what the thread was given, and gives back. */
export type VisitRange = { from: number; to: number }
export type VisitSignals = Omit<Visit, 'given'>[]

// The thread that starts this one gives it a VisitRange.
const { from, to } = workerData as VisitRange
const visits: VisitSignals = []
for (let holder = from; holder < to; holder++) {
  for (const { given: _, ...seen } of visitsOf(holder)) visits.push(seen)
}
parentPort?.postMessage(visits)
