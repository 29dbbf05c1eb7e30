import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import { dayOf } from '../../src/protocol/day.ts'
import { ProtocolError } from '../../src/protocol/error.ts'
import { compilePredicates } from '../../src/protocol/predicate.ts'
import { itemsOf, type Query } from '../../src/protocol/query.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import { hashBearer, readBrowserCookie, setBrowserCookie } from './cookie.ts'
import type { Deployment } from './deployment.ts'
import { serverError } from './error-codes.ts'
import { hasOpenSession, insertSession } from './store.ts'

/** A session as the page needs it. */
export type CreatedSession = {
  readonly session: string
  /** The signed request, for the wallet. */
  readonly jws: string
  /** Unix seconds; at this second the session is over, by the server's clock. */
  readonly expires: number
  readonly walletOrigin: string
  /** A Set-Cookie header where the browser has no value yet that can stay. */
  readonly setCookie?: string
}

/** Below the site's origin. */
export const SESSIONS_PATH = '/touchstone/sessions'

/**
 * Opens a session for the browser that sent `cookie` (its Cookie header). Throws `request_unknown`,
 * `issuer_unreachable` and `query_invalid`.
 */
export async function createSession(
  deployment: Deployment,
  { request: requestName, cookie }: { request: string; cookie?: string | undefined },
): Promise<CreatedSession> {
  const { config, db, keySet, signingKey } = deployment
  const definition = config.requests.get(requestName)
  if (!definition) throw serverError('request_unknown')
  const now = config.clock()
  const today = dayOf(now)
  const query = definition.query(today)
  await checkAnswerable(deployment, query)

  const id = toBase64url(randomBytes(16))
  const issuedAt = Math.floor(now.getTime() / 1000)
  const expires = issuedAt + config.sessionSeconds
  const jws = await signingKey.sign({
    version: 1,
    iss: config.origin,
    iat: issuedAt,
    exp: expires,
    nonce: toBase64url(randomBytes(32)),
    session: id,
    keySet: keySet.hash,
    today,
    responseUri: `${config.origin}${SESSIONS_PATH}/${id}/presentation`,
    returnUri: `${config.origin}${definition.returnPath}`,
    query,
  })
  const browser = await chooseBrowserValue(deployment, cookie, now)
  await insertSession(db, {
    id,
    requestName,
    browserHash: hashBearer(browser.value),
    jws,
    createdAt: now.getTime(),
    expiresAt: expires * 1000,
  })
  const created = { session: id, jws, expires, walletOrigin: config.walletOrigin }
  return browser.isNew ? { ...created, setCookie: setBrowserCookie(browser.value) } : created
}

/** Refuses before anybody is asked: an issuer that is down, a schema nobody publishes, a predicate that does not fit. */
async function checkAnswerable({ issuers }: Deployment, query: Query): Promise<void> {
  const items = itemsOf(query).filter((item) => item.type !== 'login')
  const known = await issuers.load(items.flatMap((item) => item.issuers))
  for (const item of items) {
    const metadata = item.issuers.flatMap((origin) => known.get(origin) ?? [])
    if (metadata.length === 0) throw serverError('issuer_unreachable', `no issuer of ${item.id} can be reached`)
    const schema = metadata.flatMap(({ schemas }) => schemas).find((candidate) => schemaHash(candidate) === item.schema)
    if (!schema) throw serverError('query_invalid', `${item.id}: none of its issuers publishes the schema`)
    try {
      compilePredicates(schema, item.predicates)
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause
      throw serverError('query_invalid', `${item.id}: ${cause.message}`, { cause })
    }
  }
}

/**
 * A browser with another session still open keeps its value, so that two tabs do not cut each other off. Else it gets a
 * fresh one: a value from before says nothing about now.
 */
async function chooseBrowserValue(
  { db }: Deployment,
  cookie: string | undefined,
  now: Date,
): Promise<{ value: string; isNew: boolean }> {
  const present = readBrowserCookie(cookie)
  if (present && (await hasOpenSession(db, hashBearer(present), now.getTime()))) return { value: present, isNew: false }
  return { value: toBase64url(randomBytes(32)), isNew: true }
}
