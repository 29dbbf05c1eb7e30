import type { Credential } from '../protocol/credential.ts'
import { ProtocolError } from '../protocol/error.ts'
import type { FieldElement } from '../protocol/field.ts'
import type { Origin } from '../protocol/origin.ts'
import { MAX_STATUS_AGE } from '../protocol/query.ts'
import { CLOCK_TOLERANCE } from '../protocol/request.ts'
import {
  type DatedEpoch,
  type EpochVerdict,
  isRewritten,
  judgeEpoch,
  parseStatusHistory,
  type StatusHistory,
} from '../protocol/status-history.ts'
import { isRevoked, type StatusList } from '../protocol/status-list.ts'
import type { WalletStore } from '../vault/index.ts'
import { secondsOf, type WalletEnvironment } from './environment.ts'
import { fetchIssuerMetadata, fetchStatusHistory, fetchStatusList } from './issuer.ts'
import type { ListedIssuer } from './standing.ts'
import { doubtPublished, type Published, readPublished, writePublished } from './status-cache.ts'
import { statusTreeInPieces } from './status-tree.ts'
import type { ProgressOptions } from './wallet.ts'
import { toWalletError, WalletError } from './wallet-error.ts'

/** An issuer that the answered items name, and how old its list may be there, in seconds. */
export type NamedIssuer = { readonly origin: Origin; readonly maxAge: number }

export type StatusLists = {
  /**
   * The newest list of each of these issuers, checked: signed by the issuer, not older than asked, with the root that a
   * recomputation gives. All are treated alike, whichever of them issued the card: an issuer sees that somebody at this
   * address fetched a public list. One asked less than five minutes ago is not asked again; one that does not answer is
   * represented by what it published before, as long as that is not too old.
   * Throws `issuer_unreachable`, `issuer_metadata_invalid`, `issuer_mismatch`, `status_history_invalid`,
   * `status_list_invalid`, `status_list_mismatch`, `status_list_stale`, each with the issuer in `origin`.
   */
  newest(issuers: readonly NamedIssuer[], options: ProgressOptions): Promise<ListedIssuer[]>
  /** Whether a list that was fetched within the last hour says so; asks nobody. A suspension may have ended since then. */
  saidRevoked(credential: Credential): Promise<boolean>
  /**
   * A site has refused what was proved against these: the next time they are asked, however lately they were, and from
   * whichever page of the wallet. Never throws.
   */
  doubt(issuers: readonly Origin[]): Promise<void>
}

const FRESH_SECONDS = 300
const HEARSAY_SECONDS = 3600

type CheckedList = Pick<ListedIssuer, 'list' | 'tree'>

