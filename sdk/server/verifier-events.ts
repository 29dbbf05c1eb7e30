import type { Origin } from '../../src/protocol/origin.ts'

/**
 * What happens in a verifier, for counters and alarms. It says how much and why, and never who: no names, codes of
 * results, claims or addresses. `request` is the name under which the site gave the request to `createVerifier`.
 */
export type VerifierEvent =
  | { readonly type: 'session_created'; readonly request: string }
  /** `milliseconds`: from the presentation's arrival to its entry in the ledger. */
  | { readonly type: 'accepted'; readonly request: string; readonly milliseconds: number }
  /** `code`: as in the table of error codes. */
  | { readonly type: 'refused'; readonly request: string; readonly code: string; readonly milliseconds: number }
  | { readonly type: 'declined'; readonly request: string }
  | { readonly type: 'result_read'; readonly request: string }
  /** Turned away by `busy` before any of it was checked. */
  | { readonly type: 'overloaded'; readonly retryAfterSeconds: number }
  /** What an issuer publishes could not be had (`issuer_unreachable`), or is not what it may be. */
  | { readonly type: 'issuer_failed'; readonly issuer: Origin; readonly code: string }
  /** The file of the signing keys had changed and was read anew; a new key in it signs once its time has come. */
  | { readonly type: 'signing_key_changed' }

/** Makes a teller that cannot fail: what `onEvent` throws goes to `onError`. */
export function createEmitter(
  onEvent: (event: VerifierEvent) => void,
  onError: (error: unknown) => void,
): (event: VerifierEvent) => void {
  return (event) => {
    try {
      onEvent(event)
    } catch (error) {
      onError(error)
    }
  }
}
