import type { CircuitId } from '../protocol/signals.ts'
import type { ProveProgress, ProveResult } from './prove.ts'
import type { ProverErrorCode } from './prover-error.ts'
import type { WitnessInputs } from './witness.ts'

/** Where a worker finds the pinned key set: below a web address, or (in Node) in a folder. */
export type KeySetLocation = { keySetHash: string; base: string }

/**
 * The first message to a worker, which says what it is. The lead answers the page; a helper answers the lead, over the
 * port that joins the two (helper-messages.ts), and hears nothing more from the page.
 */
export type WorkerRole = { type: 'lead'; helpers: MessagePort[] } | { type: 'help'; lead: MessagePort }

/** What the lead is asked, one job at a time. */
export type WorkerRequest =
  | { job: number; type: 'prove'; location: KeySetLocation; circuit: CircuitId; inputs: WitnessInputs }
  | { job: number; type: 'prepare' | 'verificationKey'; location: KeySetLocation; circuit: CircuitId }

/** What it answers: any number of progress messages, then one result or error. */
export type WorkerResponse =
  | { job: number; type: 'progress'; progress: ProveProgress }
  | { job: number; type: 'proved'; result: ProveResult }
  | { job: number; type: 'prepared' }
  | { job: number; type: 'verificationKey'; key: unknown }
  | { job: number; type: 'failed'; code: ProverErrorCode; message: string }
