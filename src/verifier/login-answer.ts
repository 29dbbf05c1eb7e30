import type { Answer } from '../protocol/presentation.ts'
import { scopeOf } from '../protocol/scope.ts'
import { loginSignals } from '../protocol/signals.ts'
import type { Check } from './check.ts'
import type { PresentationInput } from './presentation-input.ts'

/** The public signals of a login: context and scope are the verifier's, the rest the proof must bear out. */
export function prepareLoginAnswer(
  answer: Extract<Answer, { circuit: 'login-v1' }>,
  item: string,
  { request, context }: Pick<PresentationInput, 'request' | 'context'>,
): Check {
  const { proof, nullifier, deviceTag, deviceCommitment } = answer
  const scope = scopeOf('login', request.iss)
  const signals = loginSignals({ nullifier, deviceTag, deviceCommitment, context, scope })
  return { proof, candidates: [{ signals, answer: { type: 'login', item, nullifier, deviceTag } }] }
}
