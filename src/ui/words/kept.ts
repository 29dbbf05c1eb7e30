import type { NotLearned, RequestView } from '../../wallet/wallet.ts'

/** As many claims are named one by one; more of them would hide the one that matters. */
const NAMED = 2

/** What a site does not learn, in few lines. `more`: every other claim of the card, named under Details. */
export type Kept = NotLearned | { readonly type: 'more'; readonly kind: string | undefined }

/** The claims that were asked about first, for it is their values that a person would fear for; the rest as one. */
export function keptOf({ asks, notLearned }: Pick<RequestView, 'asks' | 'notLearned'>): Kept[] {
  const claims = notLearned.filter((item) => item.type === 'claim')
  const others = notLearned.filter((item) => item.type !== 'claim')
  if (claims.length <= NAMED) return [...claims, ...others]
  const asked = askedClaims(asks)
  const named = claims.filter(({ claim }) => asked.has(claim)).slice(0, NAMED)
  const credential = asks.find((ask) => ask.kind === 'credential')
  return [...named, { type: 'more', kind: credential?.credentialKind }, ...others]
}

function askedClaims(asks: RequestView['asks']): Set<string> {
  const names = asks.flatMap((ask) => {
    if (ask.kind !== 'credential') return []
    // An age is asked of the claim of that name, and of no other (src/wallet/questions.ts).
    return ask.question.type === 'age' ? ['birthDate'] : ask.question.items.map(({ claim }) => claim)
  })
  return new Set(names)
}
