import { type Expression, type ExpressionBuilder, type Kysely, sql, type Transaction } from 'kysely'
import { serverError } from '../error-codes.ts'
import { equalBytes, isSealed, type Link, sealLink } from './audit-chain.ts'
import { appendAudit, lockHead } from './audit-log.ts'
import { walkRows } from './audit-verify.ts'
import { locking } from './row-locks.ts'
import type { PruneCounts } from './store.ts'
import type { Tables } from './tables.ts'

const DAY_MS = 86_400_000
/** Sessions, after they expire. */
const SESSION_KEPT_MS = DAY_MS
const AUDIT_KEPT_MS = 90 * DAY_MS
/** The log is shortened a day's worth at a time: each shortening is itself written down. */
const AUDIT_STEP_MS = DAY_MS
/** Rows that one transaction drops at most, so that others do not wait long for it. */
const STEP_ROWS = 1_000

export type Retention = {
  readonly db: Kysely<Tables>
  readonly auditKey: Uint8Array
  /** Is told that the log is not as it was written, and so not shortened past that. */
  readonly onError: (error: unknown) => void
}

/** Drops what has had its time. What another process is dropping just now is left to it. */
export async function sweep(retention: Retention, now: number): Promise<void> {
  const { db } = retention
  await inSteps(db, (transaction) => dropHeldNames(transaction, now))
  await inSteps(db, (transaction) => dropUnreadResults(transaction, now))
  await inSteps(db, (transaction) => dropSessions(transaction, now - SESSION_KEPT_MS))
  await inSteps(db, (transaction) => dropVisits(transaction, now))
  const before = now - AUDIT_KEPT_MS
  if ((await lastRowToDrop(db, before - AUDIT_STEP_MS)) > 0) await dropAudit(retention, before, now)
}

/**
 * Drops what is older than `before`, or only counts it. What is not over by `now` stays, whatever `before` says.
 */
export async function prune(
  retention: Retention,
  { before, now, dryRun = false }: { readonly before: number; readonly now: number; readonly dryRun?: boolean },
): Promise<PruneCounts> {
  const until = Math.min(before, now)
  const { db } = retention
  if (dryRun) return countOld(db, until)
  return {
    audit: await dropAudit(retention, until, now),
    sessions: await inSteps(db, (transaction) => dropSessions(transaction, until)),
    visits: await inSteps(db, (transaction) => dropVisits(transaction, until)),
  }
}

