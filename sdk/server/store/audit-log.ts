import type { Transaction } from 'kysely'
import { chainRows, sealLink } from './audit-chain.ts'
import { isSqlite } from './column-types.ts'
import type { AuditRow, Tables } from './tables.ts'

/** What is to be written down. What does not apply is null. */
export type AuditEntry = Pick<AuditRow, 'at' | 'event'> &
  Partial<Pick<AuditRow, 'request_name' | 'code' | 'name_hmac' | 'detail'>>

/**
 * Appends entries to the log: the last thing before the commit, for from here until then every other process that wants
 * to append waits for the head.
 */
export async function appendAudit(
  transaction: Transaction<Tables>,
  key: Uint8Array,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (entries.length === 0) return
  const head = await lockHead(transaction)
  const { rows, head: next } = chainRows(
    key,
    head,
    entries.map((entry) => ({ request_name: null, code: null, name_hmac: null, detail: null, ...entry })),
  )
  await transaction.insertInto('audit').values(rows).execute()
  const { numUpdatedRows } = await transaction
    .updateTable('audit_head')
    .set({ seq: next.seq, hash: next.hash, mac: sealLink(key, 'head', next) })
    .where('id', '=', 1)
    .where('seq', '=', head.seq)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new Error('the head of the audit log moved under its lock')
}

export async function lockHead(transaction: Transaction<Tables>): Promise<Tables['audit_head']> {
  return transaction
    .selectFrom('audit_head')
    .selectAll()
    .where('id', '=', 1)
    .$if(!isSqlite(transaction), (query) => query.forUpdate())
    .executeTakeFirstOrThrow()
}
