import { ISSUER_METADATA_PATH, type IssuerMetadata, parseIssuerMetadata } from '../../src/protocol/issuer.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import type { FetchJson } from './loopback-fetch.ts'

/** Gives an issuer's metadata as JSON, unparsed. */
export type IssuerLoader = (origin: Origin) => Promise<unknown>

export type IssuerDirectory = {
  /** The issuers of these that could be loaded, from the cache where it is fresh. Never throws. */
  load(origins: readonly Origin[]): Promise<ReadonlyMap<Origin, IssuerMetadata>>
}

/** A key that an issuer withdraws or adds counts here after this long. */
const FRESH_MS = 60_000

/** Keeps what issuers publish for a minute. Metadata that does not parse, or speaks for another origin, is none. */
export function createIssuerDirectory(load: IssuerLoader, now: () => number): IssuerDirectory {
  const cache = new Map<Origin, { at: number; metadata: Promise<IssuerMetadata | undefined> }>()

  async function fetchMetadata(origin: Origin): Promise<IssuerMetadata | undefined> {
    try {
      return parseIssuerMetadata(await load(origin), origin)
    } catch {
      // A failure is not kept: the next caller tries again.
      cache.delete(origin)
      return undefined
    }
  }

  function cached(origin: Origin): Promise<IssuerMetadata | undefined> {
    const entry = cache.get(origin)
    if (entry && now() - entry.at < FRESH_MS) return entry.metadata
    const metadata = fetchMetadata(origin)
    cache.set(origin, { at: now(), metadata })
    return metadata
  }

  return {
    async load(origins) {
      const loaded = new Map<Origin, IssuerMetadata>()
      await Promise.all(
        [...new Set(origins)].map(async (origin) => {
          const metadata = await cached(origin)
          if (metadata) loaded.set(origin, metadata)
        }),
      )
      return loaded
    },
  }
}

const TIMEOUT_MS = 5_000

/** Fetches metadata from the issuer's own origin. */
export function fetchIssuer(fetchJson: FetchJson): IssuerLoader {
  return async (origin) => {
    const response = await fetchJson(origin + ISSUER_METADATA_PATH, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (!response.ok) throw new Error(`${origin} answered ${response.status}`)
    return response.json()
  }
}
