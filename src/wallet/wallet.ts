import type { ClaimValue } from '../protocol/claim.ts'
import type { Day, UnixSeconds } from '../protocol/day.ts'
import type { Origin } from '../protocol/origin.ts'
import type { Operator } from '../protocol/predicate.ts'
import type { ClaimType } from '../protocol/schema.ts'
import type { MissingCapability } from '../webauthn/index.ts'

/** Something a wallet cannot do without and this browser lacks. */
export type Capability = MissingCapability

/**
 * Where a wallet is. `failed`: the store cannot be read (blocked by another tab, private mode, written by a later
 * version); `code` says why and there is nothing to press but "try again".
 */
export type WalletState =
  | { readonly status: 'loading' }
  | { readonly status: 'unsupported'; readonly missing: readonly Capability[] }
  | { readonly status: 'failed'; readonly code: string }
  | { readonly status: 'none' }
  | { readonly status: 'locked' }
  | { readonly status: 'open' }

/**
 * What a wallet does for its holder. Every method that returns a promise rejects with a `WalletError`, whose `code` is
 * stable and whose `shared` says whether anything left the device.
 */
export interface Wallet {
  /** The same object until something changes, so that a view may compare by identity. */
  getState(): WalletState
  /** Calls back after each change of state, settings, cards, sites or activity. The function returned ends it. */
  subscribe(listener: () => void): () => void
  /** Reads the store again after `failed`. */
  reload(): Promise<void>

  /** Two touches: the first makes the key, the second opens the wallet with it. `onStep` is called before each. */
  create(options: CreateOptions): Promise<void>
  /** One touch. */
  unlock(options: { readonly signal?: AbortSignal }): Promise<void>
  /**
   * In every window of the wallet. What is under way and has sent nothing yet ends with `wallet_locked`; a credential
   * that an issuer is asked for already is kept first.
   */
  lock(): void
  /** The person did something: the countdown to the lock begins again. Costs nothing when locked. */
  noteActivity(): void

  /** In clear: readable while locked. By issuer and kind. */
  cards(): Promise<readonly Card[]>
  /** Throws `wallet_locked`, `credential_missing`. */
  credential(id: string): Promise<CredentialView>
  /** Throws `wallet_locked`, `credential_missing`. */
  deleteCredential(id: string): Promise<void>
  /** Newest first. Throws `wallet_locked`. */
  activity(): Promise<readonly ActivityEntry[]>
  /** Sites the person signed in to. In clear. */
  sites(): Promise<readonly Site[]>
  settings(): Settings
  changeSettings(changes: Partial<Settings>): Promise<void>
  /** Enrolled authenticators, first enrolled first. In clear. */
  ways(): Promise<readonly WayIn[]>
  /** Deletes everything this wallet keeps; `none` afterwards. */
  reset(): Promise<void>

  /** Fetches and checks an offer. No touch. */
  readOffer(link: OfferLink, options: { readonly signal?: AbortSignal }): Promise<OfferView>
  /** One touch, or two when the wallet is locked. The view must be one that this wallet returned. */
  acceptOffer(view: OfferView, options: ProgressOptions): Promise<Card>

  /**
   * Checks a request. No touch; asks the site's own server for its keys and nobody else for anything, and tells that
   * server that the request has come, whatever the wallet holds.
   */
  readRequest(source: RequestSource, options: { readonly signal?: AbortSignal }): Promise<RequestView>
  /**
   * What the site learns, and what not, if these cards answer; where one is not chosen, the first that may be able. Asks
   * nobody. Throws `alternative_missing`, and `view_unknown` as `present` does.
   */
  consequences(view: RequestView, answer: ChosenAnswer): Consequences
  /**
   * One touch. Answers one alternative; each credential it asks for needs its choice. Now, and not before, the lists of
   * revoked credentials of every issuer that it names are fetched. The view must be one that this wallet returned; after
   * an error with `shared: 'nothing'` it may be tried again.
   */
  present(view: RequestView, options: PresentOptions): Promise<Presented>
  /** Tells the site that nothing will come, never why. Resolves without waiting for the site. */
  decline(view: RequestView): Promise<void>
}

export type CreateOptions = {
  readonly signal?: AbortSignal
  /** The person's own name for the key, 1 to 64 characters. */
  readonly name?: string
  readonly onStep?: (step: 'register' | 'open') => void
}

/** What a `/receive#issuer=…&offer=…` link says; as untrusted as any link. */
export type OfferLink = { readonly issuer: string; readonly offer: string }

