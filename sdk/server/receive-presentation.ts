import { setImmediate } from 'node:timers/promises'
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
import { findSession, type StoredSession } from './store.ts'

/** How long a result waits for the browser that holds the session. */
const RESULT_LIFETIME_MS = 300_000

/**
 * Takes the presentation for a session: strict form, session alive and unused, the ordered checks, then one transaction
 * that decides. Any second presentation for a session is refused by `challenge_used`, the same bytes included: what is
 * accepted is accepted once, and its code was given to one caller.
 *
 * A refused presentation leaves the session as it was, so that nobody else can spend it.
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
  const result = await queue.run(() =>
    runSteps(presentationSteps({ presentation, request: payload, context, keySet, issuers })),
  )
  if (result.status !== 'VALID') {
    if (missing && mayBeForWantOfIssuer(result)) throw serverError('issuer_unreachable')
    throw await refuse(deployment, session, result.status)
  }
  return accept(deployment, session, result, payload.returnUri)
}

/** Between two proofs the event loop is free, so that a burst of presentations does not stop the rest of the site. */
async function runSteps(steps: Generator<undefined, PresentationResult>): Promise<PresentationResult> {
  for (;;) {
    await setImmediate()
    const step = steps.next()
    if (step.done) return step.value
  }
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

async function refuse({ db, config }: Deployment, session: StoredSession, status: RefusalStatus) {
  const { code } = PRESENTATION_STATUSES[status]
  await recordRefusal(db, { requestName: session.request_name, code, now: config.clock().getTime() })
  return refusalError(status)
}
