import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import { dayOf } from '../../src/protocol/day.ts'
import { MAX_REQUEST_CHARACTERS } from '../../src/protocol/window-message.ts'
import { answerableQuery } from './answerable-query.ts'
import { hashBearer, readBrowserCookie, setBrowserCookie } from './cookie.ts'
import type { Deployment } from './deployment.ts'
import { serverError } from './error-codes.ts'

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
  const { config, store, keySets, signingKey, issuers, tellOnce } = deployment
  const definition = config.requests.get(requestName)
  if (!definition) throw serverError('request_unknown')
  const now = config.clock()
  const today = dayOf(now)
  const surroundings = { issuers, tellOnce, now: now.getTime() / 1000 }
  const query = await answerableQuery(surroundings, definition.query(today))

  const id = toBase64url(randomBytes(16))
  const issuedAt = Math.floor(now.getTime() / 1000)
  const expires = issuedAt + config.sessionSeconds
  const jws = signingKey.sign({
    version: 1,
    iss: config.origin,
    iat: issuedAt,
    exp: expires,
    nonce: toBase64url(randomBytes(32)),
    session: id,
    keySet: keySets.first.hash,
    today,
    responseUri: `${config.origin}${SESSIONS_PATH}/${id}/presentation`,
    returnUri: `${config.origin}${definition.returnPath}`,
    query,
  })
  if (jws.length > MAX_REQUEST_CHARACTERS) {
    throw serverError('query_invalid', `${requestName}: too long a request; give its sets fewer or shorter members`)
  }
  const browser = await chooseBrowserValue(deployment, cookie, now)
  await store.insertSession({
    id,
    requestName,
    browserHash: hashBearer(browser.value),
    jws,
    transport: 'window',
    createdAt: now.getTime(),
    expiresAt: expires * 1000,
  })
  const created = { session: id, jws, expires, walletOrigin: config.walletOrigin }
  return browser.isNew ? { ...created, setCookie: setBrowserCookie(browser.value) } : created
}

/**
 * A browser with another session still open keeps its value, so that two tabs do not cut each other off. Else it gets a
 * fresh one: a value from before says nothing about now.
 */
async function chooseBrowserValue(
  { store }: Deployment,
  cookie: string | undefined,
  now: Date,
): Promise<{ value: string; isNew: boolean }> {
  const present = readBrowserCookie(cookie)
  if (present && (await store.hasOpenSession(hashBearer(present), now.getTime())))
    return { value: present, isNew: false }
  return { value: toBase64url(randomBytes(32)), isNew: true }
}
