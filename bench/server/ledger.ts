import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { PostgresCluster } from '../../scripts/postgres.ts'
import { openStore } from '../../sdk/server/store/open-store.ts'
import type { Acceptance, Store, StoreOption } from '../../sdk/server/store/store.ts'
import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import { type FieldElement, randomField } from '../../src/protocol/field.ts'
import { median } from '../median.ts'
import { type BulkNames, openBulkPostgres, openBulkSqlite } from './bulk-names.ts'

export type LedgerFigures = Readonly<Record<'sqlite' | 'postgresql', readonly LedgerSize[]>>

/** A ledger of so many used names. */
export type LedgerSize = {
  readonly names: number
  /** Medians through the store, one after another: a presentation with a new name, and with one that is used. */
  readonly insertMs: number
  readonly refuseMs: number
  /** Of the names with their indexes; of SQLite the whole file. */
  readonly megabytes: number
  /** Loading those that were missing. */
  readonly loadSeconds: number
}

export type LedgerOptions = {
  readonly folder: string
  readonly postgres: PostgresCluster
  readonly sizes: readonly number[]
  readonly report: (line: string) => void
}

/** Presentations of each kind at each size. */
const PRESENTATIONS = 200
const LIFETIME_MS = 600_000

/** Fills the ledger of both databases, one after the other, and measures what a presentation takes at each size. */
export async function growLedger({ folder, postgres, sizes, report }: LedgerOptions): Promise<LedgerFigures> {
  const grow = async (database: string, options: StoreOption, open: () => Promise<BulkNames>) => {
    const store = await openStore(options, { auditKey: randomBytes(32), onError: (error) => report(String(error)) })
    try {
      const bulk = await open()
      try {
        return await measureSizes(store, bulk, { sizes, report: (line) => report(`ledger: ${database}, ${line}`) })
      } finally {
        await bulk.close()
      }
    } finally {
      await store.close()
    }
  }
  const path = join(folder, 'ledger.sqlite')
  const sqlite = await grow('sqlite', { path }, async () => openBulkSqlite(path))
  // Gigabytes, of which the other database can make use.
  for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true })
  const url = await postgres.createDatabase('ledger')
  return { sqlite, postgresql: await grow('postgresql', { url }, () => openBulkPostgres(url)) }
}

async function measureSizes(
  store: Store,
  bulk: BulkNames,
  { sizes, report }: Pick<LedgerOptions, 'sizes' | 'report'>,
): Promise<LedgerSize[]> {
  const measured: LedgerSize[] = []
  for (const names of sizes) {
    report(`${names} names`)
    const began = performance.now()
    await bulk.fill(names)
    const loadSeconds = rounded((performance.now() - began) / 1000)
    await bulk.settle()
    const megabytes = rounded((await bulk.bytes()) / 1e6)
    const fresh = Array.from({ length: PRESENTATIONS }, () => randomField())
    const insertMs = await measureAccepting(store, fresh, 'ACCEPTED')
    const refuseMs = await measureAccepting(store, await bulk.someNames(PRESENTATIONS), 'NULLIFIER_USED')
    measured.push({ names, insertMs, refuseMs, megabytes, loadSeconds })
  }
  return measured
}

async function measureAccepting(
  store: Store,
  names: readonly FieldElement[],
  expected: 'ACCEPTED' | 'NULLIFIER_USED',
): Promise<number> {
  const acceptances = names.map(acceptanceOf)
  await Promise.all(acceptances.map((acceptance) => openSession(store, acceptance)))
  const times: number[] = []
  for (const acceptance of acceptances) {
    const began = performance.now()
    const outcome = await store.accept(acceptance)
    times.push(performance.now() - began)
    if (outcome !== expected) throw new Error(`expected ${expected}, not ${outcome}`)
  }
  return rounded(median(times))
}

function openSession(store: Store, { sessionId, requestName, now }: Acceptance): Promise<void> {
  return store.insertSession({
    id: sessionId,
    requestName,
    browserHash: randomBytes(32),
    jws: 'none',
    transport: 'window',
    createdAt: now,
    expiresAt: now + LIFETIME_MS,
  })
}

function acceptanceOf(nullifier: FieldElement): Acceptance {
  const now = Date.now()
  return {
    sessionId: toBase64url(randomBytes(16)),
    requestName: 'once',
    presentationDigest: randomBytes(32),
    answers: [{ type: 'action', item: 'age', nullifier, issuers: [], schema: '', disclosed: {} }],
    codeHash: randomBytes(32),
    result: '[]',
    resultExpiresAt: now + LIFETIME_MS,
    nameHmac: null,
    now,
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
