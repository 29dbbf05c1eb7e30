import type { FieldElement } from '../protocol/field.ts'
import type { CircuitId } from '../protocol/signals.ts'
import type { RefusalStatus } from './status.ts'
import type { VerifiedAnswer } from './verified-answer.ts'

/** A presentation that is not accepted, and why. */
export type Refusal = { readonly status: RefusalStatus }

/** One proof, and the public signals for which it must verify. */
export type ProofCheck = {
  readonly circuit: CircuitId
  readonly proof: Uint8Array
  readonly signals: readonly FieldElement[]
}

/** The proofs of one item, and what is known if all of them verify. */
export type ItemCheck = { readonly proofs: readonly ProofCheck[]; readonly answer: VerifiedAnswer }

export function isRefusal(value: object): value is Refusal {
  return 'status' in value
}
