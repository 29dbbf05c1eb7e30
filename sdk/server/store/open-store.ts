import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { Kysely, sql, type Transaction } from 'kysely'
import { accept, Refused, recordRefusal } from './accept.ts'
import { createChangeFeed } from './change-feed.ts'
import { findIssuer, keepIssuer } from './issuers.ts'
import { migrate } from './migrations.ts'
import { takeResult } from './results.ts'
import { sweep } from './retention.ts'
import { advanceSession, cancelSession, findSession, hasOpenSession, insertSession } from './sessions.ts'
import { NodeSqliteDialect } from './sqlite-dialect.ts'
import type { Store, StoreSurroundings } from './store.ts'
import type { Tables } from './tables.ts'
import { endVisit, endVisitsOf, findVisit, putVisit } from './visits.ts'

/** Opens the store, makes it if there is none (a file readable by its owner alone) and brings its tables up to date. */
export async function openStore({ path }: { readonly path: string }, { onError }: StoreSurroundings): Promise<Store> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(path) })
  await migrate(db)
  const feed = createChangeFeed({
    readStates: (ids) => db.selectFrom('sessions').select(['id', 'state']).where('id', 'in', ids).execute(),
    onError,
  })
  const write = <T>(work: (transaction: Transaction<Tables>) => Promise<T>) => db.transaction().execute(work)

  return {
    insertSession: (session) => write((transaction) => insertSession(transaction, session)),
    findSession: (id) => findSession(db, id),
    hasOpenSession: (browserHash, now) => hasOpenSession(db, browserHash, now),
    async advanceSession(change) {
      const { moved, state } = await write((transaction) => advanceSession(transaction, change))
      if (moved) feed.tell(change.id, change.state)
      return state
    },
    async cancelSession(id, now) {
      const cancelled = await write((transaction) => cancelSession(transaction, id, now))
      if (cancelled) feed.tell(id, 'CANCELLED')
      return cancelled
    },
    async recordRefusal(refusal) {
      const ended = await write((transaction) => recordRefusal(transaction, refusal))
      if (ended) feed.tell(refusal.sessionId, 'CANCELLED')
    },
    async accept(acceptance) {
      try {
        await write((transaction) => accept(transaction, acceptance))
      } catch (error) {
        if (error instanceof Refused) return error.status
        throw error
      }
      feed.tell(acceptance.sessionId, 'DONE')
      return 'ACCEPTED'
    },
    takeResult: (request) => write((transaction) => takeResult(transaction, request)),
    forgetName: ({ nullifier, nameHmac, now }) =>
      write(async (transaction) => {
        await transaction.deleteFrom('device_tags').where('nullifier', '=', nullifier).execute()
        await endVisitsOf(transaction, nameHmac)
        await transaction
          .insertInto('audit')
          .values({ at: now, event: 'forgotten', request_name: null, code: null, name_hmac: nameHmac })
          .execute()
      }),
    putVisit: (visit) => write((transaction) => putVisit(transaction, visit)),
    findVisit: (tokenHash, now) => findVisit(db, tokenHash, now),
    endVisit: (tokenHash) => endVisit(db, tokenHash),
    findIssuer: (origin) => findIssuer(db, origin),
    keepIssuer: (issuer) => keepIssuer(db, issuer),
    watch: feed.watch,
    sweep: (now) => write((transaction) => sweep(transaction, now)),
    ping: async () => {
      await sql`select 1`.execute(db)
    },
    async close() {
      feed.close()
      await db.destroy()
    },
  }
}
