import type { Kysely } from 'kysely'
import type { NewVisit, StoredVisit } from './store.ts'
import type { Tables } from './tables.ts'

export async function putVisit(db: Kysely<Tables>, visit: NewVisit): Promise<void> {
  if (visit.replaces) await endVisit(db, visit.replaces)
  await db
    .insertInto('visits')
    .values({
      token_hash: visit.tokenHash,
      results: visit.results,
      name_hmac: visit.nameHmac,
      created_at: visit.createdAt,
      expires_at: visit.expiresAt,
    })
    .execute()
}

export async function findVisit(
  db: Kysely<Tables>,
  tokenHash: Uint8Array,
  now: number,
): Promise<StoredVisit | undefined> {
  const row = await db
    .selectFrom('visits')
    .select(['results', 'created_at', 'expires_at'])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row && { results: row.results, createdAt: row.created_at, expiresAt: row.expires_at }
}

export async function endVisit(db: Kysely<Tables>, tokenHash: Uint8Array): Promise<void> {
  await db.deleteFrom('visits').where('token_hash', '=', tokenHash).execute()
}

export async function endVisitsOf(db: Kysely<Tables>, nameHmac: Uint8Array): Promise<void> {
  await db.deleteFrom('visits').where('name_hmac', '=', nameHmac).execute()
}
