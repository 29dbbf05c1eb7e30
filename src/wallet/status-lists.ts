import type { Credential } from '../protocol/credential.ts'
import { ProtocolError } from '../protocol/error.ts'
import type { FieldElement } from '../protocol/field.ts'
import type { Origin } from '../protocol/origin.ts'
import { MAX_STATUS_AGE } from '../protocol/query.ts'
import { CLOCK_TOLERANCE } from '../protocol/request.ts'
import {
  type DatedEpoch,
  isRewritten,
  judgeEpoch,
  parseStatusHistory,
  type StatusEpoch,
  type StatusHistory,
} from '../protocol/status-history.ts'
import { isRevoked, type StatusList } from '../protocol/status-list.ts'
import type { WalletStore } from '../vault/index.ts'
import { secondsOf, type WalletEnvironment } from './environment.ts'
import { fetchIssuerMetadata, fetchStatusHistory, fetchStatusList } from './issuer.ts'
import type { ListedIssuer } from './standing.ts'
import { type Published, readPublished, writePublished } from './status-cache.ts'
import { statusTreeInPieces } from './status-tree.ts'
import type { ProgressOptions } from './wallet.ts'
import { toWalletError, WalletError } from './wallet-error.ts'

/** An issuer that the answered items name, and how old its list may be there, in seconds. */
export type NamedIssuer = { readonly origin: Origin; readonly maxAge: number }

export type StatusLists = {
  /**
   * The newest list of each of these issuers, checked: signed by the issuer, not older than asked, with the root that a
   * recomputation gives. All are treated alike, whichever of them issued the card, and every one is asked each time, for
   * an epoch that was kept would be named to one site after another, and an issuer can make an epoch for one reader. Only
   * a list whose root is the one of the last time is not fetched again.
   * Throws `issuer_unreachable`, `issuer_metadata_invalid`, `issuer_mismatch`, `status_history_invalid`,
   * `status_list_invalid`, `status_list_mismatch`, `status_list_stale`, each with the issuer in `origin`.
   */
  newest(issuers: readonly NamedIssuer[], options: ProgressOptions): Promise<ListedIssuer[]>
  /** Whether the list that was fetched last, within five minutes, says so; asks nobody. A suspension may end any time. */
  saidRevoked(credential: Credential): Promise<boolean>
}

const HEARSAY_SECONDS = 300

type CheckedList = Pick<ListedIssuer, 'list' | 'tree'>

export function createStatusLists(
  environment: Pick<WalletEnvironment, 'fetch' | 'clock'>,
  store: () => Promise<WalletStore>,
): StatusLists {
  /** Lists that have the root their issuer signed: whatever the epoch, no tree is computed twice. */
  const checked = new Map<Origin, CheckedList>()

  const checkedList = async (list: StatusList, root: FieldElement, signal: AbortSignal) => {
    const tree = await statusTreeInPieces(list, signal)
    return tree.root === root ? { list, tree } : undefined
  }

  /** The list with this root: as it was checked or kept the last time, else from the issuer. */
  const listOf = async ({ issuer, epoch, root }: StatusEpoch, before: Published | undefined, signal: AbortSignal) => {
    const known = checked.get(issuer)
    if (known?.tree.root === root) return known
    const kept = before && newestOf(before.history).root === root && (await checkedList(before.list, root, signal))
    if (kept) return kept
    const transport = { fetch: environment.fetch, signal }
    const fetched = await checkedList(await fetchStatusList(issuer, epoch, transport), root, signal)
    if (fetched) return fetched
    throw new WalletError('status_list_mismatch', `the status list of ${issuer} is not the one it signed`)
  }

  const publishedBy = async ({ origin, maxAge }: NamedIssuer, signal: AbortSignal) => {
    const transport = { fetch: environment.fetch, signal }
    const [kept, metadata, served] = await Promise.all([
      store().then((opened) => readPublished(opened, origin)),
      fetchIssuerMetadata(origin, transport),
      fetchStatusHistory(origin, transport),
    ])
    const history = await parseStatusHistory(served, metadata)
    const fetchedAt = secondsOf(environment)
    // Beyond what any site accepts as a list's age, what was published once is held against nobody.
    const before = kept && fetchedAt < kept.fetchedAt + MAX_STATUS_AGE ? kept : undefined
    if (before) refuseRewriting(before.history, history)
    refuseUnlessAccepted(history, { now: fetchedAt, maxAge })
    const epoch = newestOf(history)
    const found = await listOf(epoch, before, signal)
    checked.set(origin, found)
    return {
      published: { metadata, history, served, list: found.list, fetchedAt },
      issuer: { metadata, epoch, ...found },
    }
  }

  const listed = async (named: NamedIssuer, signal: AbortSignal) => {
    try {
      return await publishedBy(named, signal)
    } catch (cause) {
      signal.throwIfAborted()
      const { code, message } = toWalletError(cause)
      throw new WalletError(code, message, { cause, origin: named.origin })
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
        // Without room for it the lists are fetched anew the next time, which is no reason to stop.
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
      if (!kept) return false
      // A clock that was set back does not make a list new.
      const age = secondsOf(environment) - kept.fetchedAt
      return age >= 0 && age <= HEARSAY_SECONDS && isRevoked(kept.list, revocationId)
    },
  }
}

function newestOf(history: StatusHistory): DatedEpoch {
  const [newest] = history
  if (!newest) throw new ProtocolError('status_history_invalid', 'the history of a status list has no epoch')
  return newest
}

/** Judges the newest epoch, so that none is superseded. In seconds. */
function refuseUnlessAccepted(history: StatusHistory, { now, maxAge }: { now: number; maxAge: number }): void {
  const { issuer, epoch } = newestOf(history)
  const verdict = judgeEpoch(history, epoch, { now, maxAge, grace: 0, tolerance: CLOCK_TOLERANCE })
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
