import { decodeJwt } from 'jose'
import { randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { parsePresentation } from '../../src/protocol/presentation.ts'
import { itemsOf } from '../../src/protocol/query.ts'
import { parseRequest, requestContext } from '../../src/protocol/request.ts'
import { PRESENTATION_STATUSES, type RefusalStatus } from '../../src/verifier/status.ts'
import { type PresentationResult, presentationSteps } from '../../src/verifier/verify-presentation.ts'
import { hashBearer } from './cookie.ts'
import type { Deployment } from './deployment.ts'
import { refusalError, serverError } from './error-codes.ts'
import { acceptPresentation, recordRefusal } from './ledger.ts'
import { auditNameOf, encodeResult } from './result.ts'
import { runSteps } from './run-steps.ts'
import { findSession, type StoredSession } from './store.ts'

/** How long a result waits for the browser that holds the session. */
const RESULT_LIFETIME_MS = 300_000

/** How long one check may take: some seventy proofs, enough for eight items under eight issuer keys each. */
const CHECK_LIMIT_MS = 2_000

/**
 * Takes the presentation for a session: strict form, session alive and unused, the ordered checks, then one transaction
 * that decides. Any second presentation for a session is refused by `challenge_used`, the same bytes included: what is
 * accepted is accepted once, and its code was given to one caller.
 *
 * A refused presentation leaves the session open for another, up to the fifth: no session costs more checks than that,
 * one at a time and each within its deadline.
 */
export async function receivePresentation(
  deployment: Deployment,
  sessionId: string,
  body: unknown,
): Promise<{ code: string; returnUri: string }> {
  const { db, queue, config, keySet } = deployment
  const presentation = parsePresentation(body)
  const session = await findSession(db, sessionId)
  if (!session) throw serverError('session_unknown')
  const over = findEnd(session, config.clock().getTime())
  if (over) throw await refuse(deployment, session, over)

  const { payload, issuers, missing, context } = await readRequest(deployment, session)
  const result = await queue.run(sessionId, () =>
    runSteps(presentationSteps({ presentation, request: payload, context, keySet, issuers }), CHECK_LIMIT_MS),
  )
  if (result === 'TOO_LONG') throw await turnAway(deployment, session, 'busy')
  if (result.status !== 'VALID') {
    if (missing && mayBeForWantOfIssuer(result)) throw await turnAway(deployment, session, 'issuer_unreachable')
    throw await refuse(deployment, session, result.status)
  }
  return accept(deployment, session, result, payload.returnUri)
}

/** The end of a session by the server's clock, before anything is computed for it. The transaction asks again. */
function findEnd({ state, expires_at }: StoredSession, now: number): RefusalStatus | undefined {
  if (state === 'DONE') return 'CHALLENGE_USED'
  if (state === 'CANCELLED') return 'SESSION_CANCELLED'
  return now >= expires_at ? 'SESSION_EXPIRED' : undefined
}

async function readRequest({ issuers }: Deployment, { jws }: StoredSession) {
  // Our own signature, out of our own store: nothing to verify.
  const payload = parseRequest(decodeJwt(jws))
  const origins = itemsOf(payload.query).flatMap((item) => (item.type === 'login' ? [] : item.issuers))
  const known = await issuers.load(origins)
  return {
    payload,
    context: requestContext(jws, payload),
    issuers: (origin: Origin) => known.get(origin),
    missing: origins.some((origin) => !known.has(origin)),
  }
}

/** With an issuer out of reach these may only mean that its keys or schemas could not be tried. */
function mayBeForWantOfIssuer({ status }: PresentationResult): boolean {
  return status === 'PROOF_INVALID' || status === 'ISSUER_UNKNOWN' || status === 'SCHEMA_UNKNOWN'
}

async function accept(
  deployment: Deployment,
  session: StoredSession,
  { answers }: Extract<PresentationResult, { status: 'VALID' }>,
  returnUri: string,
): Promise<{ code: string; returnUri: string }> {
  const { db, signingKey, config } = deployment
  const code = toBase64url(randomBytes(32))
  const now = config.clock().getTime()
  const outcome = await acceptPresentation(db, {
    sessionId: session.id,
    requestName: session.request_name,
    answers,
    codeHash: hashBearer(code),
    result: encodeResult(answers),
    resultExpiresAt: now + RESULT_LIFETIME_MS,
    nameHmac: auditNameOf(answers, signingKey.auditKey),
    now,
  })
  if (outcome !== 'ACCEPTED') throw await refuse(deployment, session, outcome)
  return { code, returnUri }
}

async function refuse(deployment: Deployment, session: StoredSession, status: RefusalStatus) {
  await countRefusal(deployment, session, PRESENTATION_STATUSES[status].code)
  return refusalError(status)
}

/** No verdict, and yet the check was paid for: it counts as a refusal, or it could be had without end. */
async function turnAway(deployment: Deployment, session: StoredSession, code: 'busy' | 'issuer_unreachable') {
  await countRefusal(deployment, session, code)
  return serverError(code)
}

function countRefusal({ db, config }: Deployment, { id, request_name }: StoredSession, code: string): Promise<void> {
  return recordRefusal(db, { sessionId: id, requestName: request_name, code, now: config.clock().getTime() })
}
