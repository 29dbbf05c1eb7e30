import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { KEYS_FOLDER } from '../../server/issuer/issuer-records.ts'
import { KEEP_SUPERSEDED } from '../../server/issuer/status-epochs.ts'
import { listEpochs } from '../../server/issuer/status-records.ts'
import { REFRESH_AFTER } from '../../server/issuer/status-store.ts'
import { fieldToBytes } from '../../src/protocol/field.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { MAX_EPOCHS, MAX_HISTORY_BYTES, serializeStatusHistory } from '../../src/protocol/status-history.ts'
import { isRevoked, statusListOf, statusTree } from '../../src/protocol/status-list.ts'
import { codeOfAsync } from '../expect-code.ts'
import { makeIssuer } from '../fixtures/issuer.ts'
import {
  change,
  directory,
  NOW,
  newest,
  openRecords,
  openRecordsForEach,
  recordOf,
  records,
  reopenRecords,
} from './open-records.ts'

openRecordsForEach()

describe('epochs', () => {
  it('survive a restart, with the key that signed them', async () => {
    const id = await records.issue(NOW)
    await change(records, 'revoke', [id])
    const before = await records.history(NOW)
    await reopenRecords()
    await records.status.refresh(NOW)
    expect(await records.history(NOW)).toEqual(before)
    expect(isRevoked((await newest(records)).list, id)).toBe(true)
  })

  it('are refreshed when the newest is an hour old, to the second', async () => {
    await records.status.refresh(NOW + REFRESH_AFTER - 1)
    expect((await newest(records, NOW + REFRESH_AFTER - 1)).epoch).toBe(1)
    await records.status.refresh(NOW + REFRESH_AFTER)
    const { epoch, publishedAt } = await newest(records, NOW + REFRESH_AFTER)
    expect({ epoch, publishedAt }).toEqual({ epoch: 2, publishedAt: NOW + REFRESH_AFTER })
  })

  it('have times that never run backwards, whatever the clock does', async () => {
    const ids = [await records.issue(NOW), await records.issue(NOW)]
    await change(records, 'revoke', ids.slice(0, 1), NOW - 1000)
    await change(records, 'revoke', ids.slice(1), NOW + 7)
    const times = (await records.history(NOW + 7)).map(({ publishedAt }) => publishedAt)
    expect(times).toEqual([NOW + 7, NOW, NOW])
  })

  it('are served, with their lists, until a day after they were superseded, and their roots kept for good', async () => {
    const id = await records.issue(NOW)
    const superseded = NOW + 100
    await change(records, 'suspend', [id], superseded)
    const last = superseded + KEEP_SUPERSEDED - 1
    await change(records, 'reinstate', [id], last)
    const numbers = async (now: number) => (await records.history(now)).map(({ epoch }) => epoch)
    expect(await numbers(last)).toEqual([3, 2, 1])
    expect(await records.status.list(1)).toBeDefined()
    expect(await numbers(last + 1)).toEqual([3, 2])
    await change(records, 'suspend', [id], last + 1)
    expect(await records.status.list(1)).toBeUndefined()
    expect(await records.status.list(2)).toBeDefined()
    const epochs = await records.database.read(listEpochs)
    expect(epochs.map(({ epoch, list }) => [epoch, list])).toEqual([
      [4, 1],
      [3, 1],
      [2, 1],
      [1, 0],
    ])
    expect(epochs.at(-1)?.root).toEqual(fieldToBytes(statusTree(statusListOf([])).root))
  })

  it(`are at most ${MAX_EPOCHS} in a history, without a hole`, async () => {
    const id = await records.issue(NOW)
    for (let count = 0; count < MAX_EPOCHS / 2; count++) {
      await change(records, 'suspend', [id])
      await change(records, 'reinstate', [id])
    }
    const history = await records.history(NOW)
    expect(history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: MAX_EPOCHS }, (_, n) => MAX_EPOCHS + 1 - n))
    expect(await records.status.list(1)).toBeUndefined()
    expect(await records.status.list(2)).toBeDefined()
    expect(await records.database.read(listEpochs)).toHaveLength(MAX_EPOCHS + 1)
  })

  it('begin anew, with higher numbers, for an origin that the records were moved to', async () => {
    const id = await records.issue(NOW)
    await change(records, 'revoke', [id])
    await reopenRecords(parseOrigin('https://issuer.example'))
    await records.status.refresh(NOW + 1)
    expect((await records.history(NOW + 1)).map(({ epoch }) => epoch)).toEqual([3])
    expect(isRevoked((await newest(records, NOW + 1)).list, id)).toBe(true)
    expect(await records.status.list(2)).toBeUndefined()
  })

  it('begin anew after the key that signs them was replaced', async () => {
    rmSync(join(directory, KEYS_FOLDER, 'status-key.json'))
    await reopenRecords()
    await records.status.refresh(NOW + 1)
    // The history is checked against the new key alone; with an epoch of the old one it would be refused.
    expect((await records.history(NOW + 1)).map(({ epoch }) => epoch)).toEqual([2])
  })

  it('carry the keys that were given at a start, whichever process publishes', async () => {
    const keysOf = async () => (await records.history(NOW)).map(({ keys }) => keys)
    const id = await records.issue(NOW)
    const renewed = [...makeIssuer().metadata.keys, ...records.keys]
    const second = await openRecords(directory)
    const third = await openRecords(directory)
    // Both find it due before either has published.
    await Promise.all([second.status.refresh(NOW, renewed), second.status.refresh(NOW, renewed)])
    await third.status.refresh(NOW, renewed)
    expect(await keysOf()).toEqual([renewed, records.keys])
    // The first process was started with the old ones.
    await change(records, 'revoke', [id])
    await records.status.refresh(NOW)
    expect(await keysOf()).toEqual([renewed, renewed, records.keys])
    await third.status.refresh(NOW, records.keys)
    expect(await keysOf()).toEqual([records.keys, renewed, renewed, records.keys])
    await second.database.close()
    await third.database.close()
  })

  it('are no more in a history than a reader takes', async () => {
    const id = await records.issue(NOW)
    const keys = makeIssuer({ keys: 16 }).metadata.keys.map((key) => ({ ...key, keyId: key.keyId.repeat(4) }))
    await records.status.refresh(NOW, keys)
    for (let count = 0; count < 30; count++) {
      await change(records, 'suspend', [id])
      await change(records, 'reinstate', [id])
    }
    const size = JSON.stringify(serializeStatusHistory(await records.status.history(NOW))).length
    const numbers = (await records.history(NOW)).map(({ epoch }) => epoch)
    expect(numbers).toEqual(numbers.map((_, place) => 62 - place))
    expect(numbers.length).toBeLessThan(60)
    expect(size).toBeLessThanOrEqual(MAX_HISTORY_BYTES)
    expect(size).toBeGreaterThan(MAX_HISTORY_BYTES * (1 - 1 / numbers.length))
  })

  it('undo the change when they cannot be published', async () => {
    const id = await records.issue(NOW)
    // With it no second epoch of this issuer can be written.
    await records.database.transaction((database) =>
      database.schema.createIndex('only_one').unique().on('status_epochs').column('issuer').execute(),
    )
    expect(await codeOfAsync(change(records, 'revoke', [id]))).toMatch(/SQLITE/)
    expect(await recordOf(records, id)).toMatchObject({ state: 'active' })
    await records.database.transaction((database) => database.schema.dropIndex('only_one').execute())
    expect(await codeOfAsync(change(records, 'revoke', [id]))).toBeUndefined()
  })
})
