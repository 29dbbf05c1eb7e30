import { decodeJwt } from 'jose'
import { toBase64url } from '../../src/protocol/bytes.ts'
import { type Presentation, parsePresentation } from '../../src/protocol/presentation.ts'
import { itemsOf } from '../../src/protocol/query.ts'
import { type PresentationRequest, parseRequest, requestContext } from '../../src/protocol/request.ts'
import { isRefusal } from '../../src/verifier/check.ts'
import type { KeySet } from '../../src/verifier/key-set.ts'
import { VerifierPoolError } from '../../src/verifier/node/pool-error.ts'
import type { PresentationInput } from '../../src/verifier/presentation-input.ts'
import { PRESENTATION_STATUSES, type RefusalStatus } from '../../src/verifier/status.ts'
import {
  type PresentationResult,
  preparationSteps,
  presentationSteps,
  verifyPrepared,
} from '../../src/verifier/verify-presentation.ts'
import { hashBearer } from './cookie.ts'
import type { Deployment } from './deployment.ts'
import { refusalError, serverError } from './error-codes.ts'
import { codeOf, digestOf, hasAccepted } from './replay.ts'
import { auditNameOf, encodeResult } from './result.ts'
import { runSteps } from './run-steps.ts'
import type { StoredSession } from './store/store.ts'

/** How long a result waits for the browser that holds the session. */
const RESULT_LIFETIME_MS = 300_000

/**
 * How long one check may take. Sixteen proofs, with a new set of 256 members behind each, take some 1.2 s of a core.
 */
const CHECK_LIMIT_MS = 4_000

/** What a wallet is told of a presentation that was accepted. */
export type Accepted = {
  /** Reads the result once, in the browser that began the session. */
  readonly code: string
  readonly returnUri: string
  /** Whether it was accepted before, and nothing was done for it now. */
  readonly isReplay: boolean
}

/**
 * Takes the presentation for a session: strict form, session alive and unused, the ordered checks, then one transaction
 * that decides. The same presentation again has the same answer, and no check is run: the answer to the first may have
 * been lost. It tells nobody anything new: who can send it has seen it, and its code is read in one browser alone. Any
 * other for the session is refused by `challenge_used`.
 *
 * A refused presentation leaves the session open for another, up to the fifth: no session costs more checks than that,
 * one at a time and each within its deadline.
 */
export async function receivePresentation(deployment: Deployment, sessionId: string, body: unknown): Promise<Accepted> {
  const presentation = parsePresentation(body)
  const digest = digestOf(presentation)
  const key = `${sessionId} ${toBase64url(digest)}`
  const { value, isFirst } = await deployment.sharing(key, () =>
    receive(deployment, sessionId, { presentation, digest }),
  )
  return isFirst ? value : { ...value, isReplay: true }
}

/** A presentation and its digest. */
type Received = { readonly presentation: Presentation; readonly digest: Uint8Array }

async function receive(deployment: Deployment, sessionId: string, received: Received): Promise<Accepted> {
  const { store, config, keySets } = deployment
  const { presentation, digest } = received
  const session = await store.findSession(sessionId)
  if (!session) throw serverError('session_unknown')
  if (hasAccepted(session, digest)) return replay(deployment, session, digest)
  const over = findEnd(session, config.clock().getTime())
  if (over) throw await refuse(deployment, session, over)

  const { request, context } = readRequest(session)
  const keySet = keySets.find(request.keySet)
  if (!keySet) throw await refuse(deployment, session, 'KEY_SET_MISMATCH')
  const published = await readIssuers(deployment, presentation, request)
  const result = await runChecks(deployment, session, keySet, () => ({
    presentation,
    request,
    context,
    keySet,
    issuers: (origin) => published.get(origin)?.metadata,
    histories: (origin) => published.get(origin)?.history,
    now: config.clock().getTime() / 1000,
    statusGrace: config.statusGraceSeconds,
  }))
  if (result === 'TOO_LONG') throw await turnAway(deployment, session, 'busy')
  if (result.status === 'ISSUER_UNKNOWN') throw await turnAway(deployment, session, 'issuer_unreachable')
  if (result.status !== 'VALID') throw await refuse(deployment, session, result.status)
  return accept(deployment, session, { digest, result, returnUri: request.returnUri })
}

