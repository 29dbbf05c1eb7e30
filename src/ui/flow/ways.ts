import type { Alternative, Ask, Candidate, Card, RequestView } from '../../wallet/wallet.ts'

export type CredentialAsk = Extract<Ask, { kind: 'credential' }>

/** For each credential asked for, by item id, the card that the person chose. */
export type Choices = Readonly<Record<string, string>>

/** The credentials that one way to answer shows. */
export function credentialAsks({ asks }: Pick<Alternative, 'asks'>): CredentialAsk[] {
  return asks.filter((ask) => ask.kind === 'credential')
}

/** The way the person picked; before that the first that may be possible, and where none is, the first. */
export function pickedWay({ alternatives }: RequestView, picked: string | undefined): Alternative {
  const way =
    alternatives.find(({ id }) => id === picked) ??
    alternatives.find(({ answerable }) => answerable !== false) ??
    alternatives[0]
  if (way === undefined) throw new Error('a request without a way to answer it was read')
  return way
}

/** The card the person chose, or the first that may be able. */
export function cardFor(ask: CredentialAsk, choices: Choices): Candidate | undefined {
  const able = ask.candidates.filter((candidate) => candidate.satisfiable !== false)
  return able.find((candidate) => candidate.credentialId === choices[ask.itemId]) ?? able[0]
}

/** For each credential asked for, the card on screen: the wallet answers with that one or not at all. */
export function shownCards(way: Alternative, choices: Choices): Record<string, string> {
  const cards = credentialAsks(way).flatMap((ask) => {
    const card = cardFor(ask, choices)
    return card === undefined ? [] : [[ask.itemId, card.credentialId] as const]
  })
  return Object.fromEntries(cards)
}

/**
 * What all ways ask alike, and what each asks besides. To sign in is named with a way's cards: where no card is common to
 * all, nothing is.
 */
export function splitWays(ways: readonly Alternative[]): { shared: readonly Ask[]; besides: readonly Alternative[] } {
  const [first, ...others] = ways
  const common = (first?.asks ?? []).filter(({ itemId }) =>
    others.every(({ asks }) => asks.some((ask) => ask.itemId === itemId)),
  )
  const shared = credentialAsks({ asks: common }).length === 0 ? [] : common
  const ids = new Set(shared.map(({ itemId }) => itemId))
  return { shared, besides: ways.map((way) => ({ ...way, asks: way.asks.filter(({ itemId }) => !ids.has(itemId)) })) }
}

/** What is asked for in a way and no card here can show. */
export function missingFrom(way: Pick<Alternative, 'asks'>): CredentialAsk[] {
  return credentialAsks(way).filter((ask) => cardFor(ask, {}) === undefined)
}

/** The card that an error is about, where it is certain: the only one shown, or the only one of the issuer it names. */
export function cardAtFault(
  way: Alternative,
  choices: Choices,
  { origin }: { readonly origin: string | undefined },
): Card | undefined {
  const shown = credentialAsks(way).flatMap((ask) => cardFor(ask, choices)?.card ?? [])
  const [card, ...others] = shown.filter(({ issuerOrigin }) => origin === undefined || issuerOrigin === origin)
  return others.every(({ id }) => id === card?.id) ? card : undefined
}

/** What else could be tried where a card did not answer: another card, else another way. */
export function otherChoice(view: RequestView, way: Alternative): 'card' | 'way' | undefined {
  const able = ({ candidates }: CredentialAsk) => candidates.filter(({ satisfiable }) => satisfiable !== false)
  if (credentialAsks(way).some((ask) => able(ask).length > 1)) return 'card'
  return view.alternatives.some(({ id, answerable }) => id !== way.id && answerable !== false) ? 'way' : undefined
}
