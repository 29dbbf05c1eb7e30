import { z } from 'zod'
import { type Day, dayOf } from '../../src/protocol/day.ts'
import { ProtocolError } from '../../src/protocol/error.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { originShape, parse } from '../../src/protocol/parse.ts'
import { itemsOf, type Query, queryShape } from '../../src/protocol/query.ts'
import type { ProofVerifier } from '../../src/verifier/proof-verifier.ts'
import { checkQuery } from './check-query.ts'
import { serverError } from './error-codes.ts'
import { fetchIssuer, type IssuerLoader } from './issuer-directory.ts'
import { type FetchJson, serverFetch } from './loopback-fetch.ts'

/** A query as one writes it down: plain texts and numbers, which are checked at the start. */
export type QueryInput = AsWritten<Query>

type AsWritten<T> = T extends string & { readonly __brand: string }
  ? string
  : T extends number & { readonly __brand: string }
    ? number
    : T extends readonly (infer Item)[]
      ? readonly AsWritten<Item>[]
      : T extends object
        ? { readonly [Key in keyof T]: AsWritten<T[Key]> }
        : T

/** What a request asks: a query, or one made for the day it is asked on (ages change at midnight UTC). */
export type QuerySource = QueryInput | ((today: Day) => QueryInput)

/** A request by its query alone, or with the path that the browser returns to where no window waits (default `/`). */
export type RequestDefinition = QuerySource | { readonly query: QuerySource; readonly returnPath?: string }

export type VerifierOptions = {
  /** The site's own origin, as browsers show it. It is the site's identity: names belong to it. */
  readonly origin: string
  /** Where the wallet lives. */
  readonly walletOrigin: string
  /** A key set's folder: `manifest.json` and a `<circuit>.vkey.json` for each circuit. */
  readonly keySet: string
  /**
   * Origins whose credentials count (none for a site that asks for no credential); or a function that gives what an
   * issuer publishes itself.
   */
  readonly issuers: readonly string[] | IssuerLoader
  /** The SQLite file of sessions, used names and pinned authenticators; made if it is missing. */
  readonly store: { readonly path: string }
  /** The file of the key that signs requests; made at the first start, readable by its owner alone. */
  readonly signingKey: { readonly path: string }
  /** What the site may ask, by names that its pages use. */
  readonly requests: Readonly<Record<string, RequestDefinition>>
  /** How long a session lives, in seconds: 30 to 600, by default 120. */
  readonly sessionSeconds?: number
  /**
   * For how long a proof counts that was made against a status list since replaced, in seconds: 0 to 3600, by default
   * 600. A list may change while somebody is proving; a revocation takes effect here when the grace is over.
   */
  readonly statusGraceSeconds?: number
  /** Accepts keys that anyone can forge under: tests only. */
  readonly allowDevelopmentKeys?: boolean
  /**
   * Where proofs are verified, made by `createVerifierPool` (src/verifier/node) with this key set and closed by whoever
   * made it. By default they are verified on the event loop, one at a time, with other work in between: enough for a
   * site of some hundred visitors a second.
   */
  readonly verifierPool?: ProofVerifier
  /** GET of what issuers publish; by default the platform's fetch, and 127.0.0.1 for `*.localhost`. */
  readonly fetch?: FetchJson
  readonly clock?: () => Date
  /**
   * Called with what was not foreseen and was answered by `internal_error`; with `status_history_invalid` for an issuer
   * that takes back what it published; and once with `query_invalid` for an issuer, or a way to answer, that is left
   * out because of what an issuer publishes. By default it goes to stderr.
   */
  readonly onError?: (error: unknown) => void
}

/** The options, checked. */
export type VerifierConfig = {
  readonly origin: Origin
  readonly walletOrigin: Origin
  readonly keySet: string
  readonly loadIssuer: IssuerLoader
  readonly storePath: string
  readonly signingKeyPath: string
  readonly requests: ReadonlyMap<string, { readonly query: (today: Day) => Query; readonly returnPath: string }>
  readonly sessionSeconds: number
  readonly statusGraceSeconds: number
  readonly allowDevelopmentKeys: boolean
  readonly verifierPool?: ProofVerifier | undefined
  readonly clock: () => Date
  readonly onError: (error: unknown) => void
}

