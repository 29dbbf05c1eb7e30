import type { StoredState } from '../../../src/protocol/session-state.ts'
import type { RefusalStatus } from '../../../src/verifier/status.ts'
import type { VerifiedAnswer } from '../../../src/verifier/verified-answer.ts'

/**
 * Where a verifier keeps what it must not forget: a SQLite file of its own, made if missing, or a PostgreSQL database that
 * several share.
 */
export type StoreOption =
  | { readonly path: string }
  | {
      /** `postgres://…` */
      readonly url: string
      /** Connections at most, by default 8; one more listens for changes while somebody watches a session. */
      readonly poolSize?: number | undefined
    }

export type StoreKeeping = {
  /** 32 bytes under which the audit log is chained. Not in the database, so that who has only that cannot forge it. */
  readonly auditKey: Uint8Array
  /** Told what happens with nobody waiting for it, such as a lost connection of the change feed. */
  readonly onError: (error: unknown) => void
  /**
   * Opens a store whose audit log is under another key, which is else refused by `audit_key_mismatch`: for
   * {@link Ledger.acknowledge}, which takes it over.
   */
  readonly acceptOtherKey?: boolean | undefined
}

/** How the browser gets to the wallet. Of a link nobody knows yet whether it was followed: it begins as `PAIRING`. */
export type Transport = 'window' | 'link'

/** Times here and below are milliseconds since 1970, by the caller's clock; hashes are 32 bytes. */
export type NewSession = {
  readonly id: string
  readonly requestName: string
  /** SHA-256 of the browser's cookie. */
  readonly browserHash: Uint8Array
  /** The signed request. */
  readonly jws: string
  readonly transport: Transport
  readonly createdAt: number
  readonly expiresAt: number
}

export type StoredSession = {
  readonly id: string
  readonly requestName: string
  readonly browserHash: Uint8Array
  readonly jws: string
  readonly transport: Transport
  readonly state: StoredState
  readonly expiresAt: number
  /** SHA-256 of the presentation that was accepted: the same one again is a retry. Null before, and in old files. */
  readonly presentationDigest: Uint8Array | null
}

/** A presentation whose checks all passed, and what is to be written if its challenge and names are free. */
export type Acceptance = {
  readonly sessionId: string
  readonly requestName: string
  readonly presentationDigest: Uint8Array
  readonly answers: readonly VerifiedAnswer[]
  readonly codeHash: Uint8Array
  /** JSON for whoever brings the code. */
  readonly result: string
  readonly resultExpiresAt: number
  readonly nameHmac: Uint8Array | null
  readonly now: number
}

export type Refusal = {
  readonly sessionId: string
  readonly requestName: string
  readonly code: string
  readonly now: number
}

export type TakenResult = { readonly sessionId: string; readonly requestName: string; readonly result: string }

/** A browser's visit: what it has shown here, kept for some hours under the hash of its cookie. */
export type NewVisit = {
  readonly tokenHash: Uint8Array
  /** The token of before, which ends with this: tokens change with every result. */
  readonly replaces?: Uint8Array | undefined
  /** Text, opaque to the store. */
  readonly results: string
  /** Whose visit it is: `nameHmac` of {@link Store.forgetName}. Null where the results show no login name. */
  readonly nameHmac: Uint8Array | null
  readonly createdAt: number
  readonly expiresAt: number
}

export type StoredVisit = Pick<NewVisit, 'results' | 'createdAt' | 'expiresAt'>

/** What an issuer published when it was last asked: kept so that a restart does not forget what it must not take back. */
export type KeptIssuer = {
  readonly origin: string
  /** JSON, opaque to the store. */
  readonly documents: string
  readonly seenAt: number
}

/**
 * All that is kept. Every method that writes answers after the commit that makes it durable, and throws
 * `store_unavailable` (retryable; nothing was written, or it is found again by a retry) where the database cannot.
 */
