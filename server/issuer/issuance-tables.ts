import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Times are Unix seconds; `offer` is JSON, and null once the offer is used or over, for it holds claims. */
export type IssuanceTables = {
  offers: { id: string; offer: string | null; expires: number; used_at: number | null }
  people: { person: Uint8Array; issuer_tag: Uint8Array }
  credentials: {
    revocation_id: number
    person: Uint8Array
    schema: string
    issued_at: number
    superseded_at: number | null
  }
}

export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': {
    // A migration describes tables as they were, whatever the types above have become since.
    up: async (database: Kysely<unknown>) => {
      await database.schema
        .createTable('offers')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('offer', 'text')
        .addColumn('expires', 'integer', (column) => column.notNull())
        .addColumn('used_at', 'integer')
        .execute()
      await database.schema
        .createTable('people')
        .addColumn('person', 'blob', (column) => column.primaryKey())
        .addColumn('issuer_tag', 'blob', (column) => column.notNull())
        .execute()
      await database.schema
        .createTable('credentials')
        .addColumn('revocation_id', 'integer', (column) => column.primaryKey())
        .addColumn('person', 'blob', (column) => column.notNull().references('people.person'))
        .addColumn('schema', 'text', (column) => column.notNull())
        .addColumn('issued_at', 'integer', (column) => column.notNull())
        .addColumn('superseded_at', 'integer')
        .execute()
      await sql`create unique index one_active_credential on credentials (person, schema) where superseded_at is null`.execute(
        database,
      )
    },
  },
}
