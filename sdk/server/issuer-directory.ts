import { ProtocolError } from '../../src/protocol/error.ts'
import { ISSUER_METADATA_PATH } from '../../src/protocol/issuer.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { isRewritten, STATUS_HISTORY_PATH } from '../../src/protocol/status-history.ts'
import { setBounded } from './bounded-map.ts'
import { createIssuerMemory, type IssuerMemory, recordsInMemory } from './issuer-memory.ts'
import type { FetchJson } from './loopback-fetch.ts'
import { type IssuerDocuments, type PublishedIssuer, parsePublished } from './published-issuer.ts'

/** Gives what an issuer publishes as JSON, unparsed: its metadata, and the signed epochs of its status list. */
export type IssuerLoader = (origin: Origin) => Promise<IssuerDocuments>

export type IssuerDirectory = {
  /**
   * The issuers of these that could be loaded, from the cache where it is fresh; one that has just failed is not asked.
   * Never throws.
   */
  load(origins: readonly Origin[]): Promise<ReadonlyMap<Origin, PublishedIssuer>>
  /**
   * Asks an issuer past the cache, unless it was asked only just now, so that presentations cannot make it be asked
   * without end. Where it does not answer, what is cached stays. Never throws.
   */
  refresh(origin: Origin): Promise<void>
}

/** What nobody has named yet of an issuer's epochs, and its schemas, count here after this long. */
const FRESH_MS = 60_000
const REFRESH_INTERVAL_MS = 3_000

/** For so long an issuer that failed counts as out of reach: to find out that it hangs takes {@link TIMEOUT_MS} each time. */
const FAILED_MS = 10_000

/** Requests written out may name any, where `issuers` is a function: memory is not for however many they name. */
export const MAX_ISSUERS = 1_024

type Entry = { readonly at: number; readonly published: Promise<PublishedIssuer | undefined> }

/**
 * Keeps what issuers publish for a minute, and for ten seconds that one failed. What does not parse, or speaks for another
 * origin, is none. An issuer that takes back an epoch it published is reported to `onError`, and is known by what it
 * published before, as `memory` has it: that grows too old in time, and is forgotten when no request could accept it. `now`
 * is in milliseconds.
 */
export function createIssuerDirectory(options: {
  readonly load: IssuerLoader
  readonly now: () => number
  readonly onError: (error: unknown) => void
  /** Of this process alone, unless given. */
  readonly memory?: IssuerMemory
  /** Is told of an issuer that cannot be had, or must not be believed, and of the code of what is wrong. */
  readonly onFailure?: (origin: Origin, code: string) => void
}): IssuerDirectory {
  const { load, now, onError, onFailure = () => {} } = options
  const { memory = createIssuerMemory({ records: recordsInMemory(), now, onError }) } = options
  const cache = new Map<Origin, Entry>()
  const askedAt = new Map<Origin, number>()
  const failedAt = new Map<Origin, number>()

  function ask(origin: Origin, known?: Entry): Entry {
    const entry = { at: now(), published: readOrKeep(origin, known) }
    setBounded(cache, origin, entry, MAX_ISSUERS)
    setBounded(askedAt, origin, entry.at, MAX_ISSUERS)
    return entry
  }

  async function readOrKeep(origin: Origin, known: Entry | undefined): Promise<PublishedIssuer | undefined> {
    const found = await readPublished(origin)
    if (!found) {
      setBounded(failedAt, origin, now(), MAX_ISSUERS)
      if (known) setBounded(cache, origin, known, MAX_ISSUERS)
      else cache.delete(origin)
      return known?.published
    }
    failedAt.delete(origin)
    const { documents, published } = found
    const before = await memory.lastSeen(origin)
    if (before && isRewritten(before.history, published.history)) {
      onFailure(origin, 'status_history_invalid')
      onError(new ProtocolError('status_history_invalid', `${origin} has taken back an epoch that it published`))
      return before
    }
    await memory.keep(origin, documents, published)
    return published
  }

  async function readPublished(origin: Origin) {
    try {
      const documents = await load(origin)
      return { documents, published: await parsePublished(documents, origin) }
    } catch (error) {
      onFailure(origin, error instanceof ProtocolError ? error.code : 'issuer_unreachable')
      return undefined
    }
  }

  function freshEntry(origin: Origin): Entry | undefined {
    const entry = cache.get(origin)
    return entry && now() - entry.at < FRESH_MS ? entry : undefined
  }

  function isWithin(milliseconds: number, times: ReadonlyMap<Origin, number>, origin: Origin): boolean {
    const time = times.get(origin)
    // A clock that was set back must not make ten seconds of an hour.
    return time !== undefined && Math.abs(now() - time) < milliseconds
  }

  return {
    async load(origins) {
      const loaded = new Map<Origin, PublishedIssuer>()
      await Promise.all(
        [...new Set(origins)].map(async (origin) => {
          const entry = freshEntry(origin) ?? (isWithin(FAILED_MS, failedAt, origin) ? undefined : ask(origin))
          const issuer = await entry?.published
          if (issuer) loaded.set(origin, issuer)
        }),
      )
      return loaded
    },
    async refresh(origin) {
      const known = freshEntry(origin)
      const isRecent = isWithin(REFRESH_INTERVAL_MS, askedAt, origin) || isWithin(FAILED_MS, failedAt, origin)
      await (isRecent ? known : ask(origin, known))?.published
    },
  }
}

const TIMEOUT_MS = 5_000

/** Fetches both from the issuer's own origin. */
export function fetchIssuer(fetchJson: FetchJson): IssuerLoader {
  async function get(url: string): Promise<unknown> {
    const response = await fetchJson(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (!response.ok) throw new Error(`${url} answered ${response.status}`)
    return response.json()
  }
  return async (origin) => {
    const [metadata, statusHistory] = await Promise.all([
      get(origin + ISSUER_METADATA_PATH),
      get(origin + STATUS_HISTORY_PATH),
    ])
    return { metadata, statusHistory }
  }
}
