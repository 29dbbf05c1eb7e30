import { z } from 'zod'
import { type IssuerMetadata, parseIssuerMetadata, serializeIssuerMetadata } from '../protocol/issuer.ts'
import type { Origin } from '../protocol/origin.ts'
import { originShape, parse, secondsShape } from '../protocol/parse.ts'
import { parseStatusHistory, type StatusHistory } from '../protocol/status-history.ts'
import { parseStatusList, type StatusList } from '../protocol/status-list.ts'
import type { Change, WalletStore } from '../vault/index.ts'

/** What an issuer published when it was last asked. The list is that of the newest epoch, and has its root. */
export type Published = {
  readonly metadata: IssuerMetadata
  readonly history: StatusHistory
  /** The history as it was served: its signatures are checked again with every reading. */
  readonly served: unknown
  readonly list: StatusList
  /** Unix seconds by the wallet's own clock. */
  readonly fetchedAt: number
}

/** Issuers that are kept: a site chooses how many it names. */
const MAX_ISSUERS = 32

const entryShape = z.strictObject({
  version: z.literal(1),
  issuer: originShape,
  fetchedAt: secondsShape,
  metadata: z.unknown(),
  history: z.unknown(),
  list: z.instanceof(Uint8Array).transform(parseStatusList),
})

/**
 * What is kept of an issuer: no epoch to prove against, but the list, which need not be fetched again while its root is the
 * same, and the history, by which a rewriting is noticed. Undefined where nothing is kept, or nothing that can be read.
 */
export async function readPublished(store: WalletStore, issuer: Origin): Promise<Published | undefined> {
  const value = await store.get('statusLists', issuer)
  if (value === undefined) return undefined
  try {
    const { fetchedAt, metadata: serialized, history: served, list } = parseEntry(value)
    const metadata = parseIssuerMetadata(serialized, issuer)
    const history = await parseStatusHistory(served, metadata)
    return { metadata, history, served, list, fetchedAt }
  } catch {
    return undefined
  }
}

/**
 * Keeps what issuers published, in clear: all of it is public, and of all alike, whether or not a credential here is theirs. Those asked
 * longest ago make room.
 */
export async function writePublished(store: WalletStore, fetched: readonly Published[]): Promise<void> {
  const known = (await store.list('statusLists')).flatMap((value) => {
    const entry = entryShape.safeParse(value)
    return entry.success ? [entry.data] : []
  })
  const written = new Set(fetched.map(({ metadata }) => metadata.origin))
  const others = known.filter(({ issuer }) => !written.has(issuer)).sort((a, b) => b.fetchedAt - a.fetchedAt)
  const surplus = others.slice(Math.max(0, MAX_ISSUERS - written.size))
  const changes: Change[] = fetched.slice(0, MAX_ISSUERS).map(({ metadata, served, list, fetchedAt }) => ({
    action: 'put',
    table: 'statusLists',
    key: metadata.origin,
    value: {
      version: 1,
      issuer: metadata.origin,
      fetchedAt,
      metadata: serializeIssuerMetadata(metadata),
      history: served,
      list,
    },
  }))
  const removed = surplus.map(({ issuer }): Change => ({ action: 'delete', table: 'statusLists', key: issuer }))
  await store.write([...changes, ...removed])
}

function parseEntry(value: unknown) {
  return parse(entryShape, value, 'status_list_invalid')
}
