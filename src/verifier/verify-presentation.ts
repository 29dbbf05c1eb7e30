import type { Answer } from '../protocol/presentation.ts'
import { readAnsweredItems } from './answered-items.ts'
import { type ItemCheck, isRefusal, type Refusal } from './check.ts'
import { findInconsistency } from './consistency.ts'
import { prepareCredentialAnswer } from './credential-answer.ts'
import { namesEachIssuerOnce } from './issuer-states.ts'
import { prepareLoginAnswer } from './login-answer.ts'
import type { PresentationInput } from './presentation-input.ts'
import type { VerifiedAnswer } from './verified-answer.ts'
import { type ProofPoints, readProofPoints, verifyPoints } from './verify-proof.ts'

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
 * The same, stopping before each proof is read (up to 10 ms), each part of an item is put together (up to 100 ms for a
 * large set that is not remembered), and each proof is verified (some 30 ms), up to sixteen of each: a server that runs
 * the steps one by one can serve others in between.
 */
export function* presentationSteps(input: PresentationInput): Generator<undefined, PresentationResult> {
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
  for (const { proof } of answered.flatMap((each): readonly Answer[] => each.answers)) {
    yield
    const read = readProofPoints(proof)
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

  // 6. Each proof verifies.
  for (const { circuit, signals, proof } of checks.flatMap(({ proofs }) => proofs)) {
    yield
    const read = points.get(proof)
    const status = read ? verifyPoints(keySet.keys[circuit], signals, read) : 'PROOF_MALFORMED'
    if (status !== 'VALID') return { status }
  }
  return { status: 'VALID', answers: checks.map(({ answer }) => answer) }
}
