import type { TFunction } from 'i18next'
import type { ClaimValue } from '../../protocol/claim.ts'
import type { ClaimType } from '../../protocol/schema.ts'
import type { PredicateView, Question } from '../../wallet/wallet.ts'
import { claimText } from './claim-text.ts'
import { foreignText } from './foreign-text.ts'

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

/** Text that the site chose goes in quotation marks; dates, numbers and countries are in our own words. */
function valueText(value: ClaimValue, type: ClaimType | undefined, t: TFunction, language: string): string {
  const text = claimText(value, type, t, language)
  return type === 'string' || type === undefined ? t('question.quoted', { text: foreignText(text) }) : text
}
