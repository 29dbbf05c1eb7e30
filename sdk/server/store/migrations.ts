import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { chainOldAudit } from './chain-old-audit.ts'
import { type ColumnTypes, columnTypesOf } from './column-types.ts'
import type { Tables } from './tables.ts'

/**
 * Brings a database to this version's tables, in one transaction under a lock: of several processes that start at once,
 * one does it and the others find it done. `auditKey`: what chains rows that were written before there was a chain.
 */
export async function migrate(db: Kysely<Tables>, auditKey: Uint8Array): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrationsUnder(auditKey) } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** The names of all, in their order. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(migrationsUnder(new Uint8Array(32)))

/** Each is what it was when it was first run somewhere. A change of the tables is another one at the end. */
function migrationsUnder(auditKey: Uint8Array): Record<string, Migration> {
  return {
    '0001_sessions_and_names': { up: (db) => createFirstTables(db, columnTypesOf(db)) },
    '0002_ledger': {
      async up(db) {
        const types = columnTypesOf(db)
        await renewSessions(db, types)
        await renewNames(db, types)
        await renewPins(db, types)
        await createVisitsAndIssuers(db, types)
        await renewAudit(db, types, auditKey)
      },
    },
    '0003_sessions_of_a_browser': { up: indexBrowsers },
  }
}

/** What a cookie's sessions are looked for by: their time, or that of their result while it waits. */
async function indexBrowsers(db: Kysely<Tables>): Promise<void> {
  await db.schema.dropIndex('sessions_browser_hash').execute()
  await db.schema.createIndex('sessions_browser').on('sessions').columns(['browser_hash', 'expires_at']).execute()
  await db.schema
    .createIndex('sessions_browser_result')
    .on('sessions')
    .columns(['browser_hash', 'result_expires_at'])
    .where(sql.ref('result'), 'is not', null)
    .execute()
}

