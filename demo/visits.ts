import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Who a site remembers by a cookie, and for how long; the cookie's value is nowhere in the database, only its hash. */
export type Visits = {
  /** What was remembered for this browser, if anything still is. */
  readonly find: (request: FastifyRequest) => string | undefined
  /** Remembers `subject` under a fresh cookie: at every sign-in another one, or a planted cookie would come with it. */
  readonly begin: (request: FastifyRequest, reply: FastifyReply, subject: string) => void
  readonly end: (request: FastifyRequest, reply: FastifyReply) => void
  /** Ends every visit of a subject, in whichever browser. */
  readonly endAll: (subject: string) => void
}

/** `cookie` begins with `__Host-`: browsers then take it from this very host only. `seconds` is a visit's life. */
export function createVisits(options: {
  database: DatabaseSync
  cookie: `__Host-${string}`
  seconds: number
  clock: () => Date
}): Visits {
  const { database, cookie, seconds, clock } = options
  database.exec(
    'CREATE TABLE IF NOT EXISTS visits (token BLOB PRIMARY KEY, subject TEXT NOT NULL, expires INTEGER NOT NULL)',
  )
  const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const
  const now = () => Math.floor(clock().getTime() / 1000)
  const drop = (request: FastifyRequest) =>
    database
      .prepare('DELETE FROM visits WHERE token = ? OR expires <= ?')
      .run(hash(request.cookies[cookie] ?? ''), now())

  return {
    find: (request) => {
      const row = database
        .prepare('SELECT subject FROM visits WHERE token = ? AND expires > ?')
        .get(hash(request.cookies[cookie] ?? ''), now())
      return typeof row?.subject === 'string' ? row.subject : undefined
    },
    begin: (request, reply, subject) => {
      drop(request)
      const token = randomBytes(32).toString('base64url')
      database.prepare('INSERT INTO visits VALUES (?, ?, ?)').run(hash(token), subject, now() + seconds)
      reply.setCookie(cookie, token, { ...attributes, maxAge: seconds })
    },
    end: (request, reply) => {
      drop(request)
      reply.clearCookie(cookie, attributes)
    },
    endAll: (subject) => void database.prepare('DELETE FROM visits WHERE subject = ?').run(subject),
  }
}

function hash(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}
