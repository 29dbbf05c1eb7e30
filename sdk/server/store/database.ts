import type { Kysely, Transaction } from 'kysely'
import type { Durability } from './store.ts'
import type { Tables } from './tables.ts'

/** The one database or the other. What differs between them is here, in {@link ColumnTypes} and in row-locks.ts. */
export type Database = {
  /** For transactions that write. */
  readonly writer: Kysely<Tables>
  /** For what is read outside of them: on SQLite a connection of its own, which waits for no writer. */
  readonly reader: Kysely<Tables>
  /** Everything as it is at one moment, for as long as it takes to read. To be ended by whoever opened it. */
  openSnapshot(): Promise<Snapshot>
  /** Tells other processes that sessions have changed, when the transaction commits. */
  announce(transaction: Transaction<Tables>, sessionIds: readonly string[]): Promise<void>
  /** Calls back with the ids that any process announces; undefined where there is no such thing. */
  readonly listen: ((options: ListenOptions) => Listening) | undefined
  durability(): Promise<Durability>
  close(): Promise<void>
}

export type Snapshot = { readonly db: Kysely<Tables>; end(): Promise<void> }

export type ListenOptions = {
  readonly onSession: (id: string) => void
  /** It listens from now on; what was announced before may have been missed. */
  readonly onConnected: () => void
  readonly onError: (error: unknown) => void
}

export type Listening = { close(): void }
