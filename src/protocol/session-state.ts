import { z } from 'zod'
import { parse } from './parse.ts'

/** States in which a presentation may still come, in their order. */
export const OPEN_STATES = ['INITIALIZED', 'PAIRING', 'CONNECTED', 'PROVING'] as const

/** States in which nothing will change any more. */
const FINAL_STATES = ['DONE', 'CANCELLED', 'TIMEOUT'] as const

/**
 * Where a session of a relying party is, in this order; the last three are each an end.
 *
 * `INITIALIZED`: it is open. `PAIRING`: the browser was sent to the wallet by a link, and nobody has answered from
 * there. `CONNECTED`: a wallet has verified the request. `PROVING`: the holder has agreed and touched the key. `DONE`:
 * a presentation was accepted. `CANCELLED`: declined, or refused too often. `TIMEOUT`: its time is over.
 */
export const SESSION_STATES = [...OPEN_STATES, ...FINAL_STATES] as const

export type OpenState = (typeof OPEN_STATES)[number]
export type FinalState = (typeof FINAL_STATES)[number]
export type SessionState = OpenState | FinalState

/** A state as a store keeps it. That a session is over by the clock is written nowhere: it follows from its time. */
export type StoredState = Exclude<SessionState, 'TIMEOUT'>

/** States that a wallet reports. Neither says whether the holder could answer: see docs/protocol.md. */
export const REPORTED_STATES = ['CONNECTED', 'PROVING'] as const

export type ReportedState = (typeof REPORTED_STATES)[number]

/** Whether nothing will change any more. */
export function isFinalState(state: SessionState): state is FinalState {
  return FINAL_STATES.some((final) => final === state)
}

/** The states out of which a session may come into `state`: all that are open and earlier. */
export function statesBefore(state: SessionState): OpenState[] {
  return OPEN_STATES.slice(0, SESSION_STATES.indexOf(state))
}

const reportShape = z.strictObject({ state: z.enum(REPORTED_STATES) })

/** What a wallet posts to `state` beside the request's `responseUri`. Throws `message_invalid`. */
export function parseStateReport(value: unknown): { readonly state: ReportedState } {
  return parse(reportShape, value, 'message_invalid')
}
