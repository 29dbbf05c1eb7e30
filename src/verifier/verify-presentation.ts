import type { FieldElement } from '../protocol/field.ts'
import type { Answer, Presentation } from '../protocol/presentation.ts'
import { actionOf, isAnswered, itemsOf, kindOf, type QueryItem } from '../protocol/query.ts'
import type { PresentationRequest } from '../protocol/request.ts'
import type { CircuitId } from '../protocol/signals.ts'
import { type Check, isRefusal, type Refusal } from './check.ts'
import { prepareCredentialAnswer } from './credential-answer.ts'
import { isHolderTied } from './holder-tie.ts'
import type { KeySet } from './key-set.ts'
import { prepareLoginAnswer } from './login-answer.ts'
import type { PresentationInput } from './presentation-input.ts'
import type { VerifiedAnswer } from './verified-answer.ts'
import { verifyProof } from './verify-proof.ts'

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
 * The same, stopping before each proof (some 30 ms, and up to sixteen for an item): a server that runs the steps one by
 * one can serve others in between.
 */
export function* presentationSteps(input: PresentationInput): Generator<undefined, PresentationResult> {
  const { presentation, request, keySet } = input

  // 1. It answers this session, under this key set.
  if (presentation.session !== request.session) return { status: 'SESSION_MISMATCH' }
  if (presentation.keySet !== request.keySet || keySet.hash !== request.keySet) return { status: 'KEY_SET_MISMATCH' }

  // 2. It answers what was asked, each item once and by the circuit for it.
  const assigned = assignItems(presentation, request)
  if (isRefusal(assigned)) return assigned
  const answered = new Set(assigned.map(({ item }) => item.id))
  if (!isAnswered(request.query, answered)) return { status: 'QUERY_UNANSWERED' }

  // 3. One authenticator and one holder stand behind all of it.
  const inconsistency = findInconsistency(assigned)
  if (inconsistency) return inconsistency

  // 4. The public signals of each answer, from the request.
  const checks: { circuit: CircuitId; check: Check }[] = []
  for (const { answer, item } of assigned) {
    const check = prepareAnswer(answer, item, input)
    if (isRefusal(check)) return check
    checks.push({ circuit: answer.circuit, check })
  }

  // 5. Each proof verifies.
  const answers: VerifiedAnswer[] = []
  for (const { circuit, check } of checks) {
    const verified = yield* verifyCandidates(keySet, circuit, check)
    if (isRefusal(verified)) return verified
    answers.push(verified)
  }
  return { status: 'VALID', answers }
}

type Assigned = { readonly answer: Answer; readonly item: QueryItem }

function assignItems(presentation: Presentation, request: PresentationRequest): Assigned[] | Refusal {
  const items = new Map(itemsOf(request.query).map((item) => [item.id, item]))
  const assigned = new Map<string, Assigned>()
  for (const answer of presentation.answers) {
    const item = items.get(answer.item)
    if (!item) return { status: 'ITEM_UNKNOWN' }
    if (assigned.has(item.id)) return { status: 'ITEM_REPEATED' }
    if (answer.circuit !== circuitOf(item)) return { status: 'CIRCUIT_MISMATCH' }
    assigned.set(item.id, { answer, item })
  }
  return [...assigned.values()]
}

function circuitOf(item: QueryItem): Answer['circuit'] {
  return item.type === 'login' ? 'login-v1' : 'present-v1'
}

/**
 * comQ equal in all answers, the holder link in all that have one, and one name per kind and scope. (clink ties several
 * proofs of one credential; an item has one proof here, so there is nothing to compare it with.) login-v1 has no link,
 * and an equal comQ says nothing of its holder: only a credential of the same login name ties it to the rest.
 */
function findInconsistency(assigned: readonly Assigned[]): Refusal | undefined {
  if (new Set(assigned.map(({ answer }) => answer.deviceCommitment)).size > 1) return { status: 'DEVICE_MISMATCH' }
  const links = assigned.flatMap(({ answer }) => (answer.circuit === 'present-v1' ? [answer.link] : []))
  if (new Set(links).size > 1) return { status: 'LINK_MISMATCH' }
  const names = new Map<string, FieldElement>()
  for (const { answer, item } of assigned) {
    const scope = JSON.stringify([kindOf(item), actionOf(item)])
    const known = names.get(scope)
    if (known !== undefined && known !== answer.nullifier) return { status: 'NULLIFIER_MISMATCH' }
    names.set(scope, answer.nullifier)
  }
  if (!isHolderTied(assigned.map(({ item }) => item))) return { status: 'HOLDER_UNTIED' }
  return undefined
}

function prepareAnswer(answer: Answer, item: QueryItem, input: PresentationInput): Check | Refusal {
  if (answer.circuit === 'login-v1') return prepareLoginAnswer(answer, item.id, input)
  // Excluded by CIRCUIT_MISMATCH; said again for the type checker.
  if (item.type === 'login') return { status: 'CIRCUIT_MISMATCH' }
  return prepareCredentialAnswer(answer, item, input)
}

/** Tries each possible set of signals (one per key that may have signed the credential); the first that fits counts. */
function* verifyCandidates(
  keySet: KeySet,
  circuit: CircuitId,
  { proof, candidates }: Check,
): Generator<undefined, VerifiedAnswer | Refusal> {
  for (const { signals, answer } of candidates) {
    yield
    const status = verifyProof(keySet.keys[circuit], signals, proof)
    if (status === 'VALID') return answer
    if (status !== 'PROOF_INVALID') return { status }
  }
  return { status: 'PROOF_INVALID' }
}
