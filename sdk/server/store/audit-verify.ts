import type { Kysely } from 'kysely'
import { fromBase64url, toBase64url } from '../../../src/protocol/bytes.ts'
import { equalBytes, hashRow, isSealed, type Link } from './audit-chain.ts'
import type { LedgerHead, LedgerVerdict } from './store.ts'
import type { Tables } from './tables.ts'

const PAGE_ROWS = 1_000

/**
 * Walks the log from its base to its head. `known`: a head that was noted before; a log that was set back to an earlier
 * state of its own is whole in itself, and shows only against that. `newest`: only so many rows, from the head; the link
 * that the first of them names is then taken as it is.
 */
export async function verifyAudit(
  db: Kysely<Tables>,
  key: Uint8Array,
  { known, newest }: { readonly known?: LedgerHead | undefined; readonly newest?: number | undefined } = {},
): Promise<LedgerVerdict> {
  const head = await db.selectFrom('audit_head').selectAll().where('id', '=', 1).executeTakeFirst()
  if (!head) return { valid: false, code: 'audit_head_changed', seq: 0 }
  let last: Link = { seq: head.base_seq, hash: head.base_hash }
  if (!isSealed(key, 'base', head)) return { valid: false, code: 'audit_base_changed', seq: last.seq }
  if (newest !== undefined && head.seq - newest > last.seq) {
    const seq = head.seq - newest
    const first = await db.selectFrom('audit').select('hash').where('seq', '=', seq).executeTakeFirst()
    if (!first) return { valid: false, code: 'audit_row_missing', seq }
    last = { seq, hash: first.hash }
  }
  const begin = last.seq
  if (isOther(known, last)) return { valid: false, code: 'audit_set_back', seq: last.seq }
  for await (const step of walkRows(db, key, last)) {
    if ('code' in step) return { valid: false, ...step }
    if (isOther(known, step)) return { valid: false, code: 'audit_set_back', seq: step.seq }
    last = step
  }
  if (last.seq < head.seq) return { valid: false, code: 'audit_truncated', seq: last.seq + 1 }
  if (last.seq > head.seq || !equalBytes(head.hash, last.hash) || !isSealed(key, 'head', head)) {
    return { valid: false, code: 'audit_head_changed', seq: head.seq }
  }
  if (known && known.seq > last.seq) return { valid: false, code: 'audit_set_back', seq: last.seq + 1 }
  if (known && known.seq < head.base_seq) return { valid: false, code: 'audit_known_pruned', seq: known.seq }
  return { valid: true, rows: last.seq - begin, head: { seq: last.seq, hash: toBase64url(last.hash) } }
}

function isOther(known: LedgerHead | undefined, found: Link): boolean {
  return known?.seq === found.seq && !equalBytes(found.hash, fromBase64url(known.hash))
}

/** A row that is not as it was written, or says that something before it is not. */
export type RowFault = {
  readonly code: 'audit_row_missing' | 'audit_row_changed' | 'audit_broken'
  readonly seq: number
}

/** Walks rows from a link that is vouched for, each as far as it is as it was written; the first fault is the last step. */
export async function* walkRows(db: Kysely<Tables>, key: Uint8Array, from: Link): AsyncGenerator<Link | RowFault> {
  let last = from
  for await (const row of auditRows(db, from.seq)) {
    if (row.seq !== last.seq + 1) return yield { code: 'audit_row_missing', seq: last.seq + 1 }
    const hash = hashRow(key, last.hash, row)
    if (!equalBytes(row.prev, last.hash) || !equalBytes(row.hash, hash)) {
      return yield { code: 'audit_row_changed', seq: row.seq }
    }
    if (row.event === 'broken') return yield { code: 'audit_broken', seq: row.seq }
    last = { seq: row.seq, hash }
    yield last
  }
}

/** Rows after a number, in order, a page at a time; others have their turn in between. */
export async function* auditRows(db: Kysely<Tables>, after: number): AsyncGenerator<Tables['audit']> {
  let from = after
  for (;;) {
    const page = await db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', from)
      .orderBy('seq')
      .limit(PAGE_ROWS)
      .execute()
    const last = page.at(-1)
    if (!last) return
    yield* page
    from = last.seq
    await new Promise((resolve) => setImmediate(resolve))
  }
}
