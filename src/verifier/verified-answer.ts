import type { Claims } from '../protocol/claim.ts'
import type { FieldElement } from '../protocol/field.ts'
import type { Origin } from '../protocol/origin.ts'

/** What one answer has proved. */
export type VerifiedAnswer =
  | {
      readonly type: 'login'
      readonly item: string
      /** The holder's one name at this relying party. */
      readonly nullifier: FieldElement
      /** Names the authenticator to this relying party; to be pinned to the name at first sight. */
      readonly deviceTag: FieldElement
    }
  | {
      /** `credential` gives the login name; `action` and `vote` give a name for one act, to be accepted once. */
      readonly type: 'credential' | 'action' | 'vote'
      readonly item: string
      readonly nullifier: FieldElement
      /** The issuers that were accepted. One of them signed the credential; which one is not told. */
      readonly issuers: readonly Origin[]
      /** Hash of the credential's schema. */
      readonly schema: string
      /** The claims that the query asked to see. */
      readonly disclosed: Claims
    }
