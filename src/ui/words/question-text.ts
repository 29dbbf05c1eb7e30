import type { TFunction } from 'i18next'
import type { ClaimValue } from '../../protocol/claim.ts'
import type { ClaimType } from '../../protocol/schema.ts'
import type { PredicateView, Question } from '../../wallet/wallet.ts'
import { claimText } from './claim-text.ts'
import { foreignText } from './foreign-text.ts'
import { localeOf } from './locale.ts'
import { isLongSet, membersOf, SHOWN_MEMBERS } from './set-members.ts'

/** A question as its one sentence, or as several when it asks several things. Never empty. */
export function questionTexts(question: Question, kind: string | undefined, t: TFunction, language: string): string[] {
  if (question.type === 'age') return [t('question.age', { years: question.years })]
  if (question.items.length === 0)
    return [kind === undefined ? t('question.any') : t('question.anyKind', { kind: foreignText(kind) })]
  return question.items.map((item) => predicateText('question', item, t, language))
}

/** One predicate as a question, or as the statement that a site learns. */
export function predicateText(
  mood: 'question' | 'learned',
  predicate: PredicateView,
  t: TFunction,
  language: string,
): string {
  const { op, type, years } = predicate
  const only = onlyMemberOf(predicate)
  if (only !== undefined) {
    return predicateText(mood, { ...predicate, op: op === '$in' ? '$eq' : '$ne', value: only }, t, language)
  }
  const title = foreignText(predicate.title)
  const text = (value: ClaimValue | undefined) => (value === undefined ? '' : valueText(value, type, t, language))
  const values = { title, value: text(predicate.value), from: text(predicate.from), to: text(predicate.to) }
  if (years !== undefined && op === '$lte') return t(`${mood}.age`, { years })
  switch (op) {
    case '$sd':
      return t(`${mood}.sd`, values)
    case '$eq':
      return t(`${mood}.eq`, values)
    case '$ne':
      return t(`${mood}.ne`, values)
    case '$in': {
      const { list, long } = setTexts(predicate, t, language)
      if (long !== undefined && mood === 'learned') return t('learned.in_long', { title, members: long })
      return t(`${mood}.in`, { title, list })
    }
    case '$nin': {
      const { list, long } = setTexts(predicate, t, language)
      if (long !== undefined && mood === 'learned') return t('learned.nin_long', { title, members: long })
      return t(`${mood}.nin`, { title, list })
    }
    case '$between':
      return t(`${mood}.between`, values)
    case '$nonbetween':
      return t(`${mood}.nonbetween`, values)
    case '$exists':
      return t(predicate.value === false ? `${mood}.absent` : `${mood}.exists`, values)
    case '$lt':
      return type === 'date' ? t(`${mood}.lt_date`, values) : t(`${mood}.lt`, values)
    case '$lte':
      return type === 'date' ? t(`${mood}.lte_date`, values) : t(`${mood}.lte`, values)
    case '$gt':
      return type === 'date' ? t(`${mood}.gt_date`, values) : t(`${mood}.gt`, values)
    case '$gte':
      return type === 'date' ? t(`${mood}.gte_date`, values) : t(`${mood}.gte`, values)
  }
}

/**
 * A set as its sentence names it. A short one is named whole. Of a long one `list` is the first, and how many more;
 * `long` how many there are, for the statement says no more, and all stand below the question
 * (`components/set-members.tsx`).
 */
function setTexts(predicate: PredicateView, t: TFunction, language: string): { list: string; long?: string } {
  const members = membersOf(predicate, t, language)
  const named = isLongSet(members) ? members.slice(0, SHOWN_MEMBERS) : members
  const texts = named.map((text) =>
    isForeign(predicate.type) ? t('question.quoted', { text: foreignText(text) }) : text,
  )
  const list = new Intl.ListFormat(localeOf(language), { type: 'unit' }).format(texts)
  if (named.length === members.length) return { list }
  const more = t('question.andMore', { list, count: members.length - named.length })
  return { list: more, long: memberCount(predicate, members.length, t) }
}

/** `27 countries`. */
export function memberCount({ type }: PredicateView, count: number, t: TFunction): string {
  if (type === 'country') return t('set.countries', { count })
  return type === 'date' ? t('set.dates', { count }) : t('set.values', { count })
}

/** The member of a set of one, which is asked about as any single value. */
function onlyMemberOf({ op, values = [] }: PredicateView): ClaimValue | undefined {
  return (op === '$in' || op === '$nin') && values.length === 1 ? values[0] : undefined
}

/** Text that the site chose goes in quotation marks; dates, numbers and countries are in our own words. */
function valueText(value: ClaimValue, type: ClaimType | undefined, t: TFunction, language: string): string {
  const text = claimText(value, type, t, language)
  return isForeign(type) ? t('question.quoted', { text: foreignText(text) }) : text
}

/** Whether a value is in the site's own words; all others are in ours. */
export function isForeign(type: ClaimType | undefined): boolean {
  return type === 'string' || type === undefined
}
