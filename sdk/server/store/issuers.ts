import type { Kysely } from 'kysely'
import type { KeptIssuer } from './store.ts'
import type { Tables } from './tables.ts'

export async function findIssuer(db: Kysely<Tables>, origin: string): Promise<KeptIssuer | undefined> {
  const row = await db.selectFrom('issuers').selectAll().where('origin', '=', origin).executeTakeFirst()
  return row && { origin: row.origin, documents: row.published, seenAt: row.seen_at }
}

export async function keepIssuer(db: Kysely<Tables>, { origin, documents, seenAt }: KeptIssuer): Promise<void> {
  await db
    .insertInto('issuers')
    .values({ origin, published: documents, seen_at: seenAt })
    .onConflict((conflict) =>
      conflict
        .column('origin')
        .doUpdateSet((row) => ({ published: row.ref('excluded.published'), seen_at: row.ref('excluded.seen_at') }))
        .whereRef('issuers.seen_at', '<=', 'excluded.seen_at'),
    )
    .execute()
}
