import type { Transaction } from 'kysely'
import { releaseUnread } from './results.ts'
import type { Tables } from './tables.ts'

const DAY_MS = 86_400_000
const SESSION_KEPT_MS = DAY_MS
const AUDIT_KEPT_MS = 90 * DAY_MS

export async function sweep(transaction: Transaction<Tables>, now: number): Promise<void> {
  await releaseUnread(transaction, now)
  await transaction
    .deleteFrom('sessions')
    .where('expires_at', '<=', now - SESSION_KEPT_MS)
    .execute()
  await transaction.deleteFrom('visits').where('expires_at', '<=', now).execute()
  await transaction
    .deleteFrom('audit')
    .where('at', '<=', now - AUDIT_KEPT_MS)
    .execute()
}