export function createStatusLists(
  environment: Pick<WalletEnvironment, 'fetch' | 'clock'>,
  store: () => Promise<WalletStore>,
): StatusLists {
  /** Lists that have the root their issuer signed: whatever the epoch, no tree is computed twice. */
  const checked = new Map<Origin, CheckedList>()

  const knownList = (issuer: Origin, root: FieldElement): CheckedList | undefined => {
    const known = checked.get(issuer)
    return known?.tree.root === root ? known : undefined
  }

  const checkList = async (issuer: Origin, list: StatusList, root: FieldElement, signal: AbortSignal) => {
    const known = knownList(issuer, root)
    if (known) return known
    const tree = await statusTreeInPieces(list, signal)
    if (tree.root !== root) {
      throw new WalletError('status_list_mismatch', `the status list of ${issuer} is not the one it signed`)
    }
    checked.set(issuer, { list, tree })
    return { list, tree }
  }

  const fetchPublished = async (issuer: Origin, before: Published | undefined, signal: AbortSignal) => {
    const transport = { fetch: environment.fetch, signal }
    const [metadata, served] = await Promise.all([
      fetchIssuerMetadata(issuer, transport),
      fetchStatusHistory(issuer, transport),
    ])
    const history = await parseStatusHistory(served, metadata)
    const { epoch, root } = newestOf(history)
    if (before) refuseRewriting(before.history, history)
    const list = knownList(issuer, root)?.list ?? (await fetchStatusList(issuer, epoch, transport))
    return { metadata, history, served, list, fetchedAt: secondsOf(environment), doubted: false }
  }

  /** From the issuer, or from the cache where that is as good or all there is. */
  const publishedBy = async ({ origin, maxAge }: NamedIssuer, signal: AbortSignal): Promise<Published> => {
    const now = secondsOf(environment)
    const kept = await readPublished(await store(), origin)
    // Beyond what any site accepts as a list's age, what was published once is held against nobody.
    const before = kept && now < kept.fetchedAt + MAX_STATUS_AGE ? kept : undefined
    const usable = before !== undefined && verdictOn(before.history, maxAge, now) === 'ACCEPTED'
    // A clock that was set back does not make a list new.
    const isFresh = before !== undefined && before.fetchedAt <= now && now < before.fetchedAt + FRESH_SECONDS
    if (usable && isFresh && !before.doubted) return before
    try {
      return await fetchPublished(origin, before, signal)
    } catch (cause) {
      if (usable && cause instanceof WalletError && cause.code === 'issuer_unreachable') return before
      throw cause
    }
  }

  const listed = async (named: NamedIssuer, signal: AbortSignal) => {
    const { origin, maxAge } = named
    try {
      const published = await publishedBy(named, signal)
      const { metadata, history, list } = published
      const epoch = newestOf(history)
      refuseUnlessAccepted(origin, verdictOn(history, maxAge, secondsOf(environment), CLOCK_TOLERANCE))
      return { published, issuer: { metadata, epoch, ...(await checkList(origin, list, epoch.root, signal)) } }
    } catch (cause) {
      signal.throwIfAborted()
      const { code, message } = toWalletError(cause)
      throw new WalletError(code, message, { cause, origin })
    }
  }

  return {
    newest: async (issuers, { signal, onProgress }) => {
      // One that fails stops the others.
      const stop = new AbortController()
      const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
      const total = issuers.length
      let loaded = 0
      onProgress?.({ phase: 'status', loaded, total })
      try {
        const all = await Promise.all(
          issuers.map(async (issuer) => {
            const found = await listed(issuer, either)
            loaded += 1
            onProgress?.({ phase: 'status', loaded, total })
            return found
          }),
        )
        either.throwIfAborted()
        // Without room for it every list is fetched anew, which is no reason to stop.
        await writePublished(
          await store(),
          all.map(({ published }) => published),
        ).catch(() => {})
        return all.map(({ issuer }) => issuer)
      } finally {
        stop.abort()
      }
    },
    saidRevoked: async ({ issuer, revocationId }) => {
      const kept = await readPublished(await store(), issuer)
      if (!kept || secondsOf(environment) > kept.fetchedAt + HEARSAY_SECONDS) return false
      return isRevoked(kept.list, revocationId)
    },
    doubt: async (issuers) => {
      try {
        await doubtPublished(await store(), issuers)
      } catch {
        // The refusal is what the person has to hear of; without room for a mark, what is kept ages by itself.
      }
    },
  }
}

function newestOf(history: StatusHistory): DatedEpoch {
  const [newest] = history
  if (!newest) throw new ProtocolError('status_history_invalid', 'the history of a status list has no epoch')
  return newest
}

/** Of the newest epoch, so that none is superseded. What is kept must be young enough without the clocks' tolerance. */
function verdictOn(history: StatusHistory, maxAge: number, now: number, tolerance = 0): EpochVerdict {
  return judgeEpoch(history, newestOf(history).epoch, { now, maxAge, grace: 0, tolerance })
}

function refuseUnlessAccepted(issuer: Origin, verdict: EpochVerdict): void {
  if (verdict === 'ACCEPTED') return
  if (verdict === 'UNKNOWN') {
    throw new ProtocolError('status_history_invalid', `the status list of ${issuer} is from the future`)
  }
  throw new WalletError(
    'status_list_stale',
    `${issuer} has not renewed its status list for longer than the site accepts`,
  )
}

function refuseRewriting(before: StatusHistory, now: StatusHistory): void {
  if (isRewritten(before, now)) {
    throw new WalletError('status_list_mismatch', `${newestOf(now).issuer} has changed an epoch of its status list`)
  }
}
