import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DATABASE_FILE, openIssuerRecords } from '../../server/issuer/issuer-records.ts'
import { migrations } from '../../server/issuer/issuer-tables.ts'
import { newestEpoch } from '../../server/issuer/status-epochs.ts'
import { listCredentials } from '../../server/issuer/status-records.ts'
import { openSqlite } from '../../server/sqlite.ts'
import { isRevoked, parseStatusList } from '../../src/protocol/status-list.ts'
import { codeOfAsync } from '../expect-code.ts'
import { ORIGIN, openRecords } from './open-records.ts'

const NOW = 1_795_176_000

/** The tables as the first migration made them. */
type FirstTables = {
  people: { person: Uint8Array; issuer_tag: Uint8Array }
  credentials: {
    revocation_id: number
    person: Uint8Array
    schema: string
    issued_at: number
    superseded_at: number | null
  }
}

let directory: string

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-migration-'))
  const first = Object.entries(migrations).filter(([name]) => name === '0001-first')
  const old = await openSqlite<FirstTables>(join(directory, DATABASE_FILE), Object.fromEntries(first))
  const person = new Uint8Array(32).fill(1)
  await old.insertInto('people').values({ person, issuer_tag: person }).execute()
  const row = { person, schema: 's', issued_at: NOW - 100 }
  await old
    .insertInto('credentials')
    .values([
      { ...row, revocation_id: 11, superseded_at: NOW - 50 },
      { ...row, revocation_id: 12, superseded_at: null },
    ])
    .execute()
  await old.destroy()
})
afterEach(() => rmSync(directory, { recursive: true }))

it('brings old records along: what had been replaced is in the first list', async () => {
  const { status, database, keys } = await openRecords(directory)
  await status.refresh(NOW, keys)
  const list = parseStatusList(gunzipSync((await status.list(1)) ?? new Uint8Array()))
  expect([11, 12].map((id) => isRevoked(list, id))).toEqual([true, false])
  const rows = await database.read((records) => listCredentials(records))
  await database.close()
  expect(rows).toMatchObject([
    { revocationId: 11, state: 'superseded', changedAt: NOW - 50, reason: 'issued again' },
    { revocationId: 12, state: 'active', changedAt: undefined },
  ])
})

it('serves no epoch of the time when they had no keys, and begins anew after it', async () => {
  const { status, database, keys, key } = await openRecords(directory)
  const row = { epoch: 4, issuer: ORIGIN, key_id: key.published.kid, root: new Uint8Array(32), published_at: NOW }
  await database.transaction((records) =>
    records
      .insertInto('status_epochs')
      .values({ ...row, keys: null, jws: 'x', list: null })
      .execute(),
  )
  expect(await status.history(NOW)).toEqual([])
  expect(await codeOfAsync(openIssuerRecords(directory))).toBe('issuer_records_missing')
  await status.refresh(NOW, keys)
  expect(await status.history(NOW)).toHaveLength(1)
  await database.close()
  const opened = await openIssuerRecords(directory)
  expect(await opened.database.read(newestEpoch)).toMatchObject({ epoch: 5 })
  await opened.database.close()
})

it('allows one living credential a person and schema, a suspended one among them', async () => {
  const { status, database, keys } = await openRecords(directory)
  await status.refresh(NOW, keys)
  const add = (revocation_id: number) =>
    database.transaction((records) =>
      records
        .insertInto('credentials')
        .values({
          revocation_id,
          person: new Uint8Array(32).fill(1),
          schema: 's',
          issued_at: NOW,
          state: 'active',
          reason: null,
          changed_at: null,
        })
        .execute(),
    )
  expect(await codeOfAsync(add(13))).toMatch(/SQLITE/)
  const change = { target: { credentials: [12] }, reason: 'x', now: NOW }
  await status.change({ ...change, action: 'suspend' })
  expect(await codeOfAsync(add(13))).toMatch(/SQLITE/)
  await status.change({ ...change, action: 'revoke' })
  expect(await codeOfAsync(add(13))).toBeUndefined()
  await database.close()
})

it('issuer_records_missing: no file, and records of an issuer that has published nothing yet', async () => {
  expect(await codeOfAsync(openIssuerRecords(join(directory, 'nowhere')))).toBe('issuer_records_missing')
  expect(await codeOfAsync(openIssuerRecords(directory))).toBe('issuer_records_missing')
  const { status, database, keys } = await openRecords(directory)
  await status.refresh(NOW, keys)
  await database.close()
  const opened = await openIssuerRecords(directory)
  await opened.database.close()
})
