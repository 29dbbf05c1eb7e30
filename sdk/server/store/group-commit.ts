import type { Kysely, Transaction } from 'kysely'
import type { StoredState } from '../../../src/protocol/session-state.ts'
import { TouchstoneError } from '../../touchstone-error.ts'
import { serverError } from '../error-codes.ts'
import { type AuditEntry, appendAudit } from './audit-log.ts'
import { type Batch, lockSessions, type SessionKeys, type Work } from './batch.ts'
import { isConflict, toStoreError } from './store-error.ts'
import type { Tables } from './tables.ts'

export type GroupCommit = {
  /** Does a piece of work in the next transaction, with whatever else has come by then; answers after its commit. */
  submit<Item, Outcome>(work: Work<Item, Outcome>, item: Item): Promise<Outcome>
  /** When all that was submitted has been answered. */
  settled(): Promise<void>
}

export type GroupCommitOptions = {
  readonly db: Kysely<Tables>
  readonly auditKey: Uint8Array
  /** Kinds of work in the order in which a batch does them. */
  readonly order: readonly Work<never, unknown>[]
  readonly announce: (transaction: Transaction<Tables>, sessionIds: readonly string[]) => Promise<void>
  readonly onCommitted: (changes: Batch['changes']) => void
  /** Is told what went wrong after a commit, or was found wrong by it: for its callers it is done. */
  readonly onError: (error: unknown) => void
}

/** Pieces of work that one transaction takes at most. */
const MAX_BATCH = 128
const MAX_ATTEMPTS = 5
/** Pieces of work that wait at most; of a database that stands still, no more is kept in memory. */
export const MAX_WAITING = 10_000

type Job = {
  readonly work: Work<never, unknown>
  readonly item: unknown
  readonly answer: (outcome: unknown) => void
  readonly fail: (error: unknown) => void
}

/**
 * Gathers what is to be written while a transaction is open, and writes it in the next one: one commit, and so one wait
 * for the disk, serves all who have come meanwhile. Nobody is answered before the commit. If the transaction fails, all
 * whom it was for get its error; unless it is the fault of one of them, which then fails alone.
 */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const queue: Job[] = []
  let running: Promise<void> | undefined

  async function runQueue(): Promise<void> {
    // What has arrived with the same turn of the event loop comes along.
    await new Promise((resolve) => setImmediate(resolve))
    while (queue.length > 0) await runJobs(options, queue.splice(0, MAX_BATCH))
    running = undefined
  }

  return {
    submit<Item, Outcome>(work: Work<Item, Outcome>, item: Item): Promise<Outcome> {
      if (queue.length >= MAX_WAITING) return Promise.reject(serverError('busy'))
      return new Promise<Outcome>((resolve, reject) => {
        queue.push({
          // The queue holds work of every kind. Each is only ever run with its own items, and answers with its outcomes.
          work: work as unknown as Work<never, unknown>,
          item,
          // What this work gives for its item is of its own type.
          answer: (outcome) => resolve(outcome as Outcome),
          fail: reject,
        })
        running ??= runQueue()
      })
    },
    async settled() {
      await running
    },
  }
}

async function runJobs(options: GroupCommitOptions, jobs: readonly Job[]): Promise<void> {
  let committed: Awaited<ReturnType<typeof runTransaction>>
  try {
    committed = await runTransaction(options, jobs)
  } catch (error) {
    const reason = toStoreError(error)
    if (jobs.length === 1 || reason instanceof TouchstoneError) {
      for (const job of jobs) job.fail(reason)
      return
    }
    for (const job of jobs) await runJobs(options, [job])
    return
  }
  // Not in the `try`: what is committed must not be run again, whoever fails at hearing of it.
  try {
    options.onCommitted(committed.changes)
    if (committed.alarm) options.onError(committed.alarm)
  } catch (error) {
    // Later, for it may be `onError` that threw, and the others wait for this queue.
    setImmediate(() => options.onError(error))
  }
  for (const [job, outcome] of committed.outcomes) {
    if (outcome instanceof TouchstoneError) job.fail(outcome)
    else job.answer(outcome)
  }
}

async function runTransaction(options: GroupCommitOptions, jobs: readonly Job[]) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await options.db.transaction().execute((transaction) => runBatch(options, transaction, jobs))
    } catch (error) {
      if (!isConflict(error) || attempt === MAX_ATTEMPTS) throw error
    }
  }
}

/** Sessions are locked first, then names, then the head of the log: in this order in every transaction there is. */
async function runBatch(options: GroupCommitOptions, transaction: Transaction<Tables>, jobs: readonly Job[]) {
  const entries: AuditEntry[] = []
  const changes: { id: string; state: StoredState }[] = []
  const sessions = await lockSessions(transaction, keysOf(jobs))
  const batch: Batch = { transaction, sessions, entries, changes }
  const outcomes = new Map<Job, unknown>()
  for (const work of options.order) {
    const own = jobs.filter((job) => job.work === work)
    if (own.length === 0) continue
    const results = await work.run(
      batch,
      // Each job has an item of its own work: `submit` took the two together.
      own.map(({ item }) => item as never),
    )
    own.forEach((job, place) => {
      outcomes.set(job, results[place])
    })
  }
  await options.announce(transaction, [...new Set(changes.map(({ id }) => id))])
  const alarm = await appendAudit(transaction, options.auditKey, entries)
  return { outcomes, changes, alarm }
}

function keysOf(jobs: readonly Job[]): SessionKeys {
  const ids = new Set<string>()
  const codeHashes: Uint8Array[] = []
  for (const { work, item } of jobs) {
    // The item is one of this very work, as in `runBatch`.
    const key = work.session?.(item as never)
    if (!key) continue
    if ('id' in key) ids.add(key.id)
    else codeHashes.push(key.codeHash)
  }
  return { ids: [...ids], codeHashes }
}
