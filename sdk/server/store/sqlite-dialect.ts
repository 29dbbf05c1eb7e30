import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely'

/** `write`: transactions take the write lock when they begin. `snapshot`: they see what is committed as they begin. */
export type SqliteUse = 'write' | 'snapshot'

/**
 * Kysely on Node's own SQLite. Transactions that write begin IMMEDIATE: one that reads first and then writes would
 * otherwise fail half-way when another process writes in between. Kysely hands the one connection to one caller at a
 * time.
 */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #connection: SqliteConnection
  readonly #use: SqliteUse

  constructor(path: string, use: SqliteUse) {
    const connection = openConnection(path, use)
    super({ database: connection })
    this.#connection = connection
    this.#use = use
  }

  override createDriver(): SqliteDriver {
    return this.#use === 'write' ? new ImmediateDriver(this.#connection) : new SafeDriver(this.#connection)
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter()
  }
}

/** SQLite's tables are made and changed in transactions as all else; Kysely runs migrations in one if told so. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

type SqliteConnection = SqliteDatabase & { readonly isTransaction: boolean }

class SafeDriver extends SqliteDriver {
  readonly #connection: SqliteConnection

  constructor(connection: SqliteConnection) {
    super({ database: connection })
    this.#connection = connection
  }

  /** After some failures (a full disk) SQLite has rolled back by itself; to ask again would hide the cause. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#connection.isTransaction) await super.rollbackTransaction(connection)
  }
}

/** How long a transaction waits for one of another process (or of another connection of this one). */
const LOCK_TIMEOUT_MS = 5_000
const LOCK_POLL_MS = 5

class ImmediateDriver extends SafeDriver {
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
function openConnection(path: string, use: SqliteUse): SqliteConnection {
  const database = new DatabaseSync(path, {
    timeout: LOCK_TIMEOUT_MS,
    enableForeignKeyConstraints: true,
    readOnly: use === 'snapshot',
  })
  if (use === 'write') database.exec('pragma journal_mode = wal; pragma synchronous = full')
  const statements = new Map<string, SqliteStatement>()
  return {
    get isTransaction() {
      return database.isTransaction
    },
    close: () => database.close(),
    prepare(sql) {
      const statement = statements.get(sql) ?? adaptStatement(database.prepare(sql))
      // The one used last stands last, and the first goes: a statement's text differs by the number of its rows.
      statements.delete(sql)
      statements.set(sql, statement)
      if (statements.size > MAX_STATEMENTS) statements.delete(statements.keys().next().value ?? '')
      return statement
    },
  }
}

const MAX_STATEMENTS = 256

function adaptStatement(statement: StatementSync): SqliteStatement {
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
