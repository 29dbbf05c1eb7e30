import type { FieldElement } from '../protocol/field.ts'
import type { Answer } from '../protocol/presentation.ts'
import { actionOf, kindOf } from '../protocol/query.ts'
import type { AnsweredItem } from './answered-items.ts'
import type { Refusal } from './check.ts'
import { isHolderTied } from './holder-tie.ts'

/**
 * Whether one authenticator, one holder and, within an item, one credential stand behind all answers: comQ equal in all
 * of them, the holder link in all that have one, the credential link in all parts of an item, and one name per kind and
 * scope. login-v1 has no link, and an equal comQ says nothing of its holder: only a credential of the same login name
 * ties it to the rest.
 */
export function findInconsistency(answered: readonly AnsweredItem[]): Refusal | undefined {
  const answers = answered.flatMap((each): readonly Answer[] => each.answers)
  if (!areEqual(answers.map(({ deviceCommitment }) => deviceCommitment))) return { status: 'DEVICE_MISMATCH' }
  if (!areEqual(answers.flatMap((answer) => (answer.circuit === 'present-v1' ? [answer.link] : [])))) {
    return { status: 'LINK_MISMATCH' }
  }
  const names = new Map<string, FieldElement>()
  for (const { item, answers } of answered) {
    const scope = JSON.stringify([kindOf(item), actionOf(item)])
    for (const { nullifier } of answers) {
      if ((names.get(scope) ?? nullifier) !== nullifier) return { status: 'NULLIFIER_MISMATCH' }
      names.set(scope, nullifier)
    }
  }
  for (const { answers } of answered) {
    const links = answers.flatMap((answer) => (answer.circuit === 'present-v1' ? [answer.credentialLink] : []))
    if (!areEqual(links)) return { status: 'CREDENTIAL_MISMATCH' }
  }
  return isHolderTied(answered.map(({ item }) => item)) ? undefined : { status: 'HOLDER_UNTIED' }
}

function areEqual(values: readonly FieldElement[]): boolean {
  return new Set(values).size <= 1
}
