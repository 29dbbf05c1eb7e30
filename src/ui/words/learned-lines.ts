import type { Learned } from '../../wallet/wallet.ts'

type Valid = Extract<Learned, { type: 'valid' }>
type Issuer = Extract<Learned, { type: 'issuer' }>

/** That a card stands today: valid, and not revoked by a list that is not older than so many seconds. */
export type Standing = {
  readonly type: 'standing'
  readonly credentialKind: string | undefined
  readonly within: number
  /** Who issued it: set where there are several cards, which this tells apart. */
  readonly issuers?: Issuer['issuers']
}

/** One line of what a site learns. */
export type LearnedLine = Learned | Standing

/**
 * What a site learns, each thing once. All that says how a card stands is one line; of several cards each line says who
 * issued that card, and of a single one that is a line of its own.
 */
export function learnedLines(learned: readonly Learned[]): LearnedLine[] {
  const isSingle = learned.filter(({ type }) => type === 'valid').length === 1
  const lines = learned.flatMap((item, place): LearnedLine[] => {
    const before = learned[place - 1]
    const next = learned[place + 1]
    if (item.type === 'valid')
      return [next?.type === 'not_revoked' ? standing(item, next.within, learned[place + 2]) : item]
    // What comes right after a card's validity is about that card, and stands in its line.
    if (item.type === 'not_revoked' && before?.type === 'valid') return []
    if (item.type === 'issuer' && !isSingle && before?.type === 'not_revoked') return []
    return [item]
  })
  return [...new Map(lines.map((line) => [JSON.stringify(line), line])).values()]

  function standing({ credentialKind }: Valid, within: number, after: Learned | undefined): Standing {
    const issuers = !isSingle && after?.type === 'issuer' ? { issuers: after.issuers } : {}
    return { type: 'standing', credentialKind, within, ...issuers }
  }
}
