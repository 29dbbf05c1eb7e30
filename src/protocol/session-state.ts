import { z } from 'zod'
import { parse } from './parse.ts'

/**
 * Where a session of a relying party is, in this order; the last three are each an end.
 *
 * `INITIALIZED`: it is open. `PAIRING`: the browser was sent to the wallet by a link, and nobody has answered from there.
 * `CONNECTED`: a wallet has verified the request. `PROVING`: the holder has agreed and touched the key. `DONE`: a
 * presentation was accepted. `CANCELLED`: declined, or refused too often. `TIMEOUT`: its time is over.
 */
export const SESSION_STATES = [
  'INITIALIZED',
  'PAIRING',
  'CONNECTED',
  'PROVING',
  'DONE',
  'CANCELLED',
  'TIMEOUT',
] as const

export type SessionState = (typeof SESSION_STATES)[number]

/** States that a wallet reports. Neither says whether the holder could answer: see docs/protocol.md. */
export const REPORTED_STATES = ['CONNECTED', 'PROVING'] as const

export type ReportedState = (typeof REPORTED_STATES)[number]

/** States in which a presentation may still come. */
export type OpenState = Exclude<SessionState, FinalState>

export type FinalState = 'DONE' | 'CANCELLED' | 'TIMEOUT'

/** Whether nothing will change any more. */
export function isFinalState(state: SessionState): state is FinalState {
  return state === 'DONE' || state === 'CANCELLED' || state === 'TIMEOUT'
}

/** The states out of which a session may come into `state`: all that are open and earlier. */
export function statesBefore(state: SessionState): OpenState[] {
  const place = SESSION_STATES.indexOf(state)
  return SESSION_STATES.slice(0, place).filter((earlier): earlier is OpenState => !isFinalState(earlier))
}

const reportShape = z.strictObject({ state: z.enum(REPORTED_STATES) })

/** What a wallet posts to `state` beside the request's `responseUri`. Throws `message_invalid`. */
export function parseStateReport(value: unknown): { readonly state: ReportedState } {
  return parse(reportShape, value, 'message_invalid')
}
