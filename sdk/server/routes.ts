import { z } from 'zod'
import { ProtocolError } from '../../src/protocol/error.ts'
import { identifierShape } from '../../src/protocol/parse.ts'
import { RELYING_PARTY_METADATA_PATH, type RelyingPartyMetadata } from '../../src/protocol/relying-party.ts'
import { parseStateReport } from '../../src/protocol/session-state.ts'
import { TouchstoneError } from '../touchstone-error.ts'
import type { Asked } from './asked.ts'
import { answerButton, BUTTON_PATH } from './button-script.ts'
import type { Deployment } from './deployment.ts'
import { errorBody, httpStatusOf, refusalError, serverError } from './error-codes.ts'
import { jsonResponse } from './json-response.ts'
import { readJson } from './read-json.ts'
import { receivePresentation } from './receive-presentation.ts'
import { findOwnSession, isAnswerable, stateAt } from './session-state.ts'
import { createSession, SESSIONS_PATH } from './sessions.ts'
import { endVisit, readIntoVisit } from './visits.ts'

/** What one address does. `caller`: whose page may ask, by the Origin header that browsers set. */
type Route = {
  readonly method: 'GET' | 'POST'
  readonly caller: 'site' | 'wallet' | 'anyone'
  readonly answer: (deployment: Deployment, request: Asked, session: string) => Promise<Response>
}

const SESSION_ROUTES: Readonly<Record<string, Route>> = {
  '': { method: 'GET', caller: 'anyone', answer: answerState },
  '/presentation': { method: 'POST', caller: 'wallet', answer: answerPresentation },
  '/decline': { method: 'POST', caller: 'wallet', answer: answerDecline },
  '/state': { method: 'POST', caller: 'wallet', answer: answerReport },
  '/events': { method: 'GET', caller: 'anyone', answer: answerEvents },
}

/** Addresses that name no session. What changes something for a browser is for the site's own pages alone. */
const OTHER_ROUTES: Readonly<Record<string, Route>> = {
  [RELYING_PARTY_METADATA_PATH]: { method: 'GET', caller: 'anyone', answer: answerMetadata },
  [BUTTON_PATH]: { method: 'GET', caller: 'anyone', answer: (_deployment, request) => answerButton(request) },
  '/touchstone/config.json': { method: 'GET', caller: 'anyone', answer: answerConfig },
  [SESSIONS_PATH]: { method: 'POST', caller: 'site', answer: answerCreate },
  '/touchstone/result': { method: 'POST', caller: 'site', answer: answerResult },
  '/touchstone/sign-out': { method: 'POST', caller: 'site', answer: answerSignOut },
}

/** The route of a path below the site's origin, and the session it names. */
export function findRoute(path: string): { route: Route; session: string } | undefined {
  const other = Object.hasOwn(OTHER_ROUTES, path) ? OTHER_ROUTES[path] : undefined
  if (other) return { route: other, session: '' }
  const match = /^\/touchstone\/sessions\/([^/]+)(\/[a-z]+)?$/.exec(path)
  const [, session = '', action = ''] = match ?? []
  const route = match && Object.hasOwn(SESSION_ROUTES, action) ? SESSION_ROUTES[action] : undefined
  return route && identifierShape.safeParse(session).success ? { route, session } : undefined
}

/** Answers a request for one of the SDK's addresses; undefined for any other. Every failure is an answer with a code. */
export async function answerRequest(deployment: Deployment, request: Asked): Promise<Response | undefined> {
  const found = findRoute(new URL(request.url).pathname)
  if (!found) return undefined
  const { route, session } = found
  let response: Response
  try {
    checkCaller(deployment, route, request)
    response = await (request.method === 'OPTIONS' ? preflight(route) : route.answer(deployment, request, session))
  } catch (error) {
    response = errorResponse(error, deployment)
  }
  return withHeaders(response, deployment, route, request)
}

function checkCaller({ config }: Deployment, { method, caller }: Route, request: Asked): void {
  if (request.method !== method && !(request.method === 'OPTIONS' && caller === 'wallet')) {
    throw serverError('method_not_allowed')
  }
  const expected = { site: config.origin, wallet: config.walletOrigin, anyone: undefined }[caller]
  if (expected !== undefined && request.headers.get('origin') !== expected) throw serverError('origin_forbidden')
}

function preflight({ method }: Route): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': method,
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '600',
    },
  })
}

async function answerMetadata({ config, signingKey }: Deployment): Promise<Response> {
  const metadata: RelyingPartyMetadata = { version: 1, origin: config.origin, keys: signingKey.publicJwks() }
  return jsonResponse(metadata)
}

/** What the site's page must know before it is asked for anything: a window opens inside the click, or not at all. */
async function answerConfig({ config }: Deployment): Promise<Response> {
  return jsonResponse({ version: 1, walletOrigin: config.walletOrigin })
}

const createShape = z.strictObject({ request: z.string().max(64), transport: z.enum(['window', 'link']).optional() })

async function answerCreate(deployment: Deployment, request: Asked): Promise<Response> {
  const body = createShape.safeParse(await deployment.arrivals.site.hold(() => readJson(request)))
  if (!body.success) throw serverError('body_invalid')
  const cookie = request.headers.get('cookie') ?? undefined
  const { setCookie, ...created } = await createSession(deployment, { ...body.data, cookie })
  return jsonResponse(created, { status: 201, headers: setCookie ? { 'set-cookie': setCookie } : {} })
}

