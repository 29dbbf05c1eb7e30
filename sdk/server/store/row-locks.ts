import { type RawBuilder, type SelectQueryBuilder, sql, type Transaction } from 'kysely'
import { isSqlite } from './column-types.ts'
import type { Tables } from './tables.ts'

/**
 * Keeps the rows that are read as they are until the commit. SQLite has nothing to add: who writes there has the whole
 * file to itself. Rows are to be read in the order of their keys, so that two who lock the same ones do not lock each other out.
 */
export function locking<DB, T extends keyof DB, O>(
  transaction: Transaction<Tables>,
  query: SelectQueryBuilder<DB, T, O>,
  wait: 'wait' | 'skip' = 'wait',
): SelectQueryBuilder<DB, T, O> {
  if (isSqlite(transaction)) return query
  return wait === 'wait' ? query.forUpdate() : query.forUpdate().skipLocked()
}

type ColumnType = 'text' | 'bytes' | 'integer'

/**
 * Rows as a table named `incoming`, for an UPDATE of many rows that gives each its own values. PostgreSQL has to be told
 * the types, which it would else take for text; SQLite would convert what is told it.
 */
export function incomingRows<Row extends Record<string, unknown>>(
  transaction: Transaction<Tables>,
  types: { readonly [Column in keyof Row]: ColumnType },
  rows: readonly Row[],
) {
  const names = Object.keys(types)
  const cast = isSqlite(transaction) ? (value: unknown) => sql`${value}` : castTo
  const values = rows.map((row) => sql`(${sql.join(names.map((name) => cast(row[name], types[name])))})`)
  const columns = names.map((name, place) => sql`${sql.ref(`column${place + 1}`)} as ${sql.ref(name)}`)
  return sql<Row>`(select ${sql.join(columns)} from (values ${sql.join(values)}) as listed)`.as<'incoming'>(
    sql.ref('incoming'),
  )
}

function castTo(value: unknown, type: ColumnType | undefined): RawBuilder<unknown> {
  if (type === 'bytes') return sql`${value}::bytea`
  if (type === 'integer') return sql`${value}::bigint`
  return sql`${value}::text`
}
