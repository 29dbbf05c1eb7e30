import { CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely'
import { serverError } from '../error-codes.ts'
import type { Database } from './database.ts'
import { migrate } from './migrations.ts'
import { listenOn } from './postgres-listener.ts'
import type { Durability } from './store.ts'
import type { Tables } from './tables.ts'

const DEFAULT_POOL_SIZE = 8
const CONNECT_TIMEOUT_MS = 5_000

/** Carries the id of a session that has changed, and nothing else. */
export const CHANNEL = 'touchstone_session'

/**
 * Of each connection. A commit returns when it is on the disk, whatever the server's default; and nobody holds a lock
 * for others to wait on without end: neither a process that hangs in a transaction, nor one that waits for it.
 */
const SESSION_SETTINGS = [
  'set synchronous_commit = on',
  "set lock_timeout = '10s'",
  "set idle_in_transaction_session_timeout = '10s'",
].join('; ')

/** Connects to the database and brings its tables up to date. The package `pg` is needed for this alone. */
export async function openPostgres(
  { url, poolSize = DEFAULT_POOL_SIZE }: { readonly url: string; readonly poolSize?: number | undefined },
  { auditKey, onError }: { readonly auditKey: Uint8Array; readonly onError: (error: unknown) => void },
): Promise<Database> {
  const { Client, Pool, types } = await importPg()
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'touchstone',
    types: { getTypeParser: readColumn(types) },
  }
  const pool = new Pool({ ...connection, max: poolSize })
  // A connection that breaks while nobody uses it; the next query gets another.
  pool.on('error', onError)
  // One that breaks in use: its query fails and says so; an error event that nobody hears would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool,
      onCreateConnection: async (created) => {
        await created.executeQuery(CompiledQuery.raw(SESSION_SETTINGS))
      },
    }),
  })
  try {
    await migrate(db, auditKey)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return {
    writer: db,
    reader: db,
    async openSnapshot() {
      const transaction = await db
        .startTransaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute()
      return {
        db: transaction,
        end: async () => {
          await transaction.rollback().execute()
        },
      }
    },
    async announce(transaction, sessionIds) {
      if (sessionIds.length === 0) return
      const ids = sql.join(sessionIds.map((id) => sql`(${id})`))
      await sql`select pg_notify(${CHANNEL}, column1) from (values ${ids}) as changed`.execute(transaction)
    },
    listen: (options) => listenOn(() => new Client(connection), options),
    durability: () => readDurability(db),
    close: () => db.destroy(),
  }
}

/** The package `pg`. Throws `option_invalid` where it is not installed. */
export async function importPg() {
  try {
    const { default: pg } = await import('pg')
    return pg
  } catch (cause) {
    throw serverError('option_invalid', 'store.url: PostgreSQL needs the package pg beside this one', { cause })
  }
}

const BIGINT = 20
const BYTEA = 17

/** Milliseconds and counts are far below 2⁵³; bytes come as from SQLite. */
function readColumn(types: typeof import('pg').types) {
  return (type: number, format?: 'text' | 'binary') => {
    // pg's own types give a parser of texts only for this word; by format it finds the right one of the two.
    const parse: (value: string) => unknown = types.getTypeParser(type, format as 'text')
    if (type === BIGINT) return Number
    if (type === BYTEA) return (value: string) => toPlainBytes(parse(value))
    return parse
  }
}

function toPlainBytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('pg gave something else for bytea')
  return new Uint8Array(value)
}

const DURABLE_COMMITS: readonly unknown[] = ['on', 'local', 'remote_write', 'remote_apply']

async function readDurability(db: Kysely<Tables>): Promise<Durability> {
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings
    where name in ('fsync', 'synchronous_commit', 'full_page_writes') order by name`.execute(db)
  const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
  const durable =
    settings.fsync === 'on' &&
    settings.full_page_writes === 'on' &&
    DURABLE_COMMITS.includes(settings.synchronous_commit)
  return { database: 'postgresql', durable, settings }
}
