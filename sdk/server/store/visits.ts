import type { Kysely } from 'kysely'
import { toBase64url } from '../../../src/protocol/bytes.ts'
import type { Work } from './batch.ts'
import type { NewVisit, StoredVisit } from './store.ts'
import type { Tables } from './tables.ts'

export const puttingVisits: Work<NewVisit, undefined> = {
  async run({ transaction }, visits) {
    await putVisits(transaction, visits)
    return visits.map(() => undefined)
  },
}

export const endingVisits: Work<Uint8Array, undefined> = {
  async run({ transaction }, tokenHashes) {
    await endVisits(transaction, tokenHashes)
    return tokenHashes.map(() => undefined)
  },
}

export async function putVisits(db: Kysely<Tables>, visits: readonly NewVisit[]): Promise<void> {
  if (visits.length === 0) return
  await endVisits(
    db,
    visits.flatMap(({ replaces }) => (replaces ? [replaces] : [])),
  )
  const rows = visits.map((visit) => ({
    token_hash: visit.tokenHash,
    results: visit.results,
    name_hmac: visit.nameHmac,
    created_at: visit.createdAt,
    expires_at: visit.expiresAt,
  }))
  await db.insertInto('visits').values(rows).execute()
}

/** Those that were there to be ended: their hashes in base64url. */
export async function endVisits(db: Kysely<Tables>, tokenHashes: readonly Uint8Array[]): Promise<Set<string>> {
  if (tokenHashes.length === 0) return new Set()
  const ended = await db.deleteFrom('visits').where('token_hash', 'in', tokenHashes).returning('token_hash').execute()
  return new Set(ended.map(({ token_hash }) => toBase64url(token_hash)))
}

/** Ends the visits that show one of these names. */
export async function endVisitsOf(db: Kysely<Tables>, nameHmacs: readonly Uint8Array[]): Promise<void> {
  await db.deleteFrom('visits').where('name_hmac', 'in', nameHmacs).execute()
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
