import type { IssuerKey } from '../../src/protocol/issuer.ts'
import type { StatusEpoch } from '../../src/protocol/status-history.ts'
import type { IssuerDatabase, Records } from './issuer-database.ts'
import { changeStatus, type StatusChange } from './status-change.ts'
import { type EpochPublisher, type EpochSource, isFrom, keysText, newestEpoch, servedEpochs } from './status-epochs.ts'

/** An epoch this old is followed by a fresh one, changed or not: verifiers refuse a list that is too old. Seconds. */
export const REFRESH_AFTER = 3_600

/** The standing of credentials, and the epochs that publish it. Times are Unix seconds. */
export type StatusStore = {
  /** One transaction and one epoch, however many credentials. Throws as {@link changeStatus}. */
  readonly change: (change: StatusChange) => Promise<{ readonly credentials: number[]; readonly epoch: StatusEpoch }>
  /**
   * Publishes an epoch if there is none from this source, the newest is {@link REFRESH_AFTER} old, or it has other keys
   * than these. Keys are given at the start; without them those of the newest epoch go on.
   */
  readonly refresh: (now: number, keys?: readonly IssuerKey[]) => Promise<void>
  /** The signed epochs that are served now, newest first. */
  readonly history: (now: number) => Promise<string[]>
  /** The list of one epoch in gzip; undefined for an epoch that is not there yet, or whose list is gone. */
  readonly list: (epoch: number) => Promise<Uint8Array | undefined>
}

/** The store over an issuer's database. `source` says which epochs are its own: those of its origin, by its status key. */
export function createStatusStore(options: {
  database: IssuerDatabase
  publish: EpochPublisher
  source: EpochSource
}): StatusStore {
  const { database, publish, source } = options
  const isDue = async (records: Records, now: number, keys: readonly IssuerKey[] | undefined) => {
    const newest = await newestEpoch(records)
    if (newest === undefined || !isFrom(newest, source)) return true
    return newest.published_at <= now - REFRESH_AFTER || (keys !== undefined && newest.keys !== keysText(keys))
  }
  return {
    change: (change) =>
      database.transaction(async (records) => {
        const credentials = await changeStatus(records, change)
        return { credentials, epoch: await publish(records, change.now) }
      }),
    refresh: async (now, keys) => {
      // Asked first without the lock, which is needed once an hour.
      if (!(await database.read((records) => isDue(records, now, keys)))) return
      await database.transaction(async (records) => {
        if (await isDue(records, now, keys)) await publish(records, now, keys)
      })
    },
    history: async (now) => {
      const epochs = await database.read((records) => servedEpochs(records, source, now))
      return epochs.map(({ jws }) => jws)
    },
    list: async (epoch) => {
      const row = await database.read((records) =>
        records.selectFrom('status_epochs').select('list').where('epoch', '=', epoch).executeTakeFirst(),
      )
      return row?.list ?? undefined
    },
  }
}
