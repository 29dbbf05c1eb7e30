import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { MIGRATION_NAMES } from './migrations.ts'
import { importPg } from './postgres-database.ts'
import type { StoreOption } from './store.ts'

/** What a database is, before anything is made or changed in it. */
export type ExaminedDatabase = {
  /** Names of changes to the tables that this version would make at its start. All of them: there are no tables yet. */
  readonly missing: readonly string[]
  /** Of changes that this version does not know: a newer one made them. */
  readonly unknown: readonly string[]
  /** How far the database's clock is ahead of this process's, in milliseconds; 0 for a file. */
  readonly clockAhead: number
}

const CONNECT_TIMEOUT_MS = 5_000

/** Reads only. Throws what the database's driver throws where it cannot be reached. */
export async function examineDatabase(options: StoreOption): Promise<ExaminedDatabase> {
  const { done, clockAhead } = 'url' in options ? await examinePostgres(options.url) : examineSqlite(options.path)
  return {
    missing: MIGRATION_NAMES.filter((name) => !done.includes(name)),
    unknown: done.filter((name) => !MIGRATION_NAMES.includes(name)),
    clockAhead,
  }
}

type Seen = { readonly done: readonly string[]; readonly clockAhead: number }

function examineSqlite(path: string): Seen {
  // What is not there is as empty as a file without tables.
  if (!existsSync(path)) return { done: [], clockAhead: 0 }
  const database = new DatabaseSync(path, { readOnly: true, timeout: CONNECT_TIMEOUT_MS })
  try {
    const table = database.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get()
    const rows = table ? database.prepare('select name from kysely_migration').all() : []
    return { done: rows.map(({ name }) => String(name)), clockAhead: 0 }
  } finally {
    database.close()
  }
}

async function examinePostgres(url: string): Promise<Seen> {
  const { Client } = await importPg()
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
    application_name: 'touchstone',
  })
  // Without a listener a connection that breaks would end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    const before = Date.now()
    const { rows: clocks } = await client.query<{ now: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
    )
    const here = (before + Date.now()) / 2
    const { rows: tables } = await client.query("select to_regclass('kysely_migration') is not null as there")
    const { rows } = tables[0]?.there
      ? await client.query<{ name: string }>('select name from kysely_migration')
      : { rows: [] }
    return { done: rows.map(({ name }) => name), clockAhead: (clocks[0]?.now ?? here) - here }
  } finally {
    await client.end()
  }
}
