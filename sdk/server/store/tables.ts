import type { Generated } from 'kysely'
import type { SessionState, Transport } from './store.ts'

/** Times are milliseconds since 1970; hashes and names 32 bytes. */
export type Tables = {
  sessions: {
    id: string
    /** The name under which the request was given to `createVerifier`. */
    request_name: string
    /** SHA-256 of the browser's cookie. */
    browser_hash: Uint8Array
    /** The request as it was signed: context and query are computed from it alone. */
    jws: string
    transport: Transport
    state: SessionState
    /** How many presentations have been refused; enough of them end the session. */
    refusals: number
    created_at: number
    expires_at: number
    /** SHA-256 of the presentation that was accepted. */
    presentation_digest: Uint8Array | null
    /** SHA-256 of the code that reads the result. */
    code_hash: Uint8Array | null
    /** JSON; gone once it is read. */
    result: string | null
    result_expires_at: number | null
    result_read_at: number | null
  }
  /** Names of once-only kinds that have been used, or are held. A login name repeats by design and is not here. */
  nullifiers: {
    kind: 'action' | 'vote'
    nullifier: Uint8Array
    session_id: string
    used_at: number
    /** Until when the name is held for a result that is not read; null once it is, and the name is used for good. */
    held_until: number | null
  }
  /** Which authenticators may sign in under a login name. */
  device_tags: {
    nullifier: Uint8Array
    device_tag: Uint8Array
    pinned_at: number
  }
  /** What a browser has shown, under the SHA-256 of its cookie. */
  visits: {
    token_hash: Uint8Array
    results: string
    /** HMAC-SHA-256 of the login name that the results show, as in the audit log. */
    name_hmac: Uint8Array | null
    created_at: number
    expires_at: number
  }
  /** What issuers published when they were last asked. */
  issuers: {
    origin: string
    published: string
    seen_at: number
  }
  audit: {
    id: Generated<number>
    at: number
    event: 'accepted' | 'refused' | 'declined' | 'result_read' | 'forgotten'
    request_name: string | null
    /** The refusal's code. */
    code: string | null
    /** HMAC-SHA-256 of the login name; the key is not in the database. */
    name_hmac: Uint8Array | null
  }
}
