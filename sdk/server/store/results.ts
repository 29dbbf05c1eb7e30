import type { Transaction } from 'kysely'
import { hashBearer, matchesBearer } from '../cookie.ts'
import { serverError } from '../error-codes.ts'
import type { Store, TakenResult } from './store.ts'
import type { Tables } from './tables.ts'
import { putVisit } from './visits.ts'

export async function takeResult(
  transaction: Transaction<Tables>,
  { code, browser, now, visit }: Parameters<Store['takeResult']>[0],
): Promise<TakenResult> {
  const found = await transaction
    .selectFrom('sessions')
    .select(['id', 'request_name', 'browser_hash', 'result', 'result_expires_at', 'result_read_at'])
    .where('code_hash', '=', hashBearer(code))
    .executeTakeFirst()
  if (!found) throw serverError('result_unknown')
  if (!matchesBearer(found.browser_hash, browser)) throw serverError('result_wrong_browser')
  if (found.result_read_at !== null) throw serverError('result_already_read')
  if (found.result === null || (found.result_expires_at ?? 0) <= now) throw serverError('result_unknown')
  await transaction
    .updateTable('sessions')
    .set({ result: null, result_read_at: now })
    .where('id', '=', found.id)
    .execute()
  await transaction
    .updateTable('nullifiers')
    .set({ held_until: null, used_at: now })
    .where('session_id', '=', found.id)
    .execute()
  await transaction
    .insertInto('audit')
    .values({ at: now, event: 'result_read', request_name: found.request_name, code: null, name_hmac: null })
    .execute()
  const taken = { requestName: found.request_name, result: found.result }
  if (visit) await putVisit(transaction, visit(taken))
  return taken
}

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
