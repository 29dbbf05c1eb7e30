import type { Alternative, NotLearned } from '../../wallet/wallet.ts'

/** As many claims are named one by one; more of them would hide the one that matters. */
const NAMED = 2

/**
 * What a site does not learn, in few lines. `more`: every other claim of the card, named under Details. `which`: of a
 * claim that is one of a set, which one it is.
 */
export type Kept =
  | NotLearned
  | { readonly type: 'more'; readonly kind: string | undefined }
  | { readonly type: 'which'; readonly claim: string; readonly title: string }

/** The claims that were asked about first, for it is their values that a person would fear for; the rest as one. */
export function keptOf({ asks, notLearned }: Pick<Alternative, 'asks' | 'notLearned'>): Kept[] {
  const inSets = claimsInSets(asks)
  const claims = notLearned.filter((item) => item.type === 'claim')
  const others = notLearned.filter((item) => item.type !== 'claim')
  const worded = (item: (typeof claims)[number]): Kept => (inSets.has(item.claim) ? { ...item, type: 'which' } : item)
  if (claims.length <= NAMED) return [...claims.map(worded), ...others]
  const asked = askedClaims(asks)
  const named = claims.filter(({ claim }) => asked.has(claim)).slice(0, NAMED)
  const credential = asks.find((ask) => ask.kind === 'credential')
  return [...named.map(worded), { type: 'more', kind: credential?.credentialKind }, ...others]
}

function askedClaims(asks: Alternative['asks']): Set<string> {
  const names = asks.flatMap((ask) => {
    if (ask.kind !== 'credential') return []
    // An age is asked of the claim of that name, and of no other (src/wallet/questions.ts).
    return ask.question.type === 'age' ? ['birthDate'] : ask.question.items.map(({ claim }) => claim)
  })
  return new Set(names)
}

/** Claims of which the site learns that they are one of several values. */
function claimsInSets(asks: Alternative['asks']): Set<string> {
  const predicates = asks.flatMap((ask) =>
    ask.kind === 'credential' && ask.question.type === 'predicates' ? ask.question.items : [],
  )
  return new Set(predicates.filter(({ op }) => op === '$in').map(({ claim }) => claim))
}