const pathShape = z.string().min(1)

const verifierPoolShape = z.custom<ProofVerifier>(
  (value) => typeof value === 'object' && value !== null && 'verify' in value && typeof value.verify === 'function',
)

function functionShape<F extends (...parameters: never[]) => unknown>() {
  return z.custom<F>((value) => typeof value === 'function')
}

const optionsShape = z.strictObject({
  origin: originShape,
  walletOrigin: originShape,
  keySet: pathShape,
  issuers: z.union([z.array(originShape).max(16), functionShape<IssuerLoader>()]),
  store: z.strictObject({ path: pathShape }),
  signingKey: z.strictObject({ path: pathShape }),
  requests: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/), z.unknown()),
  sessionSeconds: z.int().min(30).max(600).default(120),
  statusGraceSeconds: z.int().min(0).max(3600).default(600),
  allowDevelopmentKeys: z.boolean().default(false),
  verifierPool: verifierPoolShape.optional(),
  fetch: functionShape<FetchJson>().default(() => serverFetch),
  clock: functionShape<() => Date>().default(() => () => new Date()),
  onError: functionShape<(error: unknown) => void>().default(() => (error: unknown) => console.error(error)),
})

/**
 * Checks the options at the start, each query included (one that depends on the day, for today). Throws
 * `option_invalid`, and `query_invalid` for a query that must not be asked; the message begins with the option's name.
 */
export function parseOptions(options: VerifierOptions): VerifierConfig {
  const { issuers, store, signingKey, requests, ...config } = parseOption('', optionsShape, options)
  const { origin, walletOrigin, clock, fetch } = config
  if (origin === walletOrigin) throw serverError('option_invalid', 'walletOrigin: must not be the site’s own origin')
  const known = typeof issuers === 'function' ? undefined : issuers
  const parsed = Object.entries(requests).map(([name, definition]) => {
    const request = parseRequestDefinition(name, definition, known)
    request.query(dayOf(clock()))
    return [name, request] as const
  })
  if (parsed.length === 0) throw serverError('option_invalid', 'requests: at least one is needed')
  return {
    ...config,
    loadIssuer: typeof issuers === 'function' ? issuers : fetchIssuer(fetch),
    storePath: store.path,
    signingKeyPath: signingKey.path,
    requests: new Map(parsed),
  }
}

const definitionShape = z.strictObject({
  query: z.unknown(),
  returnPath: z
    .string()
    .max(256)
    .regex(/^\/(?![/\\])[^#\\]*$/)
    .default('/'),
})

function parseRequestDefinition(name: string, definition: unknown, issuers: readonly Origin[] | undefined) {
  const option = `requests.${name}`
  const isWrapped = typeof definition === 'object' && definition !== null && 'query' in definition
  const { query, returnPath } = parseOption(option, definitionShape, isWrapped ? definition : { query: definition })
  return {
    returnPath,
    query: (today: Day) => parseQuery(option, typeof query === 'function' ? query(today) : query, issuers),
  }
}

function parseQuery(option: string, value: unknown, issuers: readonly Origin[] | undefined): Query {
  const query = parseOption(option, queryShape, value)
  for (const item of itemsOf(query)) {
    const foreign =
      item.type === 'login' ? undefined : item.issuers.find((origin) => issuers?.includes(origin) === false)
    if (foreign) throw serverError('option_invalid', `${option}: ${foreign} is not among the issuers`)
  }
  checkQuery(option, query)
  return query
}

function parseOption<T extends z.ZodType>(option: string, shape: T, value: unknown): z.infer<T> {
  try {
    return parse(shape, value, 'option_invalid')
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause
    const message = option === '' ? cause.message : `${option}.${cause.message}`
    throw serverError('option_invalid', message, { cause })
  }
}
