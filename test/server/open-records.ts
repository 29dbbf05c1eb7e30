import { randomBytes as random } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect } from 'vitest'
import { createIssuanceStore, type IssuanceStore } from '../../server/issuer/issuance-store.ts'
import { openIssuerDatabase } from '../../server/issuer/issuer-database.ts'
import { DATABASE_FILE, type IssuerRecords, KEYS_FOLDER } from '../../server/issuer/issuer-records.ts'
import { loadSigningKeys } from '../../server/issuer/signing-key.ts'
import type { StatusAction } from '../../server/issuer/status-change.ts'
import { createEpochPublisher } from '../../server/issuer/status-epochs.ts'
import { loadStatusKey, type StatusKey } from '../../server/issuer/status-key.ts'
import { listCredentials } from '../../server/issuer/status-records.ts'
import { createStatusStore } from '../../server/issuer/status-store.ts'
import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import { toDay } from '../../src/protocol/day.ts'
import { type FieldElement, randomField } from '../../src/protocol/field.ts'
import type { Offer } from '../../src/protocol/issuance.ts'
import type { IssuerKey } from '../../src/protocol/issuer.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { parseStatusHistory, type StatusHistory, serializeStatusHistory } from '../../src/protocol/status-history.ts'
import { parseStatusList, statusTree } from '../../src/protocol/status-list.ts'

/** An issuer's records in a folder, without the pages and the proofs. */
export type OpenRecords = IssuerRecords & {
  readonly issuance: IssuanceStore
  readonly key: StatusKey
  /** What it signs credentials with. */
  readonly keys: readonly IssuerKey[]
  /** The served history, checked as a wallet checks it. */
  readonly history: (now: number) => Promise<StatusHistory>
  /** A credential for this person; gives its revocation identifier. */
  readonly issue: (now: number, holder?: { person: Uint8Array; issuerTag: FieldElement }) => Promise<number>
}

/** The issuer's time in tests about its records, Unix seconds. */
export const NOW = 1_795_176_000

export const ORIGIN = parseOrigin('http://issuer.localhost:4401')

export async function openRecords(directory: string, origin = ORIGIN): Promise<OpenRecords> {
  const key = await loadStatusKey(join(directory, KEYS_FOLDER))
  const { published } = loadSigningKeys({ directory: join(directory, KEYS_FOLDER), now: new Date('2026-11-20') })
  const database = await openIssuerDatabase(join(directory, DATABASE_FILE))
  const publish = createEpochPublisher({ origin, key })
  const issuance = createIssuanceStore(database, publish)
  const status = createStatusStore({ database, publish, source: { origin, key } })
  return {
    database,
    issuance,
    status,
    key,
    keys: published,
    history: async (now) =>
      parseStatusHistory(serializeStatusHistory(await status.history(now)), { origin, statusKeys: [key.published] }),
    issue: async (now, holder = makePerson()) => {
      const offer = makeOffer(now)
      await issuance.addOffer(offer, now)
      return issuance.issue({ offer, ...holder, now }, (revocationId) => revocationId)
    },
  }
}

/** Those of the test that runs, and their folder: {@link openRecordsForEach}. */
export let records: OpenRecords
export let directory: string

/** New records with a first epoch for each test of a file, removed after it. */
export function openRecordsForEach(): void {
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'touchstone-status-'))
    records = await openRecords(directory)
    await records.status.refresh(NOW, records.keys)
  })
  afterEach(async () => {
    await records.database.close()
    rmSync(directory, { recursive: true })
  })
}

/** The same folder after a restart, perhaps under another origin; a key file that is gone is made anew. */
export async function reopenRecords(origin = ORIGIN): Promise<void> {
  await records.database.close()
  records = await openRecords(directory, origin)
}

/** What an operator does to credentials, for the reason "lost". */
export function change({ status }: OpenRecords, action: StatusAction, credentials: readonly number[], now = NOW) {
  return status.change({ action, target: { credentials }, reason: 'lost', now })
}

/** The newest epoch with its list, whose root is recomputed. */
export async function newest({ history, status }: OpenRecords, now = NOW) {
  const [epoch] = await history(now)
  const packed = await status.list(epoch?.epoch ?? 0)
  if (!epoch || !packed) throw new Error('there is a newest epoch, with its list')
  const list = parseStatusList(gunzipSync(packed))
  expect(statusTree(list).root).toBe(epoch.root)
  return { ...epoch, list }
}

/** The records' entry of one credential. */
export async function recordOf({ database }: OpenRecords, id: number) {
  const all = await database.read((records) => listCredentials(records))
  return all.find(({ revocationId }) => revocationId === id)
}

/** Somebody, as the records know them. */
export function makePerson() {
  return { person: new Uint8Array(random(32)), issuerTag: randomField() }
}

export function makeOffer(now: number): Offer {
  return {
    version: 1,
    id: toBase64url(randomBytes(16)),
    issuer: ORIGIN,
    schema: toBase64url(new Uint8Array(32).fill(7)),
    claims: { givenName: 'Robin' },
    validFrom: toDay(46_000),
    validUntil: toDay(46_700),
    nonce: toBase64url(randomBytes(32)),
    expires: now + 600,
    keySet: toBase64url(new Uint8Array(32).fill(9)),
  }
}
