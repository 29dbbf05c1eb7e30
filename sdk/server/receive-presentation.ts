import { toBase64url } from '../../src/protocol/bytes.ts'
import { type Presentation, parsePresentation } from '../../src/protocol/presentation.ts'
import { PRESENTATION_STATUSES, type RefusalStatus } from '../../src/verifier/status.ts'
import type { PresentationResult } from '../../src/verifier/verify-presentation.ts'
import { TouchstoneError } from '../touchstone-error.ts'
import type { Asked } from './asked.ts'
import { checkPresentation, readRequest } from './check-presentation.ts'
import { hashBearer } from './cookie.ts'
import type { Deployment } from './deployment.ts'
import { refusalError, serverError } from './error-codes.ts'
import { readJson } from './read-json.ts'
import { codeOf, digestOf, hasAccepted } from './replay.ts'
import { auditNameOf, encodeResult } from './result.ts'
import type { StoredSession } from './store/store.ts'

/** How long a result waits for the browser that holds the session. */
const RESULT_LIFETIME_MS = 300_000

/** What a wallet is told of a presentation that was accepted. */
export type Accepted = {
  /** Reads the result once, in the browser that began the session. */
  readonly code: string
  readonly returnUri: string
  /** Whether it was accepted before, and nothing was done for it now. */
  readonly isReplay: boolean
}

/**
 * Takes the presentation for a session, the cheapest first: session known, a place to read, size, strict form, session alive
 * and unused (asked again: a body may take its time), a place for checking, the ordered checks, then one transaction that decides. Nothing is done for what is refused before it.
 *
 * The same presentation again has the same answer, and no check is run: the answer to the first may have been lost. It
 * tells nobody anything new: who can send it has seen it, and its code is read in one browser alone. Any other for the
 * session is refused by `challenge_used`.
 *
 * A refused presentation leaves the session open for another, up to the fifth: no session costs more checks than that,
 * one at a time and each within its deadline.
 */
export async function receivePresentation(
  deployment: Deployment,
  sessionId: string,
  request: Asked,
): Promise<Accepted> {
  const { store, arrivals, sharing, emit } = deployment
  const begun = performance.now()
  try {
    if (!(await store.findSession(sessionId))) throw serverError('session_unknown')
    const presentation = parsePresentation(await arrivals.wallet.hold(() => readJson(request)))
    const digest = digestOf(presentation)
    const key = `${sessionId} ${toBase64url(digest)}`
    const received = { presentation, digest, begun }
    const { value, isFirst } = await sharing(key, () => receive(deployment, sessionId, received))
    return isFirst ? value : { ...value, isReplay: true }
  } catch (error) {
    const retryAfterSeconds = error instanceof TouchstoneError ? error.retryAfterSeconds : undefined
    if (retryAfterSeconds !== undefined) emit({ type: 'overloaded', retryAfterSeconds })
    throw error
  }
}

/** A presentation and its digest; `begun` by performance.now(), when it came. */
type Received = { readonly presentation: Presentation; readonly digest: Uint8Array; readonly begun: number }

/** One presentation for a session. */
type Attempt = Received & { readonly session: StoredSession }

async function receive(deployment: Deployment, sessionId: string, received: Received): Promise<Accepted> {
  const { store, config, queue } = deployment
  const session = await store.findSession(sessionId)
  if (!session) throw serverError('session_unknown')
  if (hasAccepted(session, received.digest)) return replay(deployment, session, received.digest)
  const attempt = { ...received, session }
  const over = findEnd(session, config.clock().getTime())
  if (over) throw await refuse(deployment, attempt, over)
  return queue.enter(session.id, async () => {
    const request = readRequest(session)
    const result = await check(deployment, attempt, request)
    if (result.status !== 'VALID') throw await refuse(deployment, attempt, result.status)
    return accept(deployment, attempt, { result, returnUri: request.returnUri })
  })
}

/** The end of a session by the server's clock, before anything is computed for it. The transaction asks again. */
function findEnd({ state, expiresAt }: StoredSession, now: number): RefusalStatus | undefined {
  if (state === 'DONE') return 'CHALLENGE_USED'
  if (state === 'CANCELLED') return 'SESSION_CANCELLED'
  return now >= expiresAt ? 'SESSION_EXPIRED' : undefined
}

/** The ordered checks. What has cost a check and comes to no verdict counts as a refusal, or it could be had without end. */
async function check(
  deployment: Deployment,
  attempt: Attempt,
  request: ReturnType<typeof readRequest>,
): Promise<PresentationResult> {
  try {
    const result = await checkPresentation(deployment, { ...attempt, request })
    if (result === 'TOO_LONG') throw await turnAway(deployment, attempt, 'busy')
    if (result.status === 'ISSUER_UNKNOWN') throw await turnAway(deployment, attempt, 'issuer_unreachable')
    return result
  } catch (error) {
    // What has a code has been counted, or has cost nothing. Anything else may be the presentation's own doing.
    if (!(error instanceof TouchstoneError)) await countRefusal(deployment, attempt, 'internal_error')
    throw error
  }
}

async function accept(
  deployment: Deployment,
  attempt: Attempt,
  accepted: { readonly result: Extract<PresentationResult, { status: 'VALID' }>; readonly returnUri: string },
): Promise<Accepted> {
  const { store, signingKey, config, emit } = deployment
  const { session, digest, begun } = attempt
  const { answers } = accepted.result
  const code = codeOf(signingKey.codeKey, session.id, digest)
  const now = config.clock().getTime()
  const outcome = await store.accept({
    sessionId: session.id,
    requestName: session.requestName,
    presentationDigest: digest,
    answers,
    codeHash: hashBearer(code),
    result: encodeResult(answers),
    resultExpiresAt: now + RESULT_LIFETIME_MS,
    nameHmac: auditNameOf(answers, signingKey.auditKey),
    now,
  })
  if (outcome === 'CHALLENGE_USED') {
    // Another process may have accepted this very one while it was checked here.
    const found = await store.findSession(session.id)
    if (found && hasAccepted(found, digest)) return replay(deployment, found, digest)
  }
  if (outcome !== 'ACCEPTED') throw await refuse(deployment, attempt, outcome)
  emit({ type: 'accepted', request: session.requestName, milliseconds: performance.now() - begun })
  return { code, returnUri: accepted.returnUri, isReplay: false }
}

function replay({ signingKey }: Deployment, session: StoredSession, digest: Uint8Array): Accepted {
  const code = codeOf(signingKey.codeKey, session.id, digest)
  return { code, returnUri: readRequest(session).returnUri, isReplay: true }
}

async function refuse(deployment: Deployment, attempt: Attempt, status: RefusalStatus) {
  await countRefusal(deployment, attempt, PRESENTATION_STATUSES[status].code)
  return refusalError(status)
}

async function turnAway(deployment: Deployment, attempt: Attempt, code: 'busy' | 'issuer_unreachable') {
  await countRefusal(deployment, attempt, code)
  return serverError(code)
}

function countRefusal(deployment: Deployment, { session, begun }: Attempt, code: string): Promise<void> {
  const { store, config, emit } = deployment
  const { id, requestName } = session
  emit({ type: 'refused', request: requestName, code, milliseconds: performance.now() - begun })
  return store.recordRefusal({ sessionId: id, requestName, code, now: config.clock().getTime() })
}
