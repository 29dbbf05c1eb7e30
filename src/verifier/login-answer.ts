import { scopeOf } from '../protocol/scope.ts'
import { loginSignals } from '../protocol/signals.ts'
import type { AnsweredItem } from './answered-items.ts'
import type { ItemCheck } from './check.ts'
import type { PresentationInput } from './presentation-input.ts'

/** The public signals of a login: context and scope are the verifier's, the rest the proof must bear out. */
export function prepareLoginAnswer(
  { answers: [answer] }: Extract<AnsweredItem, { circuit: 'login-v1' }>,
  { request, context }: Pick<PresentationInput, 'request' | 'context'>,
): ItemCheck {
  const { circuit, item, proof, nullifier, deviceTag, deviceCommitment } = answer
  const scope = scopeOf('login', request.iss)
  const signals = loginSignals({ nullifier, deviceTag, deviceCommitment, context, scope })
  return { proofs: [{ circuit, proof, signals }], answer: { type: 'login', item, nullifier, deviceTag } }
}
