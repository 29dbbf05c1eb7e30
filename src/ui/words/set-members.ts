import type { TFunction } from 'i18next'
import type { ClaimValue } from '../../protocol/claim.ts'
import type { PredicateView } from '../../wallet/wallet.ts'
import { claimText } from './claim-text.ts'
import { localeOf } from './locale.ts'

/** So many members of a long set are named in a sentence. */
export const SHOWN_MEMBERS = 5

/**
 * The members of a set in words, in an order of ours: by name, number or date. A site that chose the order would choose
 * which ones a short sentence leaves out.
 */
export function membersOf({ values = [], type }: PredicateView, t: TFunction, language: string): string[] {
  const { compare } = new Intl.Collator(localeOf(language))
  const text = (value: ClaimValue) => claimText(value, type, t, language)
  const ordered = values.toSorted((a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a - b
    // As the protocol writes them, dates are in the order of their text; in words they are not.
    return type === 'date' ? compare(String(a), String(b)) : compare(text(a), text(b))
  })
  return ordered.map(text)
}

/** Whether a sentence names only some of them; it never leaves out a single one. */
export function isLongSet(members: readonly unknown[]): boolean {
  return members.length > SHOWN_MEMBERS + 1
}
