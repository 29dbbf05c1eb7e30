import { ServerResponse } from 'node:http'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import pg from 'pg'

type Failpoint = { readonly sql: RegExp; readonly when: 'before' | 'after' } | { readonly when: 'answering' }

/** Where a site's process can be made to die: around the statements of its store, and before it answers. */
export const FAILPOINTS = {
  'transaction begun': { sql: /^begin/i, when: 'after' },
  'challenge consumed': { sql: /update "sessions" set .*"presentation_digest"/i, when: 'after' },
  'name held': { sql: /^insert into "nullifiers"/i, when: 'after' },
  'audit row written': { sql: /^insert into "audit" /i, when: 'after' },
  'before commit': { sql: /^commit/i, when: 'before' },
  'after commit': { sql: /^commit/i, when: 'after' },
  'before the answer': { when: 'answering' },
  'result taken': { sql: /update "sessions" set .*"result_read_at"/i, when: 'after' },
} as const satisfies Readonly<Record<string, Failpoint>>

export type FailpointName = keyof typeof FAILPOINTS

let armed: { readonly point: Failpoint; remaining: number } | undefined

/** From now on this process dies, as by `kill -9`, when it comes to the point for the `nth` time. */
export function armFailpoint(name: FailpointName, nth: number): void {
  armed = { point: FAILPOINTS[name], remaining: nth }
}

/**
 * Wraps what the SDK reaches its databases and its clients by, in this process alone: the code under attack has no
 * hooks of its own.
 */
export function installFailpoints(): void {
  wrapSqlite()
  wrapPostgres()
  // Its overloads cannot be named in one signature; what comes in is handed on as it is.
  const end = ServerResponse.prototype.end as (this: ServerResponse, ...args: unknown[]) => ServerResponse
  ServerResponse.prototype.end = function (this: ServerResponse, ...args: unknown[]) {
    if (this.statusCode === 200) pass((point) => point.when === 'answering')
    return end.apply(this, args)
  } as typeof ServerResponse.prototype.end
}

function wrapSqlite(): void {
  const { prepare, exec } = DatabaseSync.prototype
  DatabaseSync.prototype.exec = function (sql) {
    return around(sql, () => exec.call(this, sql))
  }
  DatabaseSync.prototype.prepare = function (sql, ...rest) {
    const statement: StatementSync = prepare.call(this, sql, ...rest)
    for (const name of ['run', 'all', 'get'] as const) {
      // Its overloads, too, take what the caller gave.
      const original = statement[name].bind(statement) as (...args: unknown[]) => unknown
      Object.defineProperty(statement, name, { value: (...args: unknown[]) => around(sql, () => original(...args)) })
    }
    return statement
  }
}

function wrapPostgres(): void {
  // As above.
  const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    return around(textOf(args[0]), () => query.apply(this, args))
  } as typeof pg.Client.prototype.query
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query
  const text = typeof query === 'object' && query !== null && 'text' in query ? query.text : undefined
  return typeof text === 'string' ? text : ''
}

function around<T>(sql: string, run: () => T): T {
  pass((point) => point.when === 'before' && point.sql.test(sql))
  const after = () => pass((point) => point.when === 'after' && point.sql.test(sql))
  const result = run()
  if (result instanceof Promise) result.then(after, () => undefined)
  else after()
  return result
}

function pass(isHere: (point: Failpoint) => boolean): void {
  if (!armed || !isHere(armed.point)) return
  armed.remaining--
  // The signal ends the process before this returns.
  if (armed.remaining === 0) process.kill(process.pid, 'SIGKILL')
}
