import type { Kysely } from 'kysely'
import type { Work } from './batch.ts'
import type { KeptIssuer } from './store.ts'
import type { Tables } from './tables.ts'

export async function findIssuer(db: Kysely<Tables>, origin: string): Promise<KeptIssuer | undefined> {
  const row = await db.selectFrom('issuers').selectAll().where('origin', '=', origin).executeTakeFirst()
  return row && { origin: row.origin, documents: row.published, seenAt: row.seen_at }
}

export const keepingIssuers: Work<KeptIssuer, undefined> = {
  async run({ transaction }, issuers) {
    // Few, and now and then; in one order, so that two processes do not lock each other out.
    const sorted = [...issuers].sort((left, right) => (left.origin < right.origin ? -1 : 1))
    for (const issuer of sorted) await keepIssuer(transaction, issuer)
    return issuers.map(() => undefined)
  },
}

async function keepIssuer(db: Kysely<Tables>, { origin, documents, seenAt }: KeptIssuer): Promise<void> {
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
