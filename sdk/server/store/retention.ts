import { type Expression, type Kysely, sql, type Transaction } from 'kysely'
import { sealLink } from './audit-chain.ts'
import { appendAudit, lockHead } from './audit-log.ts'
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

export type Retention = { readonly db: Kysely<Tables>; readonly auditKey: Uint8Array }

/** Drops what has had its time. What another process is dropping just now is left to it. */
export async function sweep({ db, auditKey }: Retention, now: number): Promise<void> {
  await inSteps(db, (transaction) => dropHeldNames(transaction, now))
  await inSteps(db, (transaction) => dropUnreadResults(transaction, now))
  await inSteps(db, (transaction) => dropSessions(transaction, now - SESSION_KEPT_MS))
  await inSteps(db, (transaction) => dropVisits(transaction, now))
  const before = now - AUDIT_KEPT_MS
  if ((await lastRowToDrop(db, before - AUDIT_STEP_MS)) > 0) await dropAudit({ db, auditKey }, before, now)
}

/**
 * Drops what is older than `before`, or only counts it. What is not over by `now` stays, whatever `before` says.
 */
export async function prune(
  { db, auditKey }: Retention,
  { before, now, dryRun = false }: { readonly before: number; readonly now: number; readonly dryRun?: boolean },
): Promise<PruneCounts> {
  const until = Math.min(before, now)
  if (dryRun) return countOld(db, until)
  return {
    audit: await dropAudit({ db, auditKey }, until, now),
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
 * for under the key, and a row at its end says what was dropped. How many rows went.
 */
async function dropAudit({ db, auditKey }: Retention, until: number, now: number): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const head = await lockHead(transaction)
    const seq = await lastRowToDrop(transaction, until)
    if (seq <= head.base_seq) return 0
    const { hash } = await transaction
      .selectFrom('audit')
      .select('hash')
      .where('seq', '=', seq)
      .executeTakeFirstOrThrow()
    await transaction.deleteFrom('audit').where('seq', '<=', seq).execute()
    await transaction
      .updateTable('audit_head')
      .set({ base_seq: seq, base_hash: hash, base_mac: sealLink(auditKey, 'base', { seq, hash }) })
      .where('id', '=', 1)
      .execute()
    const rows = seq - head.base_seq
    await appendAudit(transaction, auditKey, [
      { at: now, event: 'pruned', detail: `rows ${head.base_seq + 1} to ${seq}` },
    ])
    return rows
  })
}

/** The number of the row before the first that is younger; 0 where none is to go. */
async function lastRowToDrop(db: Kysely<Tables>, until: number): Promise<number> {
  const younger = await db
    .selectFrom('audit')
    .select('seq')
    .where('at', '>', until)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  if (younger) return younger.seq - 1
  const { seq } = await db
    .selectFrom('audit')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirstOrThrow()
  return seq ?? 0
}

async function countOld(db: Kysely<Tables>, until: number): Promise<PruneCounts> {
  const last = await lastRowToDrop(db, until)
  const audit = db.selectFrom('audit').select('seq').where('seq', '<=', last)
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
