import type { Kysely } from 'kysely'
import { sealLink } from './audit-chain.ts'
import { appendAudit, lockHead } from './audit-log.ts'
import { verifyAudit } from './audit-verify.ts'
import type { LedgerVerdict } from './store.ts'
import type { Tables } from './tables.ts'

/**
 * Begins the log anew where it is not valid: a row `acknowledged` says what was wrong, and is the first that is vouched
 * for. What came before it stays in its table until it is pruned. What was found comes back.
 */
export async function acknowledgeAudit(db: Kysely<Tables>, key: Uint8Array, now: number): Promise<LedgerVerdict> {
  const verdict = await verifyAudit(db, key)
  if (verdict.valid) return verdict
  await db.transaction().execute(async (transaction) => {
    const detail = JSON.stringify({ code: verdict.code, seq: verdict.seq })
    await appendAudit(transaction, key, [{ at: now, event: 'acknowledged', detail }])
    const { seq } = await lockHead(transaction)
    const { prev } = await transaction
      .selectFrom('audit')
      .select('prev')
      .where('seq', '=', seq)
      .executeTakeFirstOrThrow()
    const base = { seq: seq - 1, hash: prev }
    await transaction
      .updateTable('audit_head')
      .set({ base_seq: base.seq, base_hash: base.hash, base_mac: sealLink(key, 'base', base) })
      .where('id', '=', 1)
      .execute()
  })
  return verdict
}
