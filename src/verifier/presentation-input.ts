import type { FieldElement } from '../protocol/field.ts'
import type { IssuerMetadata } from '../protocol/issuer.ts'
import type { Origin } from '../protocol/origin.ts'
import type { Presentation } from '../protocol/presentation.ts'
import type { PresentationRequest } from '../protocol/request.ts'
import type { StatusHistory } from '../protocol/status-history.ts'
import type { KeySet } from './key-set.ts'

/** What the ordered checks are made from: the presentation, and what the verifier itself knows. */
export type PresentationInput = {
  readonly presentation: Presentation
  /** The request as the verifier itself made it. */
  readonly request: PresentationRequest
  /** ctx of that request: `requestContext(jws, request)`. */
  readonly context: FieldElement
  /** The key set that the request names. */
  readonly keySet: KeySet
  /** Metadata of an issuer, fetched from its own origin; undefined where there is none. */
  readonly issuers: (origin: Origin) => IssuerMetadata | undefined
  /** The epochs of an issuer's status list, fetched from its own origin; undefined where there are none. */
  readonly histories: (origin: Origin) => StatusHistory | undefined
  /** The verifier's clock in Unix seconds: by it the age of a status list is judged. */
  readonly now: number
  /** For how many seconds a status list still counts after the next one took its place. */
  readonly statusGrace: number
  /**
   * Where whoever verifies the proofs also reads them: then only those are read before that stand in front of a set, whose
   * root may have to be computed.
   */
  readonly readsProofsLast?: boolean
}