async function inSteps(
  db: Kysely<Tables>,
  step: (transaction: Transaction<Tables>) => Promise<bigint>,
): Promise<number> {
  let total = 0
  for (;;) {
    const dropped = Number(await db.transaction().execute(step))
    total += dropped
    if (dropped < STEP_ROWS) return total
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Names that were held for a result that nobody has read in time: they are free again. */
async function dropHeldNames(transaction: Transaction<Tables>, now: number): Promise<bigint> {
  const old = transaction.selectFrom('nullifiers').select(['kind', 'nullifier']).where('held_until', '<=', now)
  const { numDeletedRows } = await transaction
    .deleteFrom('nullifiers')
    .where(({ eb, refTuple }) =>
      eb(
        refTuple('kind', 'nullifier'),
        'in',
        locking(transaction, old.limit(STEP_ROWS), 'skip').$asTuple('kind', 'nullifier'),
      ),
    )
    .executeTakeFirst()
  return numDeletedRows
}

async function dropUnreadResults(transaction: Transaction<Tables>, now: number): Promise<bigint> {
  const old = transaction
    .selectFrom('sessions')
    .select('id')
    .where('result', 'is not', null)
    .where('result_expires_at', '<=', now)
  const { numUpdatedRows } = await transaction
    .updateTable('sessions')
    .set({ result: null })
    .where('id', 'in', locking(transaction, old.limit(STEP_ROWS), 'skip'))
    .executeTakeFirst()
  return numUpdatedRows
}

async function dropSessions(transaction: Transaction<Tables>, until: number): Promise<bigint> {
  const { numDeletedRows } = await transaction
    .deleteFrom('sessions')
    .where('id', 'in', locking(transaction, oldSessions(transaction, until).limit(STEP_ROWS), 'skip'))
    .executeTakeFirst()
  return numDeletedRows
}

/** Not those whose result waits to be read: it goes first, when its time is over. */
function oldSessions(db: Kysely<Tables>, until: number) {
  return db.selectFrom('sessions').select('id').where('expires_at', '<=', until).where('result', 'is', null)
}

async function dropVisits(transaction: Transaction<Tables>, until: number): Promise<bigint> {
  const { numDeletedRows } = await transaction
    .deleteFrom('visits')
    .where('token_hash', 'in', locking(transaction, oldVisits(transaction, until).limit(STEP_ROWS), 'skip'))
    .executeTakeFirst()
  return numDeletedRows
}

function oldVisits(db: Kysely<Tables>, until: number) {
  return db.selectFrom('visits').select('token_hash').where('expires_at', '<=', until)
}

/**
 * Drops the beginning of the log, up to the last row before which all are as old as `until`. Its new beginning is vouched
 * for under the key, and a row at its end says what was dropped. How many rows went. A row that is not as it was written
 * stays, and all after it: to vouch for what follows would be to hide it.
 */
async function dropAudit({ db, auditKey, onError }: Retention, until: number, now: number): Promise<number> {
  const seq = await lastRowToDrop(db, until)
  const from = await findBase(db, auditKey)
  if (!from) onError(serverError('audit_broken'))
  if (!from || seq <= from.seq) return 0
  // Before the head is locked, for nobody else can append then. What is sealed is what was verified here.
  const last = await lastVerified(db, { auditKey, onError }, from, seq)
  if (last.seq === from.seq) return 0
  const { rows, alarm } = await db.transaction().execute(async (transaction) => {
    const head = await lockHead(transaction)
    // Another process has shortened it meanwhile.
    if (head.base_seq !== from.seq || !equalBytes(head.base_hash, from.hash)) return { rows: 0, alarm: undefined }
    await transaction.deleteFrom('audit').where('seq', '<=', last.seq).execute()
    await transaction
      .updateTable('audit_head')
      .set({ base_seq: last.seq, base_hash: last.hash, base_mac: sealLink(auditKey, 'base', last) })
      .where('id', '=', 1)
      .execute()
    const detail = `rows ${from.seq + 1} to ${last.seq}`
    const alarm = await appendAudit(transaction, auditKey, [{ at: now, event: 'pruned', detail }])
    return { rows: last.seq - from.seq, alarm }
  })
  if (alarm) onError(alarm)
  return rows
}

/** Where the log begins; undefined where that is not what was written. */
async function findBase(db: Kysely<Tables>, key: Uint8Array): Promise<Link | undefined> {
  const head = await db.selectFrom('audit_head').selectAll().where('id', '=', 1).executeTakeFirst()
  return head && isSealed(key, 'base', head) ? { seq: head.base_seq, hash: head.base_hash } : undefined
}

async function lastVerified(
  db: Kysely<Tables>,
  { auditKey, onError }: Omit<Retention, 'db'>,
  from: Link,
  seq: number,
): Promise<Link> {
  let last = from
  for await (const step of walkRows(db, auditKey, from)) {
    if (step.seq > seq) break
    if ('code' in step) {
      onError(serverError('audit_broken', `row ${step.seq} of the audit log, and what follows, is kept: ${step.code}`))
      break
    }
    last = step
  }
  return last
}

/** The number of the row before the first that is younger; 0 where none is to go. */
async function lastRowToDrop(db: Kysely<Tables>, until: number): Promise<number> {
  const younger = await db
    .selectFrom('audit')
    .select('seq')
    .where('seq', '>', baseOf)
    .where('at', '>', until)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  if (younger) return younger.seq - 1
  const { seq } = await db
    .selectFrom('audit')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .where('seq', '>', baseOf)
    .executeTakeFirstOrThrow()
  return seq ?? 0
}

/** What came before the base was acknowledged to be broken: it says nothing of what may go. */
function baseOf({ selectFrom }: ExpressionBuilder<Tables, 'audit'>) {
  return selectFrom('audit_head').select('base_seq')
}

async function countOld(db: Kysely<Tables>, until: number): Promise<PruneCounts> {
  const last = await lastRowToDrop(db, until)
  const audit = db.selectFrom('audit').select('seq').where('seq', '<=', last).where('seq', '>', baseOf)
  return {
    audit: await countRows(db, audit),
    sessions: await countRows(db, oldSessions(db, until)),
    visits: await countRows(db, oldVisits(db, until)),
  }
}

async function countRows(db: Kysely<Tables>, rows: Expression<unknown>): Promise<number> {
  const counted = await sql<{ n: number }>`select count(*) as n from ${rows} as listed`.execute(db)
  return counted.rows[0]?.n ?? 0
}
