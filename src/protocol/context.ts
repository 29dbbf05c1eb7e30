import { canonicalJson, DIGEST_TAGS, digestToField } from './digest.ts'
import type { FieldElement } from './field.ts'
import type { Origin } from './origin.ts'

/** What one proof is for, and nothing else: every member is hashed, so a proof made for one context fits no other. */
export type Context = {
  /** The relying party (for a presentation) or the issuer (for an issuance), as the browser shows it. */
  readonly origin: Origin
  /** 32 random bytes of the session's server, base64url. */
  readonly nonce: string
  /** The server's name for the session or offer. */
  readonly session: string
  /** SHA-256 of the signed request or of the offer, base64url. */
  readonly requestHash: string
  /** Hash of the key set the proofs are made under, base64url. */
  readonly keySet: string
  /** Unix seconds after which the session is over. */
  readonly expires: number
}

const TAGS = {
  unlock: DIGEST_TAGS.contextUnlock,
  issue: DIGEST_TAGS.contextIssue,
  present: DIGEST_TAGS.contextPresent,
  recover: DIGEST_TAGS.contextRecover,
} as const

/** What a context is for; one purpose's context is never another's, for each has a tag of its own. */
export type Purpose = keyof typeof TAGS

/** ctx = F(tag of the purpose, JCS(context)). */
export function contextOf(purpose: Purpose, context: Context): FieldElement {
  const { origin, nonce, session, requestHash, keySet, expires } = context
  return digestToField(TAGS[purpose], canonicalJson({ origin, nonce, session, requestHash, keySet, expires }))
}
