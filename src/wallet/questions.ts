import { ageOfThreshold, type Day, parseDay } from '../protocol/day.ts'
import type { Origin } from '../protocol/origin.ts'
import type { Predicate } from '../protocol/predicate.ts'
import { type CredentialItem, kindOf, type QueryItem, statusAgeOf } from '../protocol/query.ts'
import type { Schema } from '../protocol/schema.ts'
import { revealedClaims } from './revealed-claims.ts'
import type { Learned, NotLearned, PredicateView, Question } from './wallet.ts'

/** Schemas by hash, as far as the wallet knows them. */
export type Schemas = ReadonlyMap<string, Schema>

/** By this name a date is a date of birth, and a bound on it may be an age. */
const BIRTH_DATE = 'birthDate'

/** What an item asks, ready to be put into words: an age where it is exactly that. */
export function questionOf(item: CredentialItem, schema: Schema | undefined, today: Day): Question {
  const items = item.predicates.map((predicate) => predicateView(predicate, schema, today))
  const [only, ...others] = items
  return only?.years !== undefined && others.length === 0
    ? { type: 'age', years: only.years }
    : { type: 'predicates', items }
}

/**
 * What the site knows once these items are answered. Nothing that a proof gives away is left out; of several issuers it
 * shows only that it was one of them.
 */
export function learnedFrom(
  items: readonly QueryItem[],
  { schemas, today, nickname }: { schemas: Schemas; today: Day; nickname: string | undefined },
): Learned[] {
  const learned: Learned[] = []
  for (const item of items) {
    if (item.type === 'login') continue
    const schema = schemas.get(item.schema)
    const question = questionOf(item, schema, today)
    if (question.type === 'age') learned.push({ type: 'age', years: question.years })
    else learned.push(...question.items.map((predicate): Learned => ({ type: 'predicate', predicate })))
    learned.push({ type: 'valid', ...(schema && { credentialKind: schema.name }) })
    learned.push({ type: 'not_revoked', within: statusAgeOf(item) })
    learned.push({ type: 'issuer', issuers: issuersOf(item) })
    if (item.issuedBefore !== undefined) learned.push({ type: 'issued_by', day: item.issuedBefore })
  }
  for (const item of items) {
    if (item.type === 'action' || item.type === 'vote') {
      learned.push({ type: 'act_name', act: item.type, action: item.action })
    }
  }
  if (items.some((item) => kindOf(item) === 'login')) {
    learned.push({ type: 'name', ...(nickname !== undefined && { nickname }) })
  }
  if (items.some((item) => item.type === 'login')) learned.push({ type: 'same_key' })
  return learned
}

/**
 * What it does not learn: every claim whose value the answers leave open, which of several issuers it was, the other
 * cards, the other names.
 */
export function notLearnedFrom(items: readonly QueryItem[], schemas: Schemas): NotLearned[] {
  const asked = items.filter((item) => item.type !== 'login')
  if (asked.length === 0) return [{ type: 'facts' }, { type: 'cards' }, { type: 'other_names' }]
  const claims = [...new Set(asked.map((item) => item.schema))].flatMap((hash) => {
    const schema = schemas.get(hash)
    if (!schema) return []
    const predicates = asked.filter((item) => item.schema === hash).flatMap((item) => item.predicates)
    const given = revealedClaims(schema, predicates)
    return schema.claims.filter(({ name }) => !given.has(name))
  })
  const stays = claims.map(({ name, title }): NotLearned => ({ type: 'claim', claim: name, title }))
  const hidden = new Map(asked.map((item) => [issuersOf(item).sort().join(), issuersOf(item)]))
  const which = [...hidden.values()].flatMap((issuers): NotLearned[] =>
    issuers.length > 1 ? [{ type: 'issuer', issuers }] : [],
  )
  return [...stays, ...which, { type: 'cards' }, { type: 'other_names' }]
}

/** The issuers that an item accepts, each once. */
export function issuersOf({ issuers }: CredentialItem): Origin[] {
  return [...new Set(issuers)]
}

function predicateView(predicate: Predicate, schema: Schema | undefined, today: Day): PredicateView {
  const claim = schema?.claims.find(({ name }) => name === predicate.claim)
  const view = { ...predicate, title: claim?.title ?? predicate.claim, ...(claim && { type: claim.type }) }
  const years = yearsOf(predicate, claim?.type, today)
  return years === undefined ? view : { ...view, years }
}

/** "Born on or before" somebody's birthday is "at least so old". */
function yearsOf(predicate: Predicate, type: string | undefined, today: Day): number | undefined {
  if (predicate.op !== '$lte' || predicate.claim !== BIRTH_DATE || (type !== undefined && type !== 'date'))
    return undefined
  if (typeof predicate.value !== 'string') return undefined
  try {
    return ageOfThreshold(today, parseDay(predicate.value))
  } catch {
    // Not a date: no age. The comparison with the schema refuses it in its own words.
    return undefined
  }
}