export type Store = {
  insertSession(session: NewSession): Promise<void>
  findSession(id: string): Promise<StoredSession | undefined>
  /**
   * Whether the browser has a session that is still open, so that its cookie must stay what it is; `full` where the cookie
   * has begun {@link MAX_SESSIONS_OF_BROWSER} that are not past their time, over or not.
   */
  openSessions(browserHash: Uint8Array, now: number): Promise<'none' | 'some' | 'full'>
  /**
   * Moves an open session forward, never back: the state it then has, or undefined where there is none. A session that
   * is over, or past its time, stays what it is.
   */
  advanceSession(change: {
    readonly id: string
    readonly state: 'CONNECTED' | 'PROVING'
    readonly now: number
  }): Promise<StoredState | undefined>
  /** Ends a session without a presentation; false if it was over already. */
  cancelSession(id: string, now: number): Promise<boolean>
  /**
   * Counts a refused presentation, and ends the session with the {@link MAX_REFUSALS}th. Each that counts is written down
   * with its code; those that come after are not, or anybody could fill the disk with one session.
   */
  recordRefusal(refusal: Refusal): Promise<void>
  /**
   * Accepts a presentation whose checks all passed, wholly or not at all (docs/ledger.md): consumes the challenge, pins
   * or checks the authenticator, holds once-only names until the result is read.
   */
  accept(acceptance: Acceptance): Promise<'ACCEPTED' | RefusalStatus>
  /**
   * Reads the result that belongs to a code, once, for the browser that began the session; what it shows to be done once
   * is used up by this and by nothing before. `visit` makes a visit of what was read, written in the same transaction; it
   * may be called again if that has to be repeated. `isGoingOn`: whether the visit `replaces` was still there to be
   * ended by this; what was read of one that has ended meanwhile must not be in the new one.
   * Throws `result_unknown`, `result_wrong_browser`, `result_wrong_session` (where `session` is another) and
   * `result_without_visit` (where `entersVisit` says no; the result stays unread after these three), and
   * `result_already_read`.
   */
  takeResult(request: {
    readonly code: string
    readonly browser: string | undefined
    readonly now: number
    readonly replaces?: Uint8Array | undefined
    readonly visit?: ((taken: TakenResult, isGoingOn: boolean) => NewVisit) | undefined
    /** Whether the result of a request by this name may enter a visit. */
    readonly entersVisit?: ((requestName: string) => boolean) | undefined
    /** The session that it must be of; any if undefined. */
    readonly session?: string | undefined
  }): Promise<TakenResult>
  /**
   * Drops the pins of a login name, so that its next sign-in is a first one, and ends its visits in every browser.
   * Once-only names stay used.
   */
  forgetName(name: {
    readonly nullifier: Uint8Array
    readonly nameHmac: Uint8Array
    readonly now: number
  }): Promise<void>
  putVisit(visit: NewVisit): Promise<void>
  /** Undefined for a visit that ended or expired. */
  findVisit(tokenHash: Uint8Array, now: number): Promise<StoredVisit | undefined>
  endVisit(tokenHash: Uint8Array): Promise<void>
  findIssuer(origin: string): Promise<KeptIssuer | undefined>
  /** Keeps it unless something later is kept already. */
  keepIssuer(issuer: KeptIssuer): Promise<void>
  /**
   * Calls back with the state that a session is in, soon, and then with each that it enters, whichever process wrote it.
   * One may be left out where another follows at once. Ends with the function that comes back.
   */
  watch(sessionId: string, listener: (state: StoredState) => void): () => void
  /**
   * Frees names held for results that nobody read in time, and drops those results; sessions a day after they expire,
   * visits at their end, audit rows after 90 days.
   */
  sweep(now: number): Promise<void>
  readonly ledger: Ledger
  /** Throws `store_unavailable` unless the database answers. */
  ping(): Promise<void>
  /** Waits for what is under way. Nothing may be asked after. */
  close(): Promise<void>
}

/** Refused presentations after which a session is over. Each may have cost its checks, and has an audit row. */
export const MAX_REFUSALS = 5

/** Sessions of one cookie within their time. It bounds what a look for an open one reads; two at once may go past it. */
export const MAX_SESSIONS_OF_BROWSER = 32

/** What an operator asks of the ledger, besides its daily work. */
export type Ledger = {
  /**
   * Walks the audit log from its first row that is kept to its head, and names the first thing that is wrong. `known`: a
   * head that was noted elsewhere; without one, a log that was set back whole to an earlier state cannot be told.
   * `newest`: only so many rows, from the head, for a look that is quick.
   */
  verify(options?: {
    readonly known?: LedgerHead | undefined
    readonly newest?: number | undefined
  }): Promise<LedgerVerdict>
  /**
   * Begins a log anew that is not valid, or is under another key: a row `acknowledged` says what was wrong, and is the
   * first that counts. Names stay used. What was found comes back; of a valid log, nothing is changed.
   */
  acknowledge(options: { readonly now: number }): Promise<LedgerVerdict>
  /**
   * NDJSON, a line at a time: the audit rows, the once-only names that are used (under HMAC, none in clear), and last a
   * line with their numbers and the head of the log.
   */
  export(): AsyncIterable<string>
  /**
   * Drops what is older than `before`: audit rows, sessions, visits. Used names stay. With `dryRun` it only counts. What
   * is dropped of the log is written into the log.
   */
  prune(range: { readonly before: number; readonly now: number; readonly dryRun?: boolean }): Promise<PruneCounts>
  /** How the database is set to keep what it has committed. */
  durability(): Promise<Durability>
}

export type LedgerHead = {
  /** Number of the newest row; 0 where there is none yet. */
  readonly seq: number
  /** Its link, base64url. */
  readonly hash: string
}

export type LedgerVerdict =
  | { readonly valid: true; readonly rows: number; readonly head: LedgerHead }
  | {
      readonly valid: false
      readonly code:
        | 'audit_row_changed'
        | 'audit_row_missing'
        | 'audit_truncated'
        | 'audit_base_changed'
        | 'audit_head_changed'
        | 'audit_set_back'
        | 'audit_broken'
        | 'audit_known_pruned'
      /** The row at fault: the first that is not as it was written. */
      readonly seq: number
    }

export type PruneCounts = { readonly audit: number; readonly sessions: number; readonly visits: number }

export type Durability = {
  readonly database: 'sqlite' | 'postgresql'
  /** Whether what was answered survives a power cut, as far as the database's settings go. */
  readonly durable: boolean
  /** By their names there: `journal_mode`, `synchronous`; `fsync`, `synchronous_commit`, `full_page_writes`. */
  readonly settings: Readonly<Record<string, string>>
}
