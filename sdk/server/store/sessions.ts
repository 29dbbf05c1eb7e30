import type { Kysely } from 'kysely'
import type { NewSession, OpenState, SessionState, StoredSession } from './store.ts'
import type { Tables } from './tables.ts'

/** The states in which a session can still be answered, in their order. */
export const OPEN_STATES: readonly OpenState[] = ['INITIALIZED', 'PAIRING', 'CONNECTED', 'PROVING']

/** Whether a session can still be answered, as far as its state goes; the clock has its say too. */
export function isOpen(state: SessionState): state is OpenState {
  return state !== 'DONE' && state !== 'CANCELLED'
}

export async function insertSession(db: Kysely<Tables>, session: NewSession): Promise<void> {
  await db
    .insertInto('sessions')
    .values({
      id: session.id,
      request_name: session.requestName,
      browser_hash: session.browserHash,
      jws: session.jws,
      transport: session.transport,
      state: session.transport === 'link' ? 'PAIRING' : 'INITIALIZED',
      refusals: 0,
      created_at: session.createdAt,
      expires_at: session.expiresAt,
      presentation_digest: null,
      code_hash: null,
      result: null,
      result_expires_at: null,
      result_read_at: null,
    })
    .execute()
}

export async function findSession(db: Kysely<Tables>, id: string): Promise<StoredSession | undefined> {
  const row = await db
    .selectFrom('sessions')
    .select(['id', 'request_name', 'browser_hash', 'jws', 'transport', 'state', 'expires_at', 'presentation_digest'])
    .where('id', '=', id)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      requestName: row.request_name,
      browserHash: row.browser_hash,
      jws: row.jws,
      transport: row.transport,
      state: row.state,
      expiresAt: row.expires_at,
      presentationDigest: row.presentation_digest,
    }
  )
}

export async function hasOpenSession(db: Kysely<Tables>, browserHash: Uint8Array, now: number): Promise<boolean> {
  const open = await db
    .selectFrom('sessions')
    .select('id')
    .where('browser_hash', '=', browserHash)
    .where('result_read_at', 'is', null)
    .where((where) =>
      where.or([
        where.and([where('state', 'in', OPEN_STATES), where('expires_at', '>', now)]),
        where.and([where('state', '=', 'DONE'), where('result_expires_at', '>', now)]),
      ]),
    )
    .executeTakeFirst()
  return open !== undefined
}

export async function advanceSession(
  db: Kysely<Tables>,
  { id, state, now }: { id: string; state: 'CONNECTED' | 'PROVING'; now: number },
): Promise<{ moved: boolean; state: SessionState | undefined }> {
  const { numUpdatedRows } = await db
    .updateTable('sessions')
    .set({ state })
    .where('id', '=', id)
    .where('state', 'in', OPEN_STATES.slice(0, OPEN_STATES.indexOf(state)))
    .where('expires_at', '>', now)
    .executeTakeFirst()
  const row = await db.selectFrom('sessions').select('state').where('id', '=', id).executeTakeFirst()
  return { moved: numUpdatedRows === 1n, state: row?.state }
}

export async function cancelSession(db: Kysely<Tables>, id: string, now: number): Promise<boolean> {
  const cancelled = await db
    .updateTable('sessions')
    .set({ state: 'CANCELLED' })
    .where('id', '=', id)
    .where('state', 'in', OPEN_STATES)
    .where('expires_at', '>', now)
    .returning('request_name')
    .executeTakeFirst()
  if (!cancelled) return false
  await db
    .insertInto('audit')
    .values({ at: now, event: 'declined', request_name: cancelled.request_name, code: null, name_hmac: null })
    .execute()
  return true
}
