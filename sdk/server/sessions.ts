import { z } from 'zod'
import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import { dayOf } from '../../src/protocol/day.ts'
import { MAX_PURPOSE_CHARACTERS, MAX_REQUEST_SECONDS, purposeShape } from '../../src/protocol/request.ts'
import { MAX_REQUEST_CHARACTERS, PRESENT_PATH } from '../../src/protocol/window-message.ts'
import { answerableQuery } from './answerable-query.ts'
import { hashBearer, readBrowserCookie, setBrowserCookie } from './cookie.ts'
import type { Deployment } from './deployment.ts'
import { serverError } from './error-codes.ts'
import type { RequestDefinition } from './options.ts'
import { type IssuerRules, MIN_SESSION_SECONDS, parseDefinition } from './request-definitions.ts'
import type { Transport } from './store/store.ts'

/** A session as the page needs it. */
export type CreatedSession = {
  readonly session: string
  /** The signed request, for the wallet. */
  readonly jws: string
  /** Unix seconds; at this second the session is over, by the server's clock. */
  readonly expires: number
  readonly walletOrigin: string
  /** With the transport `link`: where the browser goes. */
  readonly walletUrl?: string
  /** A Set-Cookie header where the browser has no value yet that can stay. */
  readonly setCookie?: string
}

export type NewSessionOptions = {
  /** The name of a request that was given to `createVerifier`; or one written out, which is checked as those are. */
  readonly request: string | RequestDefinition
  /** Why the site asks, in its own words, which the wallet shows as such: 1 to 80 UTF-16 units in one line. */
  readonly purpose?: string | undefined
  /** How long the session lives, in whole seconds: 30 to 600, `sessionSeconds` if absent. */
  readonly ttl?: number | undefined
  /** How the browser comes to the wallet: by its window (so if absent), or by the link `walletUrl`. */
  readonly transport?: Transport | undefined
  /** The browser's Cookie header. */
  readonly cookie?: string | undefined
}

/** Below the site's origin. */
export const SESSIONS_PATH = '/touchstone/sessions'

/** The name under which the result of a request comes that was written out, and has none. */
export const INLINE_REQUEST = '(inline)'

const optionsShape = z.object({
  purpose: purposeShape.optional(),
  ttl: z.int().min(MIN_SESSION_SECONDS).max(MAX_REQUEST_SECONDS).optional(),
  transport: z.enum(['window', 'link']).default('window'),
})

/**
 * Opens a session for the browser that sent `cookie`. Throws `request_unknown`, `option_invalid`, `issuer_unreachable`,
 * `query_invalid` and `sessions_exhausted`.
 */
export async function createSession(deployment: Deployment, options: NewSessionOptions): Promise<CreatedSession> {
  const { config, store, keySets, signingKey, issuers, tellOnce, emit } = deployment
  const { name, definition } = findRequest(deployment, options.request)
  const { transport, ...own } = readOptions(options)
  const now = config.clock()
  const today = dayOf(now)
  const surroundings = { issuers, tellOnce, now: now.getTime() / 1000 }
  const query = await answerableQuery(surroundings, definition.query(today))

  const id = toBase64url(randomBytes(16))
  const issuedAt = Math.floor(now.getTime() / 1000)
  const expires = issuedAt + (own.ttl ?? definition.ttl ?? config.sessionSeconds)
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
    purpose: own.purpose ?? definition.purpose,
    query,
  })
  if (jws.length > MAX_REQUEST_CHARACTERS) {
    throw serverError('query_invalid', `${name}: too long a request; give its sets fewer or shorter members`)
  }
  const browser = await chooseBrowserValue(deployment, options.cookie, now)
  await store.insertSession({
    id,
    requestName: name,
    browserHash: hashBearer(browser.value),
    jws,
    transport,
    createdAt: now.getTime(),
    expiresAt: expires * 1000,
  })
  emit({ type: 'session_created', request: name })
  const { walletOrigin } = config
  return {
    session: id,
    jws,
    expires,
    walletOrigin,
    ...(transport === 'link' && { walletUrl: `${walletOrigin}${PRESENT_PATH}#request=${jws}` }),
    ...(browser.isNew && { setCookie: setBrowserCookie(browser.value) }),
  }
}

function findRequest({ config }: Deployment, request: NewSessionOptions['request']) {
  if (typeof request !== 'string') {
    return { name: INLINE_REQUEST, definition: parseDefinition('request', request, inlineRules(config)) }
  }
  const definition = config.requests.get(request)
  if (!definition) throw serverError('request_unknown')
  return { name: request, definition }
}

function inlineRules({ knownIssuers, mode }: Deployment['config']): IssuerRules {
  return { issuers: knownIssuers, httpsOnly: mode === 'production' }
}

function readOptions({ purpose, ttl, transport }: NewSessionOptions) {
  const parsed = optionsShape.safeParse({ purpose, ttl, transport })
  if (parsed.success) return parsed.data
  const [name = ''] = parsed.error.issues[0]?.path ?? []
  const wanted = {
    purpose: `one line of 1 to ${MAX_PURPOSE_CHARACTERS} characters, all of them shown, without a space around it`,
    ttl: `a whole number from ${MIN_SESSION_SECONDS} to ${MAX_REQUEST_SECONDS}`,
    transport: 'window or link',
  }[String(name)]
  throw serverError('option_invalid', `createSession: ${String(name)} must be ${wanted}`)
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
  const open = present ? await store.openSessions(hashBearer(present), now.getTime()) : 'none'
  if (open === 'full') throw serverError('sessions_exhausted', undefined, { retryAfterSeconds: 60 })
  if (present && open === 'some') return { value: present, isNew: false }
  return { value: toBase64url(randomBytes(32)), isNew: true }
}
