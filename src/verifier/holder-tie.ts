import type { QueryItem } from '../protocol/query.ts'

/**
 * Whether one holder must stand behind answers to all of these items. login-v1 has no holder link, and its device
 * commitment is of the prover's choosing: beside an action or a vote it may be another person's. A credential item ties
 * the two, by the login name that it shares with the one and the link that it shares with the other.
 */
export function isHolderTied(items: readonly Pick<QueryItem, 'type'>[]): boolean {
  const types = new Set(items.map(({ type }) => type))
  return !types.has('login') || types.has('credential') || !(types.has('action') || types.has('vote'))
}
