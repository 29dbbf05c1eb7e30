import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** A credential's standing. Its bit in the status list is 0 in the first only; the last two are final. */
export const CREDENTIAL_STATES = ['active', 'suspended', 'revoked', 'superseded'] as const

/** One of {@link CREDENTIAL_STATES}. */
export type CredentialState = (typeof CREDENTIAL_STATES)[number]

/** All times are Unix seconds. */
export type IssuerTables = {
  /** `offer` is JSON, and null once the offer is used or over, for it holds claims. */
  offers: { id: string; offer: string | null; expires: number; used_at: number | null }
  people: { person: Uint8Array; issuer_tag: Uint8Array }
  /** `reason` and `changed_at` are of the last change of state, null before the first. */
  credentials: {
    revocation_id: number
    person: Uint8Array
    schema: string
    issued_at: number
    state: CredentialState
    reason: string | null
    changed_at: number | null
  }
  /** Without a hole and for good; only `list` (gzip) goes when nobody can need it any more. `root` is 32 bytes.
   * `keys` is JSON as the epoch has it; null in epochs of before, which had none and are not served any more. */
  status_epochs: {
    epoch: number
    issuer: string
    key_id: string
    root: Uint8Array
    keys: string | null
    published_at: number
    jws: string
    list: Uint8Array | null
  }
}

/** By name, in the order in which they are run. One that was released is never changed. */
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
  '0002-status': {
    up: async (database: Kysely<unknown>) => {
      await sql`drop index one_active_credential`.execute(database)
      await sql`alter table credentials add column state text not null default 'active'
        check (state in ('active', 'suspended', 'revoked', 'superseded'))`.execute(database)
      await sql`alter table credentials add column reason text`.execute(database)
      await sql`alter table credentials add column changed_at integer`.execute(database)
      await sql`update credentials set state = 'superseded', reason = 'issued again', changed_at = superseded_at
        where superseded_at is not null`.execute(database)
      await sql`alter table credentials drop column superseded_at`.execute(database)
      // A suspended one counts: were another issued beside it, reinstating it would make two.
      await sql`create unique index one_living_credential on credentials (person, schema)
        where state in ('active', 'suspended')`.execute(database)
      await sql`create index listed_credentials on credentials (revocation_id) where state <> 'active'`.execute(
        database,
      )
      await sql`create index credentials_of_person on credentials (person)`.execute(database)
      await database.schema
        .createTable('status_epochs')
        .addColumn('epoch', 'integer', (column) => column.primaryKey())
        .addColumn('issuer', 'text', (column) => column.notNull())
        .addColumn('key_id', 'text', (column) => column.notNull())
        .addColumn('root', 'blob', (column) => column.notNull())
        .addColumn('published_at', 'integer', (column) => column.notNull())
        .addColumn('jws', 'text', (column) => column.notNull())
        .addColumn('list', 'blob')
        .execute()
    },
  },
  '0003-epoch-keys': {
    up: async (database: Kysely<unknown>) => {
      await sql`alter table status_epochs add column keys text`.execute(database)
    },
  },
}
