import type { Day } from '../../src/protocol/day.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import type { Query } from '../../src/protocol/query.ts'
import type { KeySetSource } from '../../src/verifier/key-set.ts'
import type { ProofVerifier } from '../../src/verifier/proof-verifier.ts'
import type { IssuerLoader } from './issuer-directory.ts'
import type { FetchJson } from './loopback-fetch.ts'
import type { QuerySource } from './query-source.ts'
import type { StoreOption } from './store/store.ts'
import type { VerifierEvent } from './verifier-events.ts'

/** A request by its query alone, or with more. */
export type RequestDefinition =
  | QuerySource
  | {
      readonly query: QuerySource
      /** Where the browser returns to where no window waits; `/` if absent. */
      readonly returnPath?: string
      /** Why the site asks, in its own words, which the wallet shows as such: 1 to 80 UTF-16 units in one line. */
      readonly purpose?: string
      /** How long a session of it lives, in whole seconds: 30 to 600, `sessionSeconds` if absent. */
      readonly ttl?: number
    }

/**
 * A key set that proofs may be made under: its folder (`manifest.json` and a `<circuit>.vkey.json` for each circuit); its
 * hash, 43 characters, by which it is fetched from the wallet's origin once and kept; or its files in memory.
 */
export type KeySetOption = string | Pick<KeySetSource, 'manifest' | 'readVerificationKey'>

/** The file of the keys that sign requests, made if missing; or what such a file holds, for processes without a disk. */
export type SigningKeyOption = { readonly path: string } | { readonly json: string }

/** How proofs are verified. All are whole numbers. */
export type VerificationOptions = {
  /** Threads; by default one for each core but one, and one at least. With 0 proofs are verified on the event loop. */
  readonly workers?: number
  /** Proofs that may wait for their verdict, by default 256. Presentations beyond that are answered by `busy`. */
  readonly queueLimit?: number
  /** How long a proof may take, its waiting included, by default 2000. */
  readonly deadlineMilliseconds?: number
  /** Proofs verified together at most where proofs wait, by default 64. */
  readonly batchSize?: number
}

export type VerifierOptions = {
  /** The site's own origin, as browsers show it. It is the site's identity: names belong to it. */
  readonly origin: string
  /** Where the wallet lives. */
  readonly walletOrigin: string
  /** What the site may ask, by names that its pages use. */
  readonly requests: Readonly<Record<string, RequestDefinition>>
  /**
   * `production` refuses http origins (the issuers' too), keys that anyone can forge under, and key sets that are not named. By default
   * `development` where the site's origin is http (on localhost), else `production`.
   */
  readonly mode?: 'production' | 'development'
  /**
   * The key sets that count. Sessions ask for the first; proofs under any of them are accepted. In development it may be
   * left out: then it is the wallet's own, as the wallet says at the first start.
   */
  readonly keySets?: readonly KeySetOption[]
  /**
   * Origins whose credentials count, by default those that the requests name, at the start; a request written out for
   * `createSession` may name no others. Or a function that gives what an issuer publishes itself: then all count.
   */
  readonly issuers?: readonly string[] | IssuerLoader
  /** The folder of what is not said otherwise below; by default `touchstone`, in the process's own folder. */
  readonly data?: string
  /** By default `touchstone.sqlite` in the data folder. */
  readonly store?: StoreOption
  /** By default `signing-key.json` in the data folder. */
  readonly signingKey?: SigningKeyOption
  /** How long a session lives, in seconds: 30 to 600, by default 120. */
  readonly sessionSeconds?: number
  /** How long a visit lives after its last result, in seconds: 60 to 2,678,400, by default 43,200 (12 hours). */
  readonly visitSeconds?: number
  /**
   * For how long a proof counts that was made against a status list since replaced, in seconds: 0 to 3600, by default
   * 600. A list may change while somebody is proving; a revocation takes effect here when the grace is over.
   */
  readonly statusGraceSeconds?: number
  /** How proofs are verified; or something that verifies them, whose life is its maker's. */
  readonly verification?: VerificationOptions | ProofVerifier
  /** Accepts keys that anyone can forge under: tests only. */
  readonly allowDevelopmentKeys?: boolean
  /** GET of what wallet and issuers publish; by default the platform's fetch, and 127.0.0.1 for `*.localhost`. */
  readonly fetch?: FetchJson
  readonly clock?: () => Date
  /**
   * Called with what was not foreseen and was answered by `internal_error`; with `status_history_invalid` for an issuer
   * that takes back what it published; and once with `query_invalid` for an issuer, or a way to answer, that is left
   * out because of what an issuer publishes. By default it goes to stderr.
   */
  readonly onError?: (error: unknown) => void
  /** Called with what happens, for counters and alarms. */
  readonly onEvent?: (event: VerifierEvent) => void
}

/** A request, checked. */
export type RequestConfig = {
  /** The query of a day; the same object for the same day. */
  readonly query: (today: Day) => Query
  readonly returnPath: string
  readonly purpose?: string | undefined
  /** In seconds. */
  readonly ttl?: number | undefined
}

/** The options, checked. */
export type VerifierConfig = {
  readonly origin: Origin
  readonly walletOrigin: Origin
  readonly requests: ReadonlyMap<string, RequestConfig>
  readonly mode: 'production' | 'development'
  /** Undefined: the wallet's own, as it says. */
  readonly keySets: readonly KeySetOption[] | undefined
  /** The issuers that a request written out may name; undefined: all. */
  readonly knownIssuers: readonly Origin[] | undefined
  readonly loadIssuer: IssuerLoader
  readonly data: string
  readonly store: StoreOption
  readonly signingKey: SigningKeyOption
  readonly sessionSeconds: number
  readonly visitSeconds: number
  readonly statusGraceSeconds: number
  readonly verification: VerificationOptions | ProofVerifier
  readonly allowDevelopmentKeys: boolean
  readonly fetch: FetchJson
  readonly clock: () => Date
  readonly onError: (error: unknown) => void
  readonly onEvent: (event: VerifierEvent) => void
}
