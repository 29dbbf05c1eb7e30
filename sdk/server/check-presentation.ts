import { decodeJwt } from 'jose'
import type { Presentation } from '../../src/protocol/presentation.ts'
import { itemsOf } from '../../src/protocol/query.ts'
import { type PresentationRequest, parseRequest, requestContext } from '../../src/protocol/request.ts'
import { isRefusal } from '../../src/verifier/check.ts'
import type { KeySet } from '../../src/verifier/key-set.ts'
import { VerifierPoolError } from '../../src/verifier/node/pool-error.ts'
import type { PresentationInput } from '../../src/verifier/presentation-input.ts'
import type { ProofVerifier } from '../../src/verifier/proof-verifier.ts'
import {
  type PresentationResult,
  preparationSteps,
  presentationSteps,
  verifyPrepared,
} from '../../src/verifier/verify-presentation.ts'
import type { Deployment } from './deployment.ts'
import { serverError } from './error-codes.ts'
import { runSlice, runSteps } from './run-steps.ts'
import type { StoredSession } from './store/store.ts'

/**
 * How long one check may take on the event loop. Sixteen proofs, with a new set of 256 members behind each, take some
 * 1.2 s of a core.
 */
const CHECK_LIMIT_MS = 4_000

/** The request of a session, as it was signed. */
export function readRequest({ jws }: StoredSession): PresentationRequest {
  // Our own signature, out of our own store: nothing to verify.
  return parseRequest(decodeJwt(jws))
}

/**
 * The ordered checks of a presentation for a session's request: `TOO_LONG` where they came to no end in time, which has
 * cost what a refusal costs. Throws `busy`, with when to come again, where the pool has no room: then nothing was checked.
 */
export async function checkPresentation(
  deployment: Deployment,
  facts: {
    readonly session: StoredSession
    readonly request: PresentationRequest
    readonly presentation: Presentation
  },
): Promise<PresentationResult | 'TOO_LONG'> {
  const { session, request, presentation } = facts
  const { config, keySets, verifier, queue } = deployment
  const keySet = keySets.find(request.keySet)
  if (!keySet) return { status: 'KEY_SET_MISMATCH' }
  refuseWithoutRoom(verifier, presentation.answers.length)
  const published = await readIssuers(deployment, presentation, request)
  const input: PresentationInput = {
    presentation,
    request,
    context: requestContext(session.jws, request),
    keySet,
    issuers: (origin) => published.get(origin)?.metadata,
    histories: (origin) => published.get(origin)?.history,
    now: config.clock().getTime() / 1000,
    statusGrace: config.statusGraceSeconds,
  }
  if (!verifier) return queue.inTurn(() => runSteps(presentationSteps(input), CHECK_LIMIT_MS))
  return checkByPool(deployment, { input: { ...input, readsProofsLast: true }, keySet, verifier })
}

/** What is not checked is known before anything is computed. */
function refuseWithoutRoom(verifier: ProofVerifier | undefined, proofs: number): void {
  const milliseconds = verifier?.retryAfter?.(proofs)
  if (milliseconds !== undefined) throw tooBusy(milliseconds)
}

/**
 * What comes before the proofs is short as a rule, and done at once. What is not, such as a set that nobody asked about
 * before, waits for the others of its kind. The proofs of several sessions are verified together.
 */
async function checkByPool(
  { queue }: Deployment,
  { input, keySet, verifier }: { input: PresentationInput; keySet: KeySet; verifier: ProofVerifier },
): Promise<PresentationResult | 'TOO_LONG'> {
  const steps = preparationSteps(input)
  const slice = runSlice(steps)
  const prepared = slice.done ? slice.value : await queue.inTurn(() => runSteps(steps, CHECK_LIMIT_MS))
  if (prepared === 'TOO_LONG' || isRefusal(prepared)) return prepared
  try {
    return await verifyPrepared(prepared, { keySet: keySet.hash, verifier })
  } catch (error) {
    if (!(error instanceof VerifierPoolError)) throw error
    if (error.code === 'verifier_busy') throw tooBusy(error.retryAfterMilliseconds ?? 0)
    if (error.code === 'verifier_deadline') return 'TOO_LONG'
    throw error
  }
}

function tooBusy(milliseconds: number) {
  return serverError('busy', undefined, { retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)) })
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
