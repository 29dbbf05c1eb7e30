import type { Query, QueryItem } from '../protocol/query.ts'

/** Whether something can be answered; `unknown` while the wallet is locked. */
export type Ability = boolean | 'unknown'

/** The items that will be answered, in reading order. */
export type Plan = { readonly items: readonly QueryItem[]; readonly able: Ability }

/**
 * Chooses what to answer: everything of an `all`; of an `any` the first part that can be answered, or else the first
 * that may be. No more is answered than the query needs.
 */
export function planOf(query: Query, abilityOf: (item: QueryItem) => Ability): Plan {
  if ('all' in query) {
    const parts = query.all.map((part) => planOf(part, abilityOf))
    const able = parts.reduce<Ability>((worst, part) => (rank(part.able) < rank(worst) ? part.able : worst), true)
    return { items: parts.flatMap(({ items }) => items), able }
  }
  if ('any' in query) {
    const parts = query.any.map((part) => planOf(part, abilityOf))
    // `any` has at least one part, by its parser.
    return parts.reduce((best, part) => (rank(part.able) > rank(best.able) ? part : best))
  }
  return { items: [query], able: abilityOf(query) }
}

function rank(ability: Ability): number {
  return ability === true ? 2 : ability === 'unknown' ? 1 : 0
}
