import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { Kysely, sql } from 'kysely'
import type { Database } from './database.ts'
import { migrate } from './migrations.ts'
import { NodeSqliteDialect, type SqliteUse } from './sqlite-dialect.ts'
import type { Durability } from './store.ts'
import type { Tables } from './tables.ts'

/** Opens the file, makes it if there is none (readable by its owner alone) and brings its tables up to date. */
export async function openSqlite(path: string, auditKey: Uint8Array): Promise<Database> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  // SQLite would make it as the umask says, and its two companions as this one is.
  closeSync(openSync(path, 'a', 0o600))
  const connect = (use: SqliteUse) => new Kysely<Tables>({ dialect: new NodeSqliteDialect(path, use) })
  const writer = connect('write')
  try {
    await migrate(writer, auditKey)
  } catch (error) {
    await writer.destroy()
    throw error
  }
  const reader = connect('snapshot')
  return {
    writer,
    reader,
    async openSnapshot() {
      const connection = connect('snapshot')
      const transaction = await connection.startTransaction().execute()
      return {
        db: transaction,
        async end() {
          await transaction.rollback().execute()
          await connection.destroy()
        },
      }
    },
    announce: async () => {},
    listen: undefined,
    durability: () => readDurability(writer),
    async close() {
      await writer.destroy()
      await reader.destroy()
    },
  }
}

const SYNCHRONOUS = ['off', 'normal', 'full', 'extra']

async function readDurability(writer: Kysely<Tables>): Promise<Durability> {
  const pragma = async (name: string) => {
    const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(writer)
    return Object.values(rows[0] ?? {})[0]
  }
  const journal = String(await pragma('journal_mode'))
  const level = Number(await pragma('synchronous'))
  return {
    database: 'sqlite',
    durable: journal === 'wal' && level >= SYNCHRONOUS.indexOf('full'),
    settings: { journal_mode: journal, synchronous: SYNCHRONOUS[level] ?? String(level) },
  }
}
