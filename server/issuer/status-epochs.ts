import { gzipSync } from 'node:zlib'
import type { UnixSeconds } from '../../src/protocol/day.ts'
import { fieldToBytes } from '../../src/protocol/field.ts'
import { type IssuerKey, issuerKeysShape, serializeIssuerKeys } from '../../src/protocol/issuer.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import {
  MAX_EPOCHS,
  MAX_HISTORY_BYTES,
  type StatusEpoch,
  serializeStatusHistory,
} from '../../src/protocol/status-history.ts'
import { statusListOf } from '../../src/protocol/status-list.ts'
import type { Records } from './issuer-database.ts'
import type { StatusKey } from './status-key.ts'
import { createStatusRoot } from './status-root.ts'

/** An epoch that has been superseded stays in the history, and its list can be had, for this long. Seconds. */
export const KEEP_SUPERSEDED = 86_400

/** Whose epochs they are: what others can check is signed for this origin, by this key. */
export type EpochSource = { readonly origin: Origin; readonly key: StatusKey }

/**
 * Publishes the list as the records have it now. To be called inside the transaction that changes them. Without `keys`
 * those of the newest epoch go on: of several processes, one that was started before a change of keys must not undo it.
 */
export type EpochPublisher = (records: Records, now: number, keys?: readonly IssuerKey[]) => Promise<StatusEpoch>

/**
 * Each epoch has the number after the last one and a time that is not before its, whatever the clock says. Lists that
 * no history names any more are removed; roots and times stay for good.
 */
export function createEpochPublisher(source: EpochSource): EpochPublisher {
  const { origin, key } = source
  const rootOf = createStatusRoot()
  return async (records, now, given) => {
    const list = await currentList(records)
    const newest = await newestEpoch(records)
    const keys = given ?? readKeys(newest?.keys)
    const epoch: StatusEpoch = {
      issuer: origin,
      epoch: (newest?.epoch ?? 0) + 1,
      root: rootOf(list),
      keys,
      // A whole number of seconds already; the brand is the protocol's.
      publishedAt: Math.max(now, newest?.published_at ?? 0) as UnixSeconds,
    }
    await records
      .insertInto('status_epochs')
      .values({
        epoch: epoch.epoch,
        issuer: origin,
        key_id: key.published.kid,
        root: fieldToBytes(epoch.root),
        keys: keysText(keys),
        published_at: epoch.publishedAt,
        jws: await key.sign(epoch),
        list: gzipSync(list),
      })
      .execute()
    const oldest = (await servedEpochs(records, source, now)).at(-1)
    await records
      .updateTable('status_epochs')
      .set({ list: null })
      .where('epoch', '<', oldest?.epoch ?? epoch.epoch)
      .where('list', 'is not', null)
      .execute()
    return epoch
  }
}

/** Keys as the records have them. */
export function keysText(keys: readonly IssuerKey[]): string {
  return JSON.stringify(serializeIssuerKeys(keys))
}

function readKeys(text: string | null | undefined): readonly IssuerKey[] {
  return issuerKeysShape.parse(JSON.parse(text ?? 'null'))
}

/** The newest epoch, whosever it is. */
export function newestEpoch(records: Records) {
  return records
    .selectFrom('status_epochs')
    .select(['epoch', 'issuer', 'key_id', 'keys', 'published_at'])
    .orderBy('epoch', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/**
 * The history as it is served, newest first: the newest epoch, and those before it that were superseded less than
 * {@link KEEP_SUPERSEDED} ago, MAX_EPOCHS and MAX_HISTORY_BYTES at most. Epochs of another source (the same records moved, or
 * the key replaced) end it: a reader would refuse a history with one of them.
 */
export async function servedEpochs(
  records: Records,
  source: EpochSource,
  now: number,
): Promise<{ epoch: number; jws: string }[]> {
  const rows = await records
    .selectFrom('status_epochs')
    .select(['epoch', 'issuer', 'key_id', 'keys', 'published_at', 'jws'])
    .orderBy('epoch', 'desc')
    .limit(MAX_EPOCHS)
    .execute()
  let bytes = JSON.stringify(serializeStatusHistory([])).length
  const end = rows.findIndex((row, place) => {
    const next = rows[place - 1]
    // With its quotation marks and a comma.
    bytes += row.jws.length + 3
    const isOld = next !== undefined && next.published_at <= now - KEEP_SUPERSEDED
    return !isFrom(row, source) || isOld || bytes > MAX_HISTORY_BYTES
  })
  return rows.slice(0, end === -1 ? rows.length : end)
}

/** Whether an epoch in the records is from this source, and one that readers take. */
export function isFrom(
  row: { issuer: string; key_id: string; keys: string | null },
  { origin, key }: EpochSource,
): boolean {
  return row.issuer === origin && row.key_id === key.published.kid && row.keys !== null
}

async function currentList(records: Records) {
  const listed = await records
    .selectFrom('credentials')
    .select('revocation_id')
    .where('state', '<>', 'active')
    .execute()
  return statusListOf(listed.map(({ revocation_id }) => revocation_id))
}
