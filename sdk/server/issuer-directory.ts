import { ProtocolError } from '../../src/protocol/error.ts'
import { ISSUER_METADATA_PATH, type IssuerMetadata, parseIssuerMetadata } from '../../src/protocol/issuer.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { MAX_STATUS_AGE } from '../../src/protocol/query.ts'
import {
  isRewritten,
  parseStatusHistory,
  STATUS_HISTORY_PATH,
  type StatusHistory,
} from '../../src/protocol/status-history.ts'
import type { FetchJson } from './loopback-fetch.ts'

/** Gives what an issuer publishes as JSON, unparsed: its metadata, and the signed epochs of its status list. */
export type IssuerLoader = (origin: Origin) => Promise<{ readonly metadata: unknown; readonly statusHistory: unknown }>

/** What an issuer publishes, checked: the epochs are signed by the status keys of the metadata beside them. */
export type PublishedIssuer = { readonly metadata: IssuerMetadata; readonly history: StatusHistory }

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

type Entry = { readonly at: number; readonly published: Promise<PublishedIssuer | undefined> }

/**
 * Keeps what issuers publish for a minute, and for ten seconds that one failed. What does not parse, or speaks for another
 * origin, is none. An issuer that takes back an epoch it published is reported to `onError`, and is known by what it
 * published before: that grows too old in time, and is forgotten when no request could accept it. `now` is in milliseconds.
 */
export function createIssuerDirectory(options: {
  readonly load: IssuerLoader
  readonly now: () => number
  readonly onError: (error: unknown) => void
}): IssuerDirectory {
  const { load, now, onError } = options
  const cache = new Map<Origin, Entry>()
  const seen = new Map<Origin, { readonly at: number; readonly published: PublishedIssuer }>()
  const askedAt = new Map<Origin, number>()
  const failedAt = new Map<Origin, number>()

  function ask(origin: Origin, known?: Entry): Entry {
    const entry = { at: now(), published: readOrKeep(origin, known) }
    cache.set(origin, entry)
    askedAt.set(origin, entry.at)
    return entry
  }

  async function readOrKeep(origin: Origin, known: Entry | undefined): Promise<PublishedIssuer | undefined> {
    const before = lastSeen(origin)
    const published = await readPublished(load, origin).catch(() => undefined)
    if (!published) {
      failedAt.set(origin, now())
      if (known) cache.set(origin, known)
      else cache.delete(origin)
      return known?.published
    }
    failedAt.delete(origin)
    if (before && isRewritten(before.history, published.history)) {
      onError(new ProtocolError('status_history_invalid', `${origin} has taken back an epoch that it published`))
      return before
    }
    seen.set(origin, { at: now(), published })
    return published
  }

  function lastSeen(origin: Origin): PublishedIssuer | undefined {
    const last = seen.get(origin)
    return last && now() - last.at < MAX_STATUS_AGE * 1000 ? last.published : undefined
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

async function readPublished(load: IssuerLoader, origin: Origin): Promise<PublishedIssuer> {
  const { metadata: json, statusHistory } = await load(origin)
  const metadata = parseIssuerMetadata(json, origin)
  return { metadata, history: await parseStatusHistory(statusHistory, metadata) }
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
