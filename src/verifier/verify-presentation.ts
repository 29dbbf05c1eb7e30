import type { ProofPoints } from '../engine/pairing.ts'
import { isOverSet } from '../protocol/predicate.ts'
import type { Answer } from '../protocol/presentation.ts'
import { partsOf } from '../protocol/query.ts'
import { readAnsweredItems } from './answered-items.ts'
import { type ItemCheck, isRefusal, type ProofCheck, type Refusal } from './check.ts'
import { findInconsistency } from './consistency.ts'
import { prepareCredentialAnswer } from './credential-answer.ts'
import { namesEachIssuerOnce } from './issuer-states.ts'
import { prepareLoginAnswer } from './login-answer.ts'
import type { PresentationInput } from './presentation-input.ts'
import type { ProofVerifier } from './proof-verifier.ts'
import type { VerifiedAnswer } from './verified-answer.ts'
import { type ProofStatus, readProofPoints, verifyPoints } from './verify-proof.ts'

export type PresentationResult = { readonly status: 'VALID'; readonly answers: readonly VerifiedAnswer[] } | Refusal

/**
 * The checks of a presentation, in order, cheap ones first; the first that fails names the status. Every public signal
 * is built here from the request, or is a value that the proof itself must then bear out.
 *
 * What only a store can know is left to the caller, in one transaction: that the session is alive and unused, that the
 * device tag is pinned to the login name, and that a once-only name is new.
 *
 * Throws {@link ProtocolError} where the request's own predicates do not fit its schema; that is a request that should
 * never have been sent, see `compilePredicates`.
 */
export function verifyPresentation(input: PresentationInput): PresentationResult {
  const steps = presentationSteps(input)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/**
 * The same, stopping before each proof is read, each part of an item is put together (up to 100 ms for a large set that
 * is not remembered), and each proof is verified, up to sixteen of each: a server that runs the steps one by one can
 * serve others in between.
 */
export function* presentationSteps(input: PresentationInput): Generator<undefined, PresentationResult> {
  const prepared = yield* preparationSteps(input)
  if (isRefusal(prepared)) return prepared
  for (const { circuit, signals, proof } of prepared.proofs) {
    yield
    const key = input.keySet.keys[circuit]
    const points = prepared.points.get(proof) ?? readProofPoints(key, proof)
    const status = points ? verifyPoints(key, signals, points) : 'PROOF_MALFORMED'
    if (status !== 'VALID') return { status }
  }
  return { status: 'VALID', answers: prepared.answers }
}

/** A presentation of which nothing is left to be checked but its proofs. */
export type PreparedPresentation = {
  readonly proofs: readonly ProofCheck[]
  /** Those that have been read. */
  readonly points: ReadonlyMap<Uint8Array, ProofPoints>
  /** What is known if all of them verify. */
  readonly answers: readonly VerifiedAnswer[]
}

/** All checks but the last, stopping in between as {@link presentationSteps} does. */
export function* preparationSteps(input: PresentationInput): Generator<undefined, PreparedPresentation | Refusal> {
  const { presentation, request, keySet } = input

  // 1. It answers this session, under this key set.
  if (presentation.session !== request.session) return { status: 'SESSION_MISMATCH' }
  if (presentation.keySet !== request.keySet || keySet.hash !== request.keySet) return { status: 'KEY_SET_MISMATCH' }

  // 2. It answers what was asked: each part once, by the circuit for it, against one status list of each issuer.
  const answered = readAnsweredItems(presentation, request.query)
  if (isRefusal(answered)) return answered
  if (!namesEachIssuerOnce(presentation, answered)) return { status: 'EPOCHS_MISMATCH' }

  // 3. One authenticator and one holder stand behind all of it, and one credential behind each item.
  const inconsistency = findInconsistency(answered)
  if (inconsistency) return inconsistency

  // 4. Each proof is three points of their groups: known before anything that a request can make expensive is computed.
  const points = new Map<Uint8Array, ProofPoints>()
  const isExpensive = answered.some(({ item }) => partsOf(item).flat().some(isOverSet))
  const toRead = input.readsProofsLast && !isExpensive ? [] : answered
  for (const { circuit, proof } of toRead.flatMap((each): readonly Answer[] => each.answers)) {
    yield
    const read = readProofPoints(keySet.keys[circuit], proof)
    if (!read) return { status: 'PROOF_MALFORMED' }
    points.set(proof, read)
  }

  // 5. The public signals of each proof, from the request and from what the issuers publish.
  const checks: ItemCheck[] = []
  for (const each of answered) {
    const check =
      each.circuit === 'login-v1' ? prepareLoginAnswer(each, input) : yield* prepareCredentialAnswer(each, input)
    if (isRefusal(check)) return check
    checks.push(check)
  }

  const proofs = checks.flatMap((check) => check.proofs)
  return { proofs, points, answers: checks.map(({ answer }) => answer) }
}

/**
 * The last check, 6., by a pool or whatever else verifies elsewhere; the first proof that does not verify names the
 * status.
 */
export async function verifyPrepared(
  { proofs, answers }: PreparedPresentation,
  { keySet, verifier }: { keySet: string; verifier: ProofVerifier },
): Promise<PresentationResult> {
  const statuses = await Promise.all(
    proofs.map(({ circuit, proof, signals }): Promise<ProofStatus> => {
      return verifier.verify({ keySet, circuit, proof, signals })
    }),
  )
  const status = statuses.find((each) => each !== 'VALID')
  return status ? { status } : { status: 'VALID', answers }
}
