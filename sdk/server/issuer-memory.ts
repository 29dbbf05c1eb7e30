import type { Origin } from '../../src/protocol/origin.ts'
import { MAX_STATUS_AGE } from '../../src/protocol/query.ts'
import { setBounded } from './bounded-map.ts'
import { type IssuerDocuments, type PublishedIssuer, parsePublished } from './published-issuer.ts'
import type { Store } from './store/store.ts'

/** What was seen of issuers, so that what they take back is noticed: after a restart, and by any process of the site. */
export type IssuerMemory = {
  /** The newest that was seen of an issuer; undefined where that is so old that no request could accept it. */
  lastSeen(origin: Origin): Promise<PublishedIssuer | undefined>
  keep(origin: Origin, documents: IssuerDocuments, published: PublishedIssuer): Promise<void>
}

/** The same documents are written anew after this long, so that they count as seen lately. */
const REWRITE_MS = 86_400_000

/** What is forgotten here is in the store. */
const MAX_SEEN = 1_024

type Seen = {
  readonly at: number
  readonly text: string
  readonly published: PublishedIssuer
}

/**
 * `now` is in milliseconds. A store that fails is reported to `onError`, and does not keep anybody from signing in: then what
 * this process has seen itself counts.
 */
export function createIssuerMemory(options: {
  readonly records: Pick<Store, 'findIssuer' | 'keepIssuer'>
  readonly now: () => number
  readonly onError: (error: unknown) => void
}): IssuerMemory {
  const { records, now, onError } = options
  const seen = new Map<Origin, Seen & { readonly writtenAt: number }>()

  /** What is in the store, parsed only where this process does not know it. */
  async function readStored(origin: Origin): Promise<Seen | undefined> {
    const own = seen.get(origin)
    const stored = await records.findIssuer(origin)
    if (!stored) return undefined
    if (stored.documents === own?.text) return own
    // Only ever what `keep` wrote.
    const documents: IssuerDocuments = JSON.parse(stored.documents)
    return { at: stored.seenAt, text: stored.documents, published: await parsePublished(documents, origin) }
  }

  return {
    async lastSeen(origin) {
      const stored = await readStored(origin).catch((error: unknown) => {
        onError(error)
        return undefined
      })
      const candidates = [seen.get(origin), stored].filter((each) => each !== undefined)
      const [newest] = candidates
        .filter(({ at }) => now() - at < MAX_STATUS_AGE * 1000)
        .sort((a, b) => newestEpoch(b.published) - newestEpoch(a.published))
      return newest?.published
    },
    async keep(origin, documents, published) {
      const own = seen.get(origin)
      const text = JSON.stringify(documents)
      const isWritten = own?.text === text && now() - own.writtenAt < REWRITE_MS
      const writtenAt = isWritten ? own.writtenAt : now()
      setBounded(seen, origin, { at: now(), text, published, writtenAt }, MAX_SEEN)
      if (isWritten) return
      await records.keepIssuer({ origin, documents: text, seenAt: now() }).catch(onError)
    },
  }
}

function newestEpoch({ history }: PublishedIssuer): number {
  return history[0]?.epoch ?? 0
}

/** Records for as long as the process runs. */
export function recordsInMemory(): Pick<Store, 'findIssuer' | 'keepIssuer'> {
  const kept = new Map<string, Parameters<Store['keepIssuer']>[0]>()
  return {
    findIssuer: async (origin) => kept.get(origin),
    keepIssuer: async (issuer) => void kept.set(issuer.origin, issuer),
  }
}
