import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'

/**
 * Opens (and makes, readable by its owner only) a SQLite file for Kysely and brings it up to date. WAL, and
 * `synchronous=FULL`: what was answered is on the disk, power loss included. `:memory:` is a database of this process.
 * Throws the operating system's error where the file cannot be written.
 */
export async function openSqlite<Tables>(
  path: string,
  migrations: Readonly<Record<string, Migration>>,
): Promise<Kysely<Tables>> {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    // SQLite would make it as the umask says, and its two companions as this one is.
    closeSync(openSync(path, 'a', 0o600))
  }
  const file = new DatabaseSync(path, { timeout: 5_000 })
  file.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(file) }) })
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => ({ ...migrations }) } })
  // Kysely takes no lock here: of two processes that open an old file at once, one migrates it and the other waits.
  file.exec('BEGIN IMMEDIATE')
  const { error } = await migrator.migrateToLatest()
  file.exec(error ? 'ROLLBACK' : 'COMMIT')
  if (error) {
    file.close()
    throw error
  }
  return database
}

/**
 * Runs transactions on one connection one after another. A SQLite connection has one transaction at a time, and Kysely
 * does not queue them; two at once would share one and commit each other's work.
 */
export class TransactionQueue {
  #tail: Promise<unknown> = Promise.resolve()

  run<T>(transaction: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(transaction)
    this.#tail = result.catch(() => undefined)
    return result
  }
}

function adapt(file: DatabaseSync): SqliteDatabase {
  return {
    close: () => file.close(),
    prepare: (sql): SqliteStatement => {
      const statement = file.prepare(sql)
      // Kysely passes what our typed queries gave it, and their column types are all SQLite's own.
      const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[]
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => statement.iterate(...values(parameters)),
      }
    },
  }
}