/** The end of a session by the server's clock, before anything is computed for it. The transaction asks again. */
function findEnd({ state, expiresAt }: StoredSession, now: number): RefusalStatus | undefined {
  if (state === 'DONE') return 'CHALLENGE_USED'
  if (state === 'CANCELLED') return 'SESSION_CANCELLED'
  return now >= expiresAt ? 'SESSION_EXPIRED' : undefined
}

function readRequest({ jws }: StoredSession) {
  // Our own signature, out of our own store: nothing to verify.
  const request = parseRequest(decodeJwt(jws))
  return { request, context: requestContext(jws, request) }
}

/**
 * What the issuers of the answered items publish; asked anew where the presentation names an epoch that is not known.
 */
async function readIssuers({ issuers }: Deployment, { answers, epochs }: Presentation, { query }: PresentationRequest) {
  const answered = new Set(answers.map(({ item }) => item))
  const origins = itemsOf(query).flatMap((item) => (item.type !== 'login' && answered.has(item.id) ? item.issuers : []))
  const known = await issuers.load(origins)
  const unknown = epochs.filter(({ issuer, epoch }) => {
    const newest = known.get(issuer)?.history[0]
    return newest && epoch > newest.epoch
  })
  if (unknown.length === 0) return known
  await Promise.all(unknown.map(({ issuer }) => issuers.refresh(issuer)))
  return issuers.load(origins)
}

/**
 * The ordered checks, when their turn comes; the proofs among them in the pool where there is one, and out of turn, so
 * that it can verify those of several sessions together.
 */
async function runChecks(
  deployment: Deployment,
  session: StoredSession,
  keySet: KeySet,
  input: () => PresentationInput,
): Promise<PresentationResult | 'TOO_LONG'> {
  const { queue, verifier } = deployment
  if (!verifier) {
    return queue.run(session.id, () => runSteps(presentationSteps(input()), CHECK_LIMIT_MS))
  }
  const prepared = () => runSteps(preparationSteps(input()), CHECK_LIMIT_MS)
  return queue.runThen(session.id, prepared, async (result) => {
    if (result === 'TOO_LONG' || isRefusal(result)) return result
    try {
      return await verifyPrepared(result, { keySet: keySet.hash, verifier })
    } catch (error) {
      const isLoad = error instanceof VerifierPoolError && LOAD_CODES.has(error.code)
      if (isLoad) return 'TOO_LONG'
      await countRefusal(deployment, session, 'internal_error')
      throw error
    }
  })
}

/** No verdict because there is too much to do; any other is a fault. */
const LOAD_CODES: ReadonlySet<string> = new Set(['verifier_busy', 'verifier_deadline'])

async function accept(
  deployment: Deployment,
  session: StoredSession,
  accepted: {
    readonly digest: Uint8Array
    readonly result: Extract<PresentationResult, { status: 'VALID' }>
    readonly returnUri: string
  },
): Promise<Accepted> {
  const { store, signingKey, config } = deployment
  const { digest, result, returnUri } = accepted
  const { answers } = result
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
    const now = await store.findSession(session.id)
    if (now && hasAccepted(now, digest)) return replay(deployment, now, digest)
  }
  if (outcome !== 'ACCEPTED') throw await refuse(deployment, session, outcome)
  return { code, returnUri, isReplay: false }
}

function replay({ signingKey }: Deployment, session: StoredSession, digest: Uint8Array): Accepted {
  const code = codeOf(signingKey.codeKey, session.id, digest)
  return { code, returnUri: readRequest(session).request.returnUri, isReplay: true }
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

function countRefusal({ store, config }: Deployment, { id, requestName }: StoredSession, code: string): Promise<void> {
  return store.recordRefusal({ sessionId: id, requestName, code, now: config.clock().getTime() })
}
