import type { FieldElement } from '../protocol/field.ts'
import type { RefusalStatus } from './status.ts'
import type { VerifiedAnswer } from './verified-answer.ts'

/** A presentation that is not accepted, and why. */
export type Refusal = { readonly status: RefusalStatus }

/** One proof and the public signals it may have been made for, each with what is known if it was. */
export type Check = {
  readonly proof: Uint8Array
  readonly candidates: readonly { readonly signals: readonly FieldElement[]; readonly answer: VerifiedAnswer }[]
}

export function isRefusal(value: object): value is Refusal {
  return 'status' in value
}