/** Nothing but the state, and that only to the browser that began the session. */
async function answerState({ store, config }: Deployment, request: Asked, id: string): Promise<Response> {
  const session = await findOwnSession(store, id, request.headers.get('cookie'))
  return jsonResponse({ state: stateAt(session, config.clock().getTime()) })
}

function answerEvents({ events }: Deployment, { headers }: Asked, id: string): Promise<Response> {
  return events.open({ id, cookie: headers.get('cookie'), lastEventId: headers.get('last-event-id') })
}

/** For the site's page to show, and for nothing else: a session is answered as well without it. */
async function answerReport(deployment: Deployment, request: Asked, id: string): Promise<Response> {
  const { store, config, arrivals } = deployment
  // Read first: who invents ids takes no place, and makes nobody wait for a transaction.
  const session = await store.findSession(id)
  if (!session) throw serverError('session_unknown')
  const { state } = readReport(await arrivals.wallet.hold(() => readJson(request)))
  const now = config.clock().getTime()
  if (isAnswerable(session, now)) await store.advanceSession({ id, state, now })
  return new Response(null, { status: 204 })
}

function readReport(body: unknown) {
  try {
    return parseStateReport(body)
  } catch (cause) {
    throw serverError('body_invalid', undefined, { cause })
  }
}

async function answerPresentation(deployment: Deployment, request: Asked, id: string): Promise<Response> {
  const { code, returnUri, isReplay } = await receivePresentation(deployment, id, request)
  return jsonResponse({ code, returnUri }, { headers: isReplay ? { 'idempotent-replayed': 'true' } : {} })
}

const resultShape = z.strictObject({ code: z.string().max(64) })

/** The page is told what it may show; what has been proved stays on the server. */
async function answerResult(deployment: Deployment, request: Asked): Promise<Response> {
  const body = resultShape.safeParse(await deployment.arrivals.site.hold(() => readJson(request)))
  if (!body.success) throw serverError('body_invalid')
  const cookie = request.headers.get('cookie') ?? undefined
  const { result, setCookie } = await readIntoVisit(deployment, { code: body.data.code, cookie })
  const { request: name, login } = result
  const told = login ? { request: name, pseudonym: login.pseudonym } : { request: name }
  return jsonResponse(told, { headers: { 'set-cookie': setCookie } })
}

async function answerSignOut(deployment: Deployment, request: Asked): Promise<Response> {
  const setCookie = await endVisit(deployment, request.headers.get('cookie'))
  return jsonResponse({}, { headers: { 'set-cookie': setCookie } })
}

async function answerDecline({ store, config, emit }: Deployment, _request: Asked, id: string): Promise<Response> {
  // Nothing is written for what is not there, or is over.
  const found = await store.findSession(id)
  if (!found) throw serverError('session_unknown')
  const now = config.clock().getTime()
  if (isAnswerable(found, now) && (await store.cancelSession(id, now))) {
    emit({ type: 'declined', request: found.requestName })
    return jsonResponse({ state: 'CANCELLED' })
  }
  // Once more, for another may have ended it meanwhile.
  const session = (await store.findSession(id)) ?? found
  if (session.state === 'DONE') throw refusalError('CHALLENGE_USED')
  throw refusalError(session.state === 'CANCELLED' ? 'SESSION_CANCELLED' : 'SESSION_EXPIRED')
}

/** When whoever was turned away may come again: by then a check that was under way is over. */
const RETRY_AFTER_SECONDS = 2

/**
 * A failure as an answer. One that was not foreseen goes to `onError`, and nothing of it into the answer; so does the
 * cause of one that has a code and is the server's own, such as a database that is gone.
 */
export function errorResponse(error: unknown, { config, tellRarely }: Deployment): Response {
  const known = toTouchstoneError(error)
  if (!known) config.onError(error)
  const told = known ?? serverError('internal_error')
  const status = httpStatusOf(told.code)
  if (status >= 500 && told.cause !== undefined) tellRarely(told)
  const retryAfter = told.retryAfterSeconds ?? RETRY_AFTER_SECONDS
  const headers = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 503 && { 'retry-after': `${retryAfter}` }),
  }
  return jsonResponse(errorBody(told), { status, headers })
}

function toTouchstoneError(error: unknown): TouchstoneError | undefined {
  if (error instanceof TouchstoneError) return error
  if (error instanceof ProtocolError && error.code === 'presentation_invalid') {
    return serverError('presentation_invalid', error.message)
  }
  return undefined
}

function withHeaders(response: Response, { config }: Deployment, { caller }: Route, request: Asked): Response {
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store')
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('vary', 'Origin')
  if (caller === 'wallet' && request.headers.get('origin') === config.walletOrigin) {
    response.headers.set('access-control-allow-origin', config.walletOrigin)
  }
  // Public keys: any wallet may fetch them.
  if (new URL(request.url).pathname === RELYING_PARTY_METADATA_PATH) {
    response.headers.set('access-control-allow-origin', '*')
  }
  return response
}
