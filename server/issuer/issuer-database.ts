import { type Kysely, sql } from 'kysely'
import { openSqlite, TransactionQueue } from '../sqlite.ts'
import { type IssuerTables, migrations } from './issuer-tables.ts'

/** What a query runs on: inside a transaction or outside. */
export type Records = Kysely<IssuerTables>

/** The issuer's one file. Several processes may have it open; what is true is what it says, and nothing in memory. */
export type IssuerDatabase = {
  readonly read: <T>(query: (records: Records) => Promise<T>) => Promise<T>
  /**
   * Holds the file's write lock from before the first query, so that nothing that was read can have changed when it is
   * written. What `work` throws undoes all of it.
   */
  readonly transaction: <T>(work: (records: Records) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

/** `path` is the SQLite file, or `:memory:`. */
export async function openIssuerDatabase(path: string): Promise<IssuerDatabase> {
  const database = await openSqlite<IssuerTables>(path, migrations)
  const queue = new TransactionQueue()
  return {
    read: (query) => queue.run(() => query(database)),
    transaction: (work) => queue.run(() => database.connection().execute((records) => inTransaction(records, work))),
    close: () => queue.run(() => database.destroy()),
  }
}

async function inTransaction<T>(records: Records, work: (records: Records) => Promise<T>): Promise<T> {
  // Kysely's own transactions begin without the lock; one that had to wait for it after reading would fail.
  await sql`begin immediate`.execute(records)
  try {
    const result = await work(records)
    await sql`commit`.execute(records)
    return result
  } catch (error) {
    // A full disk has ended the transaction already; its error is the one to tell.
    await sql`rollback`.execute(records).catch(() => undefined)
    throw error
  }
}