export type RequestSource = {
  /** The request, compact JWS. */
  readonly jws: string
  /** `event.origin` of the message that brought it; absent for a link. */
  readonly origin?: string
}

export type Progress = {
  /**
   * In this order; phases that are not needed are skipped. `touch` is reported once for each touch, with `loaded`
   * the number of this touch (from 1) and `total` how many there will be; `status` is the check that the credentials are
   * not revoked, with `loaded` issuers out of `total`; `download` reports bytes. `witness`, `prove` and `check` come
   * once for each proof, with the number of this proof (from 1) and how many there will be.
   */
  readonly phase: 'touch' | 'status' | 'download' | 'load' | 'witness' | 'prove' | 'check' | 'send'
  readonly loaded?: number
  readonly total?: number
}

export type ProgressOptions = {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

/** What the person settled on. */
export type ChosenAnswer = {
  /** Which way to answer the person picked, by its id. May be absent where there is only one. */
  readonly alternative?: string
  /**
   * For each credential asked for, by item id, the id of the one that the person was shown. Only that one answers.
   */
  readonly choices?: Readonly<Record<string, string>>
}

export type PresentOptions = ProgressOptions &
  ChosenAnswer & {
    /** The way in whose key is to answer; the first one if absent. What the key signs depends on which it is. */
    readonly wayIn?: string
    /** Called after the touch, before anything is known of whether the credentials can answer. */
    readonly onTouched?: () => void
  }

/** One of three looks, by the issuer's origin. */
export type Stone = 'slate' | 'serpentine' | 'iron'

/** A credential without its contents. */
export type Card = {
  readonly id: string
  readonly issuerOrigin: Origin
  readonly issuerName: string
  /** Name of the schema, such as `Person`. */
  readonly kind: string
  /** The last valid UTC day. */
  readonly validUntil: Day
  /** By an issuer that checks nothing. */
  readonly demo: boolean
  readonly stone: Stone
}

export type ClaimView = {
  readonly name: string
  /** Words for people, by the issuer, such as `Birth date`. */
  readonly title: string
  readonly type: ClaimType
  readonly value: ClaimValue
  /** Hidden behind a press. */
  readonly sensitive: boolean
}

export type CredentialView = {
  readonly card: Card
  /** Present claims, in the schema's order. */
  readonly claims: readonly ClaimView[]
  readonly validFrom: Day
  readonly validUntil: Day
  readonly issuedAt: Day
}

export type OfferView = {
  /** The origin is that which served the offer. */
  readonly issuer: { readonly origin: Origin; readonly name: string; readonly demo: boolean }
  readonly kind: string
  readonly claims: readonly ClaimView[]
  readonly validFrom: Day
  readonly validUntil: Day
  readonly expires: UnixSeconds
  readonly stone: Stone
  /** Touches that accepting takes now: 1, or 2 when locked. */
  readonly touches: number
}

/** One question about one claim, ready to be put into words. */
export type PredicateView = {
  readonly op: Operator
  readonly claim: string
  /** The issuer's words for the claim; the claim's name where the wallet knows no such schema. */
  readonly title: string
  readonly type?: ClaimType
  readonly value?: ClaimValue
  /** The members of the set, for `$in` and `$nin`. */
  readonly values?: readonly ClaimValue[]
  readonly from?: ClaimValue
  readonly to?: ClaimValue
  /** Where a birth date is compared with a birthday, the whole years of age asked for. */
  readonly years?: number
}

export type Question =
  | { readonly type: 'age'; readonly years: number }
  | { readonly type: 'predicates'; readonly items: readonly PredicateView[] }

/** Why a credential cannot answer. `revoked` (or suspended) is known from a list that was fetched earlier. */
export type UnsatisfiableReason =
  | 'expired'
  | 'not_yet_valid'
  | 'issued_too_late'
  | 'revoked'
  | 'predicates'
  | 'device_key'

export type Candidate = {
  readonly credentialId: string
  readonly card: Card
  /** `unknown` while the wallet is locked. */
  readonly satisfiable: boolean | 'unknown'
  readonly reason?: UnsatisfiableReason
}

export type Ask =
  | { readonly kind: 'login'; readonly itemId: string }
  | {
      readonly kind: 'credential'
      readonly itemId: string
      /** Set for a once-only act, which has a pseudonym of its own. */
      readonly act?: { readonly type: 'action' | 'vote'; readonly action: string }
      readonly question: Question
      /** Absent where the wallet knows no such schema. */
      readonly credentialKind?: string
      /** Those that may be able come first; where none is, a credential of `credentialKind` is missing. */
      readonly candidates: readonly Candidate[]
      /** Any of whom may have issued it; each once. */
      readonly issuersAccepted: readonly Origin[]
      /** How old the issuers' lists of revoked credentials may be, in seconds. */
      readonly notRevokedWithin: number
    }

/** What the site knows afterwards. */
export type Learned =
  /** The name by which this site knows the person; `nickname` where it is known already. */
  | { readonly type: 'name'; readonly nickname?: string }
  /** A name for one act only, which the site cannot join to the other. */
  | { readonly type: 'act_name'; readonly act: 'action' | 'vote'; readonly action: string }
  /** Whether it is the same security key as before, at this site. */
  | { readonly type: 'same_key' }
  | { readonly type: 'age'; readonly years: number }
  /** That this holds. For `$sd` the value itself. */
  | { readonly type: 'predicate'; readonly predicate: PredicateView }
  | { readonly type: 'valid'; readonly credentialKind?: string }
  /** Who issued it: exactly this one, or one of these and not which. */
  | { readonly type: 'issuer'; readonly issuers: readonly Origin[] }
  /** That it was not revoked, by a list that is not older than so many seconds. */
  | { readonly type: 'not_revoked'; readonly within: number }
  | { readonly type: 'issued_by'; readonly day: Day }

export type NotLearned =
  /** The value of a claim (beyond what the question itself says of it). */
  | { readonly type: 'claim'; readonly claim: string; readonly title: string }
  /** Which of these, two or more, issued it. */
  | { readonly type: 'issuer'; readonly issuers: readonly Origin[] }
  /** Which other cards the wallet holds. */
  | { readonly type: 'cards' }
  /** The names at other sites. */
  | { readonly type: 'other_names' }
  /** Name, address, anything that is on a card. For a sign-in only. */
  | { readonly type: 'facts' }

/** What an answer tells its site, and what it keeps back. */
export type Consequences = {
  readonly learned: readonly Learned[]
  readonly notLearned: readonly NotLearned[]
}

/**
 * One way to answer a request: everything in it is answered, and the site sees which way it was. Its consequences are
 * those of the first cards that may be able.
 */
export type Alternative = Consequences & {
  /** Unique in its request. */
  readonly id: string
  /** `prove` if any credential is asked for. */
  readonly purpose: 'sign_in' | 'prove'
  readonly asks: readonly Ask[]
  /** False if it is known already that no credential can answer. */
  readonly answerable: boolean | 'unknown'
}

export type RequestView = {
  /** From the browser, or the origin that served the keys; never from the request. */
  readonly origin: Origin
  /** One or more, in the request's order. Of those that are not picked the site is told nothing. */
  readonly alternatives: readonly Alternative[]
  /** Why the site asks, in its own words: up to 80 UTF-16 units in one line, to be shown as such. */
  readonly sitePurpose?: string
  /** The name this site knows already; undefined on a first visit. */
  readonly nickname?: string
  readonly expires: UnixSeconds
  readonly transport: 'window' | 'link'
  /** For "Details". */
  readonly details: {
    readonly session: string
    readonly keySet: string
    readonly keyId: string
    readonly today: Day
    readonly requestHash: string
  }
}

export type Presented = {
  /** Reads the result once, in the browser that holds the session. */
  readonly code: string
  /** On the site's origin, from the signed request. */
  readonly returnUri: string
  readonly nickname: string
  readonly learned: readonly Learned[]
}

export type ActivityEntry = {
  readonly id: string
  readonly at: UnixSeconds
  readonly kind: 'received' | 'signed_in' | 'proved' | 'declined' | 'failed'
  /** Site or issuer. */
  readonly origin: Origin
  readonly nickname?: string
  /** Kind of the credential received. */
  readonly credentialKind?: string
  /** Of the alternative that was picked; of all of them where it was declined. */
  readonly questions: readonly Question[]
  /** Empty if nothing was shared. */
  readonly learned: readonly Learned[]
  /** For `failed`: the error's code. */
  readonly code?: string
  readonly shared: 'nothing' | 'maybe' | 'yes'
}

export type Site = {
  readonly origin: Origin
  readonly nickname: string
  readonly firstUsedAt: UnixSeconds
  readonly lastUsedAt: UnixSeconds
}

export type WayIn = {
  readonly id: string
  readonly name: string
  readonly addedAt: UnixSeconds
  /** A passkey that its maker copies to other devices. */
  readonly synchronised: boolean
}

export type Settings = {
  /** 1 to 60 whole minutes without activity. */
  readonly autoLockMinutes: number
  readonly theme: 'system' | 'light' | 'dark'
}
