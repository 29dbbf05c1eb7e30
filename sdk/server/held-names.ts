import type { Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * Drops results that nobody has read in time, and with them the once-only names that were held for them. Both in the
 * caller's transaction: a result whose name is free again can no longer be read. `now` in milliseconds.
 */
export async function releaseUnread(transaction: Transaction<Tables>, now: number): Promise<void> {
  await transaction
    .updateTable('sessions')
    .set({ result: null })
    .where('result', 'is not', null)
    .where('result_expires_at', '<=', now)
    .execute()
  await transaction.deleteFrom('nullifiers').where('held_until', '<=', now).execute()
}

/** Uses up the once-only names that were held for a session: its result has reached the browser that began it. */
export async function useHeldNames(transaction: Transaction<Tables>, sessionId: string, now: number): Promise<void> {
  await transaction
    .updateTable('nullifiers')
    .set({ held_until: null, used_at: now })
    .where('session_id', '=', sessionId)
    .execute()
}
