import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely'

/**
 * Kysely on Node's own SQLite. Transactions begin IMMEDIATE: one that reads first and then writes would otherwise fail
 * half-way when another process writes in between. Kysely hands the one connection to one caller at a time.
 */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase

  constructor(path: string) {
    const database = openDatabase(path)
    super({ database })
    this.#database = database
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver({ database: this.#database })
  }
}

/** How long a transaction waits for one of another process (or of another connection of this one). */
const LOCK_TIMEOUT_MS = 5_000
const LOCK_POLL_MS = 5

class ImmediateDriver extends SqliteDriver {
  /**
   * SQLite's own waiting would stop the event loop, and with it whatever the other connection needs to come to its
   * end; so this asks, and lets others run until it asks again.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const deadline = performance.now() + LOCK_TIMEOUT_MS
    await run(connection, 'pragma busy_timeout = 0')
    try {
      while (!(await tryBegin(connection, performance.now() >= deadline))) await setTimeout(LOCK_POLL_MS)
    } finally {
      await run(connection, `pragma busy_timeout = ${LOCK_TIMEOUT_MS}`)
    }
  }
}

async function tryBegin(connection: DatabaseConnection, isLast: boolean): Promise<boolean> {
  try {
    await run(connection, 'begin immediate')
    return true
  } catch (error) {
    if (isLast || !isBusy(error)) throw error
    return false
  }
}

const SQLITE_BUSY = 5

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}

function run(connection: DatabaseConnection, sql: string) {
  return connection.executeQuery(CompiledQuery.raw(sql))
}

/** FULL, because with NORMAL a commit that was answered can be lost when the power goes. */
function openDatabase(path: string): SqliteDatabase {
  const database = new DatabaseSync(path, { timeout: LOCK_TIMEOUT_MS, enableForeignKeyConstraints: true })
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  return {
    close: () => database.close(),
    prepare: (sql) => adaptStatement(database, sql),
  }
}

function adaptStatement(database: DatabaseSync, sql: string): SqliteStatement {
  const statement = database.prepare(sql)
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(toSqlValue)),
    run: (parameters) => statement.run(...parameters.map(toSqlValue)),
    iterate: (parameters) => statement.iterate(...parameters.map(toSqlValue)),
  }
}

/** Everything the store binds; another type is a mistake in a query. */
function toSqlValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`a ${typeof value} cannot be bound to a statement`)
}
