import type { Kysely } from 'kysely'
import { chainRows, GENESIS, sealLink } from './audit-chain.ts'
import type { AuditRow, Tables } from './tables.ts'

const PAGE_ROWS = 500

type OldTables = Tables & { audit_0001: Omit<AuditRow, 'seq' | 'detail'> & { id: number } }

/**
 * Part of a migration: copies rows that were written without a chain into one, in their order, and writes the head. What
 * happened to them before cannot be known from here.
 */
export async function chainOldAudit(untyped: Kysely<Tables>, key: Uint8Array): Promise<void> {
  // Between two versions of the tables, as the migration before this line has left them.
  const db = untyped as unknown as Kysely<OldTables>
  let head = GENESIS
  let last = 0
  for (;;) {
    const page = await db
      .selectFrom('audit_0001')
      .selectAll()
      .where('id', '>', last)
      .orderBy('id')
      .limit(PAGE_ROWS)
      .execute()
    const newest = page.at(-1)
    if (!newest) break
    const chained = chainRows(
      key,
      head,
      page.map(({ id: _id, ...row }) => ({ ...row, detail: null })),
    )
    await db.insertInto('audit').values(chained.rows).execute()
    head = chained.head
    last = newest.id
  }
  await db
    .insertInto('audit_head')
    .values({
      id: 1,
      seq: head.seq,
      hash: head.hash,
      mac: sealLink(key, 'head', head),
      base_seq: GENESIS.seq,
      base_hash: GENESIS.hash,
      base_mac: sealLink(key, 'base', GENESIS),
    })
    .execute()
}
