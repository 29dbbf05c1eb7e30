import type { StoredState } from '../../../src/protocol/session-state.ts'
import type { Transport } from './store.ts'

/** Times are milliseconds since 1970; hashes, names and tags 32 bytes, which the tables check. */
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
    state: StoredState
    /** How many presentations have been refused; enough of them end the session. */
    refusals: number
    created_at: number
    expires_at: number
    /** SHA-256 of the presentation that was accepted. */
    presentation_digest: Uint8Array | null
    /** SHA-256 of the code that reads the result. */
    code_hash: Uint8Array | null
    /** How many once-only names are held for the result; it can be read while it still holds them all. */
    names: number
    /** JSON; gone once it is read. */
    result: string | null
    result_expires_at: number | null
    result_read_at: number | null
  }
  /** Names of once-only kinds that have been used, or are held. A login name repeats by design and is not here. */
  nullifiers: {
    kind: OnceOnlyKind
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
    /** Unique for each name: of two first sign-ins at once, one pins. */
    place: number
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
  audit: AuditRow & {
    /** The row before's `hash`; zeros before the first. */
    prev: Uint8Array
    /** HMAC-SHA-256 over `prev` and the row (audit-chain.ts); the key is not in the database. */
    hash: Uint8Array
  }
  /** One row: where the log ends, and from where on it is kept. Both authenticated, under the key of the log. */
  audit_head: {
    id: 1
    seq: number
    hash: Uint8Array
    mac: Uint8Array
    base_seq: number
    base_hash: Uint8Array
    base_mac: Uint8Array
  }
}

/** Kinds whose names are accepted once. No request asks for `spend` yet. */
export type OnceOnlyKind = 'action' | 'vote' | 'spend'

export type AuditRow = {
  /** 1, 2, 3 …, without a gap. */
  seq: number
  at: number
  event: 'accepted' | 'refused' | 'declined' | 'result_read' | 'forgotten' | 'pruned' | 'broken' | 'acknowledged'
  request_name: string | null
  /** The refusal's code. */
  code: string | null
  /** HMAC-SHA-256 of the login name; the key is not in the database. */
  name_hmac: Uint8Array | null
  /** Of `pruned`: what was dropped; of `broken` and `acknowledged`: what was found, as JSON. */
  detail: string | null
}

export type SessionRow = Tables['sessions']
