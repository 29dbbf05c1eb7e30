import { type Kysely, sql } from 'kysely'
import { serverError } from '../error-codes.ts'
import { accepting } from './accept.ts'
import { acknowledgeAudit } from './audit-acknowledge.ts'
import { isSealed } from './audit-chain.ts'
import { verifyAudit } from './audit-verify.ts'
import type { Work } from './batch.ts'
import { createChangeFeed } from './change-feed.ts'
import type { Database } from './database.ts'
import { createGroupCommit, type GroupCommit } from './group-commit.ts'
import { findIssuer, keepingIssuers } from './issuers.ts'
import { exportLedger } from './ledger-export.ts'
import { forgettingNames } from './pins.ts'
import { openPostgres } from './postgres-database.ts'
import { recordingRefusals } from './refusals.ts'
import { takingResults } from './results.ts'
import { prune, type Retention, sweep } from './retention.ts'
import {
  advancingSessions,
  cancellingSessions,
  findSession,
  insertingSessions,
  openSessions,
  readStates,
} from './sessions.ts'
import { openSqlite } from './sqlite-database.ts'
import type { Ledger, Store, StoreKeeping, StoreOption } from './store.ts'
import { toStoreError } from './store-error.ts'
import type { Tables } from './tables.ts'
import { endingVisits, findVisit, puttingVisits } from './visits.ts'

/** Kinds of work, in the order in which a transaction does them. */
const ORDER: readonly Work<never, unknown>[] = [
  insertingSessions,
  advancingSessions,
  cancellingSessions,
  accepting,
  recordingRefusals,
  endingVisits,
  takingResults,
  forgettingNames,
  puttingVisits,
  keepingIssuers,
]

/**
 * Opens the store, makes its tables if there are none, and brings older ones up to date. Several processes may, at once.
 * Throws `store_unavailable` where the database cannot be reached or written, and `option_invalid` where PostgreSQL is
 * asked for without the package `pg`; `audit_key_mismatch` where the audit log is under another key.
 */
export async function openStore(options: StoreOption, keeping: StoreKeeping): Promise<Store> {
  const { auditKey, onError } = keeping
  const database = await orUnavailable(
    'url' in options ? openPostgres(options, keeping) : openSqlite(options.path, auditKey),
  )
  const { writer, reader } = database
  await orUnavailable(closingOnError(database, checkAuditKey(reader, keeping)))
  const feed = createChangeFeed({ readStates: (ids) => readStates(reader, ids), listen: database.listen, onError })
  const group = createGroupCommit({
    db: writer,
    auditKey,
    onError,
    order: ORDER,
    announce: database.announce,
    onCommitted: (changes) => {
      for (const { id, state } of changes) feed.tell(id, state)
    },
  })
  const retention = { db: writer, auditKey, onError }
  return {
    ...writingMethods(group),
    findSession: (id) => orUnavailable(findSession(reader, id)),
    openSessions: (browserHash, now) => orUnavailable(openSessions(reader, browserHash, now)),
    findVisit: (tokenHash, now) => orUnavailable(findVisit(reader, tokenHash, now)),
    findIssuer: (origin) => orUnavailable(findIssuer(reader, origin)),
    watch: feed.watch,
    sweep: (now) => orUnavailable(sweep(retention, now)),
    ledger: ledgerOf(database, retention),
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

/**
 * Another secret than the log was written under would chain a second log to it, and find no name in it. One end alone that
 * does not fit is no other key but a change: that is told, and the sign-ins go on.
 */
async function checkAuditKey(
  db: Kysely<Tables>,
  { auditKey, onError, acceptOtherKey = false }: StoreKeeping,
): Promise<void> {
  const head = await db.selectFrom('audit_head').selectAll().where('id', '=', 1).executeTakeFirst()
  const sealed = head ? [isSealed(auditKey, 'head', head), isSealed(auditKey, 'base', head)] : []
  if (head && !sealed.includes(true) && !acceptOtherKey) throw serverError('audit_key_mismatch')
  if (!head || sealed.includes(false)) onError(serverError('audit_broken'))
}

async function closingOnError<T>(database: Database, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    await database.close()
    throw error
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
    keepIssuer: (issuer) => group.submit(keepingIssuers, issuer),
    endVisit: (tokenHash) => group.submit(endingVisits, tokenHash),
  } satisfies Partial<Store>
}

function ledgerOf(database: Database, retention: Retention): Ledger {
  const { auditKey } = retention
  return {
    verify: (options) => orUnavailable(inSnapshot(database, (snapshot) => verifyAudit(snapshot.db, auditKey, options))),
    acknowledge: ({ now }) => orUnavailable(acknowledgeAudit(database.writer, auditKey, now)),
    async *export() {
      const snapshot = await orUnavailable(database.openSnapshot())
      try {
        yield* exportLedger(snapshot.db, auditKey)
      } finally {
        await snapshot.end()
      }
    },
    prune: (range) => orUnavailable(prune(retention, range)),
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
