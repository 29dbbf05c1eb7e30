import type { Transaction } from 'kysely'
import type { StoredState } from '../../../src/protocol/session-state.ts'
import type { TouchstoneError } from '../../touchstone-error.ts'
import type { AuditEntry } from './audit-log.ts'
import { locking } from './row-locks.ts'
import type { SessionRow, Tables } from './tables.ts'

/** What one transaction does for all the callers that it serves. */
export type Batch = {
  readonly transaction: Transaction<Tables>
  /** The sessions that this batch is about, by id: locked, and with what the batch has changed in them so far. */
  readonly sessions: Map<string, LockedSession>
  /** To be appended to the audit log at the end. */
  readonly entries: AuditEntry[]
  /** Sessions that entered a state, to be told when it is committed. */
  readonly changes: { readonly id: string; readonly state: StoredState }[]
}

export type LockedSession = Omit<SessionRow, 'jws' | 'created_at' | 'transport'>

/** One kind of writing: all of its kind in a batch at once, so that many cost few round trips. */
export type Work<Item, Outcome> = {
  /** Which session an item is about, where it is about one that exists. */
  readonly session?: (item: Item) => { readonly id: string } | { readonly codeHash: Uint8Array }
  /**
   * Does it for each of the items, in the order in which they came; the outcomes in the same order. An error among them
   * is for its own caller and has written nothing; one that is thrown undoes the batch.
   */
  readonly run: (batch: Batch, items: readonly Item[]) => Promise<readonly (Outcome | TouchstoneError)[]>
}

export type SessionKeys = { readonly ids: readonly string[]; readonly codeHashes: readonly Uint8Array[] }

/** Locks sessions in the order of their ids: every batch of every process locks them first, and then the names. */
export async function lockSessions(
  transaction: Transaction<Tables>,
  { ids, codeHashes }: SessionKeys,
): Promise<Map<string, LockedSession>> {
  if (ids.length === 0 && codeHashes.length === 0) return new Map()
  const query = transaction
    .selectFrom('sessions')
    .select([
      'id',
      'request_name',
      'browser_hash',
      'state',
      'refusals',
      'expires_at',
      'presentation_digest',
      'code_hash',
      'names',
      'result',
      'result_expires_at',
      'result_read_at',
    ])
    .where((where) =>
      where.or([
        ...(ids.length > 0 ? [where('id', 'in', ids)] : []),
        ...(codeHashes.length > 0 ? [where('code_hash', 'in', codeHashes)] : []),
      ]),
    )
    .orderBy('id')
  const rows = await locking(transaction, query).execute()
  return new Map(rows.map((row) => [row.id, row]))
}
