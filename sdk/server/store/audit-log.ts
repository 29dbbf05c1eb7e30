import type { Transaction } from 'kysely'
import { toBase64url } from '../../../src/protocol/bytes.ts'
import type { TouchstoneError } from '../../touchstone-error.ts'
import { serverError } from '../error-codes.ts'
import { chainRows, GENESIS, isSealed, type Link, sealLink } from './audit-chain.ts'
import { isSqlite } from './column-types.ts'
import type { AuditRow, Tables } from './tables.ts'

/** What is to be written down. What does not apply is null. */
export type AuditEntry = Pick<AuditRow, 'at' | 'event'> &
  Partial<Pick<AuditRow, 'request_name' | 'code' | 'name_hmac' | 'detail'>>

type Head = Tables['audit_head']

/**
 * Appends entries to the log: the last thing before the commit, for from here until then every other process that wants
 * to append waits for the head.
 *
 * A head that nobody with the key has written is not built upon in silence: then a row `broken` comes first, which makes
 * the log invalid until an operator acknowledges it. It is written on nonetheless: who can write to the database could
 * else stop all sign-ins by one byte. What is to be told once it is committed comes back.
 */
export async function appendAudit(
  transaction: Transaction<Tables>,
  key: Uint8Array,
  entries: readonly AuditEntry[],
): Promise<TouchstoneError | undefined> {
  const [first] = entries
  if (!first) return undefined
  const head = await lockHead(transaction)
  if (isSealed(key, 'head', head) && (await tryRows(transaction, key, head, entries))) return undefined
  const last = await lastRow(transaction)
  const broken: AuditEntry = { at: first.at, event: 'broken', detail: describeBreak(head, last) }
  await writeRows(transaction, key, last ?? { seq: head.base_seq, hash: head.base_hash }, [broken, ...entries])
  return serverError('audit_broken')
}

/** The head of the log, locked. One that was taken away is put back, without a valid MAC. */
export async function lockHead(transaction: Transaction<Tables>): Promise<Head> {
  const found = await selectHead(transaction).executeTakeFirst()
  if (found) return found
  await transaction
    .insertInto('audit_head')
    .values({
      id: 1,
      ...GENESIS,
      mac: new Uint8Array(32),
      base_seq: GENESIS.seq,
      base_hash: GENESIS.hash,
      base_mac: new Uint8Array(32),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return selectHead(transaction).executeTakeFirstOrThrow()
}

function selectHead(transaction: Transaction<Tables>) {
  return transaction
    .selectFrom('audit_head')
    .selectAll()
    .where('id', '=', 1)
    .$if(!isSqlite(transaction), (query) => query.forUpdate())
}

/**
 * Appends rows to a head; false, with nothing written, where the log already goes on past it: then it is an old head that
 * somebody has put back.
 */
async function tryRows(
  transaction: Transaction<Tables>,
  key: Uint8Array,
  head: Link,
  entries: readonly AuditEntry[],
): Promise<boolean> {
  const chained = chainRows(key, head, entries.map(toRow))
  const written = await transaction
    .insertInto('audit')
    .values(chained.rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning('seq')
    .execute()
  if (written.length === chained.rows.length) {
    await moveHead(transaction, key, chained.head)
    return true
  }
  const seqs = written.map(({ seq }) => seq)
  if (seqs.length > 0) await transaction.deleteFrom('audit').where('seq', 'in', seqs).execute()
  return false
}

async function writeRows(
  transaction: Transaction<Tables>,
  key: Uint8Array,
  from: Link,
  entries: readonly AuditEntry[],
): Promise<void> {
  const { rows, head } = chainRows(key, from, entries.map(toRow))
  await transaction.insertInto('audit').values(rows).execute()
  await moveHead(transaction, key, head)
}

async function moveHead(transaction: Transaction<Tables>, key: Uint8Array, next: Link): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable('audit_head')
    .set({ seq: next.seq, hash: next.hash, mac: sealLink(key, 'head', next) })
    .where('id', '=', 1)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new Error('the head of the audit log is gone under its lock')
}

async function lastRow(transaction: Transaction<Tables>): Promise<Link | undefined> {
  return transaction.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
}

function describeBreak(head: Head, last: Link | undefined): string {
  return JSON.stringify({
    head: { seq: head.seq, hash: toBase64url(head.hash), mac: toBase64url(head.mac) },
    last: last ? { seq: last.seq, hash: toBase64url(last.hash) } : null,
  })
}

function toRow(entry: AuditEntry): Omit<AuditRow, 'seq'> {
  return { request_name: null, code: null, name_hmac: null, detail: null, ...entry }
}