async function createFirstTables(db: Kysely<Tables>, { bytes, counter, countUp }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('request_name', 'text', (column) => column.notNull())
    .addColumn('browser_hash', bytes, (column) => column.notNull())
    .addColumn('jws', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('refusals', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('code_hash', bytes, (column) => column.unique())
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
    .addColumn('nullifier', bytes, (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('used_at', 'bigint', (column) => column.notNull())
    .addColumn('held_until', 'bigint')
    .addPrimaryKeyConstraint('nullifiers_key', ['kind', 'nullifier'])
    .execute()
  await db.schema.createIndex('nullifiers_session_id').on('nullifiers').column('session_id').execute()
  await db.schema.createIndex('nullifiers_held_until').on('nullifiers').column('held_until').execute()
  await db.schema
    .createTable('device_tags')
    .addColumn('nullifier', bytes, (column) => column.notNull())
    .addColumn('device_tag', bytes, (column) => column.notNull())
    .addColumn('pinned_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('device_tags_key', ['nullifier', 'device_tag'])
    .execute()
  await db.schema
    .createTable('audit')
    .addColumn('id', counter, (column) => countUp(column.primaryKey()))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('request_name', 'text')
    .addColumn('code', 'text')
    .addColumn('name_hmac', bytes)
    .execute()
  await db.schema.createIndex('audit_at').on('audit').column('at').execute()
}

/** SQLite adds no constraint to a table that stands, so each is made anew and its rows are copied. */
async function setAside(db: Kysely<Tables>, table: string, indexes: readonly string[]): Promise<void> {
  for (const index of indexes) await db.schema.dropIndex(index).execute()
  await db.schema.alterTable(table).renameTo(`${table}_0001`).execute()
}

async function copyOver(db: Kysely<Tables>, table: string, columns: string, values = columns): Promise<void> {
  await sql`insert into ${sql.table(table)} (${sql.raw(columns)})
    select ${sql.raw(values)} from ${sql.table(`${table}_0001`)}`.execute(db)
  await db.schema.dropTable(`${table}_0001`).execute()
}

const is32Bytes = (column: string) => sql<boolean>`length(${sql.ref(column)}) = 32`

async function renewSessions(db: Kysely<Tables>, { bytes }: ColumnTypes): Promise<void> {
  await setAside(db, 'sessions', ['sessions_expires_at', 'sessions_result_expires_at', 'sessions_browser_hash'])
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('request_name', 'text', (column) => column.notNull())
    .addColumn('browser_hash', bytes, (column) => column.notNull().check(is32Bytes('browser_hash')))
    .addColumn('jws', 'text', (column) => column.notNull())
    .addColumn('transport', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('refusals', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('presentation_digest', bytes, (column) => column.check(is32Bytes('presentation_digest')))
    .addColumn('code_hash', bytes, (column) => column.check(is32Bytes('code_hash')))
    .addColumn('names', 'integer', (column) => column.notNull())
    .addColumn('result', 'text')
    .addColumn('result_expires_at', 'bigint')
    .addColumn('result_read_at', 'bigint')
    .addPrimaryKeyConstraint('sessions_id', ['id'])
    .addUniqueConstraint('sessions_code_hash', ['code_hash'])
    .execute()
  const kept = 'id, request_name, browser_hash, jws, state, refusals, created_at, expires_at, code_hash, result'
  const times = 'result_expires_at, result_read_at'
  const names = '(select count(*) from nullifiers where session_id = sessions_0001.id)'
  await copyOver(db, 'sessions', `${kept}, ${times}, transport, names`, `${kept}, ${times}, 'window', ${names}`)
  await db.schema.createIndex('sessions_expires_at').on('sessions').column('expires_at').execute()
  await db.schema
    .createIndex('sessions_result_expires_at')
    .on('sessions')
    .column('result_expires_at')
    .where(sql.ref('result'), 'is not', null)
    .execute()
  await db.schema.createIndex('sessions_browser_hash').on('sessions').column('browser_hash').execute()
}

async function renewNames(db: Kysely<Tables>, { bytes }: ColumnTypes): Promise<void> {
  await setAside(db, 'nullifiers', ['nullifiers_session_id', 'nullifiers_held_until'])
  await db.schema
    .createTable('nullifiers')
    .addColumn('kind', 'text', (column) => column.notNull().check(sql`kind in ('action', 'vote', 'spend')`))
    .addColumn('nullifier', bytes, (column) => column.notNull().check(is32Bytes('nullifier')))
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('used_at', 'bigint', (column) => column.notNull())
    .addColumn('held_until', 'bigint')
    .addPrimaryKeyConstraint('nullifiers_once', ['kind', 'nullifier'])
    .execute()
  await copyOver(db, 'nullifiers', 'kind, nullifier, session_id, used_at, held_until')
  // Only of names that are held: of those that are used for good, there are millions in time.
  for (const column of ['session_id', 'held_until']) {
    await db.schema
      .createIndex(`nullifiers_${column}`)
      .on('nullifiers')
      .column(column)
      .where(sql.ref('held_until'), 'is not', null)
      .execute()
  }
}

async function renewPins(db: Kysely<Tables>, { bytes }: ColumnTypes): Promise<void> {
  await setAside(db, 'device_tags', [])
  await db.schema
    .createTable('device_tags')
    .addColumn('nullifier', bytes, (column) => column.notNull().check(is32Bytes('nullifier')))
    .addColumn('device_tag', bytes, (column) => column.notNull().check(is32Bytes('device_tag')))
    .addColumn('pinned_at', 'bigint', (column) => column.notNull())
    .addColumn('place', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('device_tags_tag', ['nullifier', 'device_tag'])
    .addUniqueConstraint('device_tags_place', ['nullifier', 'place'])
    .execute()
  const columns = 'nullifier, device_tag, pinned_at'
  const place = 'row_number() over (partition by nullifier order by pinned_at, device_tag) - 1'
  await copyOver(db, 'device_tags', `${columns}, place`, `${columns}, ${place}`)
}

async function createVisitsAndIssuers(db: Kysely<Tables>, { bytes }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('visits')
    .addColumn('token_hash', bytes, (column) => column.primaryKey().notNull().check(is32Bytes('token_hash')))
    .addColumn('results', 'text', (column) => column.notNull())
    .addColumn('name_hmac', bytes, (column) => column.check(is32Bytes('name_hmac')))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('visits_name_hmac').on('visits').column('name_hmac').execute()
  await db.schema.createIndex('visits_expires_at').on('visits').column('expires_at').execute()
  await db.schema
    .createTable('issuers')
    .addColumn('origin', 'text', (column) => column.primaryKey().notNull())
    .addColumn('published', 'text', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .execute()
}

async function renewAudit(db: Kysely<Tables>, { bytes }: ColumnTypes, auditKey: Uint8Array): Promise<void> {
  await setAside(db, 'audit', ['audit_at'])
  await db.schema
    .createTable('audit')
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('request_name', 'text')
    .addColumn('code', 'text')
    .addColumn('name_hmac', bytes, (column) => column.check(is32Bytes('name_hmac')))
    .addColumn('detail', 'text')
    .addColumn('prev', bytes, (column) => column.notNull().check(is32Bytes('prev')))
    .addColumn('hash', bytes, (column) => column.notNull().check(is32Bytes('hash')))
    .addPrimaryKeyConstraint('audit_seq', ['seq'])
    .execute()
  await db.schema
    .createTable('audit_head')
    .addColumn('id', 'integer', (column) => column.notNull().check(sql`id = 1`))
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', bytes, (column) => column.notNull().check(is32Bytes('hash')))
    .addColumn('mac', bytes, (column) => column.notNull().check(is32Bytes('mac')))
    .addColumn('base_seq', 'bigint', (column) => column.notNull())
    .addColumn('base_hash', bytes, (column) => column.notNull().check(is32Bytes('base_hash')))
    .addColumn('base_mac', bytes, (column) => column.notNull().check(is32Bytes('base_mac')))
    .addPrimaryKeyConstraint('audit_head_id', ['id'])
    .execute()
  await chainOldAudit(db, auditKey)
  await db.schema.dropTable('audit_0001').execute()
}
