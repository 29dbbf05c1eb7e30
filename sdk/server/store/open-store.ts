import { sql } from 'kysely'
import { accepting } from './accept.ts'
import { verifyAudit } from './audit-verify.ts'
import type { Work } from './batch.ts'
import { createChangeFeed } from './change-feed.ts'
import type { Database } from './database.ts'
import { createGroupCommit, type GroupCommit } from './group-commit.ts'
import { findIssuer, keepIssuer } from './issuers.ts'
import { exportLedger } from './ledger-export.ts'
import { forgettingNames } from './pins.ts'
import { openPostgres } from './postgres-database.ts'
import { recordingRefusals } from './refusals.ts'
import { takingResults } from './results.ts'
import { prune, sweep } from './retention.ts'
import {
  advancingSessions,
  cancellingSessions,
  findSession,
  hasOpenSession,
  insertingSessions,
  readStates,
} from './sessions.ts'
import { openSqlite } from './sqlite-database.ts'
import type { Ledger, Store, StoreOptions, StoreSurroundings } from './store.ts'
import { toStoreError } from './store-error.ts'
import { endingVisits, findVisit, puttingVisits } from './visits.ts'

/** Kinds of work, in the order in which a transaction does them. */
const ORDER: readonly Work<never, unknown>[] = [
  insertingSessions,
  advancingSessions,
  cancellingSessions,
  accepting,
  recordingRefusals,
  takingResults,
  forgettingNames,
  endingVisits,
  puttingVisits,
]

/**
 * Opens the store, makes its tables if there are none, and brings older ones up to date. Several processes may, at once.
 * Throws `store_unavailable` where the database cannot be reached or written, and `option_invalid` where PostgreSQL is
 * asked for without the package `pg`.
 */
export async function openStore(options: StoreOptions, surroundings: StoreSurroundings): Promise<Store> {
  const { auditKey, onError } = surroundings
  const database = await orUnavailable(
    'url' in options ? openPostgres(options, surroundings) : openSqlite(options.path, auditKey),
  )
  const { writer, reader } = database
  const feed = createChangeFeed({ readStates: (ids) => readStates(reader, ids), listen: database.listen, onError })
  const group = createGroupCommit({
    db: writer,
    auditKey,
    order: ORDER,
    announce: database.announce,
    onCommitted: (changes) => {
      for (const { id, state } of changes) feed.tell(id, state)
    },
  })
  const retention = { db: writer, auditKey }
  return {
    ...writingMethods(group),
    findSession: (id) => orUnavailable(findSession(reader, id)),
    hasOpenSession: (browserHash, now) => orUnavailable(hasOpenSession(reader, browserHash, now)),
    findVisit: (tokenHash, now) => orUnavailable(findVisit(reader, tokenHash, now)),
    findIssuer: (origin) => orUnavailable(findIssuer(reader, origin)),
    keepIssuer: (issuer) => orUnavailable(keepIssuer(writer, issuer)),
    watch: feed.watch,
    sweep: (now) => orUnavailable(sweep(retention, now)),
    ledger: ledgerOf(database, auditKey),
    ping: async () => {
      await orUnavailable(sql`select 1`.execute(reader))
    },
    async close() {
      feed.close()
      await group.settled()
      await database.close()
    },
  }
}

function writingMethods(group: GroupCommit) {
  return {
    insertSession: (session) => group.submit(insertingSessions, session),
    advanceSession: (change) => group.submit(advancingSessions, change),
    cancelSession: (id, now) => group.submit(cancellingSessions, { id, now }),
    recordRefusal: (refusal) => group.submit(recordingRefusals, refusal),
    accept: (acceptance) => group.submit(accepting, acceptance),
    takeResult: (request) => group.submit(takingResults, request),
    forgetName: (name) => group.submit(forgettingNames, name),
    putVisit: (visit) => group.submit(puttingVisits, visit),
    endVisit: (tokenHash) => group.submit(endingVisits, tokenHash),
  } satisfies Partial<Store>
}

function ledgerOf(database: Database, auditKey: Uint8Array): Ledger {
  return {
    verify: ({ known } = {}) =>
      orUnavailable(inSnapshot(database, (snapshot) => verifyAudit(snapshot.db, auditKey, known))),
    async *export() {
      const snapshot = await orUnavailable(database.openSnapshot())
      try {
        yield* exportLedger(snapshot.db, auditKey)
      } finally {
        await snapshot.end()
      }
    },
    prune: (range) => orUnavailable(prune({ db: database.writer, auditKey }, range)),
    durability: () => orUnavailable(database.durability()),
  }
}

async function inSnapshot<T>(
  database: Database,
  read: (snapshot: Awaited<ReturnType<Database['openSnapshot']>>) => Promise<T>,
): Promise<T> {
  const snapshot = await database.openSnapshot()
  try {
    return await read(snapshot)
  } finally {
    await snapshot.end()
  }
}

async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw toStoreError(error)
  }
}
