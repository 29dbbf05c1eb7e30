import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { Kysely } from 'kysely'
import { hashBearer, matchesBearer } from './cookie.ts'
import { serverError } from './error-codes.ts'
import { releaseUnread, useHeldNames } from './held-names.ts'
import { migrate } from './migrations.ts'
import { NodeSqliteDialect } from './sqlite-dialect.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

export type NewSession = {
  readonly id: string
  readonly requestName: string
  readonly browserHash: Uint8Array
  readonly jws: string
  readonly createdAt: number
  readonly expiresAt: number
}

export type StoredSession = Pick<
  Tables['sessions'],
  'id' | 'request_name' | 'browser_hash' | 'jws' | 'state' | 'expires_at'
>

/** Opens the database, makes it if there is none (readable by its owner alone) and brings its tables up to date. */
export async function openDatabase(path: string): Promise<Database> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
  const db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(path) })
  await migrate(db)
  return db
}

export async function insertSession(db: Database, session: NewSession): Promise<void> {
  await db.transaction().execute((transaction) =>
    transaction
      .insertInto('sessions')
      .values({
        id: session.id,
        request_name: session.requestName,
        browser_hash: session.browserHash,
        jws: session.jws,
        state: 'INITIALIZED',
        refusals: 0,
        created_at: session.createdAt,
        expires_at: session.expiresAt,
        code_hash: null,
        result: null,
        result_expires_at: null,
        result_read_at: null,
      })
      .execute(),
  )
}

export function findSession(db: Database, id: string): Promise<StoredSession | undefined> {
  return db
    .selectFrom('sessions')
    .select(['id', 'request_name', 'browser_hash', 'jws', 'state', 'expires_at'])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Whether the browser has a session that is still open, so that its cookie must stay what it is. */
export async function hasOpenSession(db: Database, browserHash: Uint8Array, now: number): Promise<boolean> {
  const open = await db
    .selectFrom('sessions')
    .select('id')
    .where('browser_hash', '=', browserHash)
    .where('result_read_at', 'is', null)
    .where((where) =>
      where.or([
        where.and([where('state', '=', 'INITIALIZED'), where('expires_at', '>', now)]),
        where.and([where('state', '=', 'DONE'), where('result_expires_at', '>', now)]),
      ]),
    )
    .executeTakeFirst()
  return open !== undefined
}

/** Ends a session without a presentation; false if it was over already. */
export async function cancelSession(db: Database, id: string, now: number): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('sessions')
      .set({ state: 'CANCELLED' })
      .where('id', '=', id)
      .where('state', '=', 'INITIALIZED')
      .where('expires_at', '>', now)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return false
    const session = await findSession(transaction, id)
    const requestName = session?.request_name ?? null
    await transaction
      .insertInto('audit')
      .values({ at: now, event: 'declined', request_name: requestName, code: null, name_hmac: null })
      .execute()
    return true
  })
}

/**
 * Reads the result that belongs to a code, once, for the browser that began the session; what it shows to be done once
 * is used up by this and by nothing before. Throws `result_unknown`,
 * `result_wrong_browser` (the result stays for the right one) and `result_already_read`.
 */
export async function takeResult(
  db: Database,
  { code, browser, now }: { code: string; browser: string | undefined; now: number },
): Promise<{ requestName: string; result: string }> {
  return db.transaction().execute(async (transaction) => {
    const found = await transaction
      .selectFrom('sessions')
      .select(['id', 'request_name', 'browser_hash', 'result', 'result_expires_at', 'result_read_at'])
      .where('code_hash', '=', hashBearer(code))
      .executeTakeFirst()
    if (!found) throw serverError('result_unknown')
    if (!matchesBearer(found.browser_hash, browser)) throw serverError('result_wrong_browser')
    if (found.result_read_at !== null) throw serverError('result_already_read')
    if (found.result === null || (found.result_expires_at ?? 0) <= now) throw serverError('result_unknown')
    await transaction
      .updateTable('sessions')
      .set({ result: null, result_read_at: now })
      .where('id', '=', found.id)
      .execute()
    await useHeldNames(transaction, found.id, now)
    await transaction
      .insertInto('audit')
      .values({ at: now, event: 'result_read', request_name: found.request_name, code: null, name_hmac: null })
      .execute()
    return { requestName: found.request_name, result: found.result }
  })
}

/** Drops the pins of a login name, so that its next sign-in is a first one. Once-only names stay used. */
export async function forgetName(
  db: Database,
  { nullifier, nameHmac, now }: { nullifier: Uint8Array; nameHmac: Uint8Array; now: number },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('device_tags').where('nullifier', '=', nullifier).execute()
    await transaction
      .insertInto('audit')
      .values({ at: now, event: 'forgotten', request_name: null, code: null, name_hmac: nameHmac })
      .execute()
  })
}

const KEPT_AFTER_EXPIRY_MS = 86_400_000
const AUDIT_KEPT_MS = 90 * 86_400_000

/** Drops results that nobody fetched and frees what was held for them; sessions a day, audit rows 90 days after. */
export async function sweep(db: Database, now: number): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await releaseUnread(transaction, now)
    await transaction
      .deleteFrom('sessions')
      .where('expires_at', '<=', now - KEPT_AFTER_EXPIRY_MS)
      .execute()
    await transaction
      .deleteFrom('audit')
      .where('at', '<=', now - AUDIT_KEPT_MS)
      .execute()
  })
}
