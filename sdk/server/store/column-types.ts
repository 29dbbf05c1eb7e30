import { type ColumnDefinitionBuilder, type Kysely, SqliteAdapter, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** Where the two databases' tables differ: in these types and nowhere else. */
export type ColumnTypes = {
  readonly bytes: ReturnType<typeof sql>
  /** A counter of the database's own, for a primary key. */
  readonly counter: ReturnType<typeof sql>
  readonly countUp: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder
}

export function columnTypesOf(db: Kysely<Tables>): ColumnTypes {
  return isSqlite(db) ? SQLITE : POSTGRESQL
}

export function isSqlite(db: { getExecutor(): { readonly adapter: object } }): boolean {
  return db.getExecutor().adapter instanceof SqliteAdapter
}

const SQLITE: ColumnTypes = { bytes: sql`blob`, counter: sql`integer`, countUp: (column) => column.autoIncrement() }
const POSTGRESQL: ColumnTypes = { bytes: sql`bytea`, counter: sql`bigserial`, countUp: (column) => column }
