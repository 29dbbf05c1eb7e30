import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Tables } from './tables.ts'

/** Brings a database to this version's tables. Each step runs once, in a transaction of its own. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

const MIGRATIONS: Record<string, Migration> = {
  '0001_sessions_and_names': {
    async up(db) {
      await db.schema
        .createTable('sessions')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('request_name', 'text', (column) => column.notNull())
        .addColumn('browser_hash', 'blob', (column) => column.notNull())
        .addColumn('jws', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('refusals', 'integer', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('code_hash', 'blob', (column) => column.unique())
        .addColumn('result', 'text')
        .addColumn('result_expires_at', 'bigint')
        .addColumn('result_read_at', 'bigint')
        .execute()
      await db.schema.createIndex('sessions_expires_at').on('sessions').column('expires_at').execute()
      await db.schema.createIndex('sessions_result_expires_at').on('sessions').column('result_expires_at').execute()
      await db.schema.createIndex('sessions_browser_hash').on('sessions').column('browser_hash').execute()
      await db.schema
        .createTable('nullifiers')
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('nullifier', 'blob', (column) => column.notNull())
        .addColumn('session_id', 'text', (column) => column.notNull())
        .addColumn('used_at', 'bigint', (column) => column.notNull())
        .addColumn('held_until', 'bigint')
        .addPrimaryKeyConstraint('nullifiers_key', ['kind', 'nullifier'])
        .execute()
      await db.schema.createIndex('nullifiers_session_id').on('nullifiers').column('session_id').execute()
      await db.schema.createIndex('nullifiers_held_until').on('nullifiers').column('held_until').execute()
      await db.schema
        .createTable('device_tags')
        .addColumn('nullifier', 'blob', (column) => column.notNull())
        .addColumn('device_tag', 'blob', (column) => column.notNull())
        .addColumn('pinned_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('device_tags_key', ['nullifier', 'device_tag'])
        .execute()
      await db.schema
        .createTable('audit')
        .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('event', 'text', (column) => column.notNull())
        .addColumn('request_name', 'text')
        .addColumn('code', 'text')
        .addColumn('name_hmac', 'blob')
        .execute()
      await db.schema.createIndex('audit_at').on('audit').column('at').execute()
    },
  },
  '0002_visits_and_issuers': {
    async up(db) {
      await db.schema
        .alterTable('sessions')
        .addColumn('transport', 'text', (column) => column.notNull().defaultTo('window'))
        .execute()
      await db.schema.alterTable('sessions').addColumn('presentation_digest', 'blob').execute()
      await db.schema
        .createTable('visits')
        .addColumn('token_hash', 'blob', (column) => column.primaryKey())
        .addColumn('results', 'text', (column) => column.notNull())
        .addColumn('name_hmac', 'blob')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .execute()
      await db.schema.createIndex('visits_name_hmac').on('visits').column('name_hmac').execute()
      await db.schema.createIndex('visits_expires_at').on('visits').column('expires_at').execute()
      await db.schema
        .createTable('issuers')
        .addColumn('origin', 'text', (column) => column.primaryKey())
        .addColumn('published', 'text', (column) => column.notNull())
        .addColumn('seen_at', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
}
