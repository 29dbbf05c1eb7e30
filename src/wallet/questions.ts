import { ageOfThreshold, type Day, parseDay } from '../protocol/day.ts'
import type { Origin } from '../protocol/origin.ts'
import type { Predicate } from '../protocol/predicate.ts'
import { type CredentialItem, kindOf, type QueryItem, statusAgeOf } from '../protocol/query.ts'
import type { Schema } from '../protocol/schema.ts'
import { BIRTH_DATE, revealedClaims } from './revealed-claims.ts'
import type { Candidate, Learned, NotLearned, PredicateView, Question } from './wallet.ts'

/** What the wallet knows about the items of a request. */
export type Facts = {
  /** By item id: the schema of each item that the wallet has met and that can answer what the item asks. */
  readonly schemas: ReadonlyMap<string, Schema>
  /** By item id. */
  readonly candidates: ReadonlyMap<string, readonly Candidate[]>
  /** By item id, the id of the credential that the person chose; without it, the first that may be able. */
  readonly choices: Readonly<Record<string, string>>
  readonly today: Day
  /** The name by which the site knows the person already. */
  readonly nickname: string | undefined
}

/** What an item asks, ready to be put into words: an age where it is exactly that. */
export function questionOf(item: CredentialItem, schema: Schema | undefined, today: Day): Question {
  const items = item.predicates.map((predicate) => predicateView(predicate, schema, today))
  const [only, ...others] = items
  return only?.years !== undefined && others.length === 0
    ? { type: 'age', years: only.years }
    : { type: 'predicates', items }
}

/**
 * What the site knows once these items are answered. Nothing that the proofs give away is left out; of several issuers
 * they show only that it was one of them.
 */
export function learnedFrom(items: readonly QueryItem[], facts: Facts): Learned[] {
  const { schemas, today, nickname } = facts
  const learned: Learned[] = []
  for (const item of items) {
    if (item.type === 'login') continue
    const schema = schemas.get(item.id)
    const question = questionOf(item, schema, today)
    if (question.type === 'age') learned.push({ type: 'age', years: question.years })
    else learned.push(...question.items.map((predicate): Learned => ({ type: 'predicate', predicate })))
    learned.push({ type: 'valid', ...(schema && { credentialKind: schema.name }) })
    learned.push({ type: 'not_revoked', within: statusAgeOf(item) })
    learned.push({ type: 'issuer', issuers: issuersShown(item, items, facts) })
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
export function notLearnedFrom(items: readonly QueryItem[], facts: Facts): NotLearned[] {
  const asked = items.filter((item) => item.type !== 'login')
  if (asked.length === 0) return [{ type: 'facts' }, { type: 'cards' }, { type: 'other_names' }]
  const readable = asked.filter(({ id }) => facts.schemas.has(id))
  const claims = [...new Map(readable.map((item) => [item.schema, facts.schemas.get(item.id)]))].flatMap(
    ([hash, schema]) => {
      if (!schema) return []
      const predicates = readable.filter((item) => item.schema === hash).flatMap((item) => item.predicates)
      const given = revealedClaims(schema, predicates, facts.today)
      return schema.claims.filter(({ name }) => !given.has(name))
    },
  )
  const stays = claims.map(({ name, title }): NotLearned => ({ type: 'claim', claim: name, title }))
  const hidden = new Map(
    asked.map((item) => {
      const issuers = issuersShown(item, items, facts)
      return [[...issuers].sort().join(), issuers]
    }),
  )
  const which = [...hidden.values()].flatMap((issuers): NotLearned[] =>
    issuers.length > 1 ? [{ type: 'issuer', issuers }] : [],
  )
  return [...stays, ...which, { type: 'cards' }, { type: 'other_names' }]
}

/** The issuers that an item accepts, each once. */
export function issuersOf({ issuers }: CredentialItem): Origin[] {
  return [...new Set(issuers)]
}

/**
 * The issuers of which the site learns that it was one of them. The proofs show whether one card answers several items,
 * and then every one of these accepts its issuer. In one order for all items of a card, so that they read alike.
 */
function issuersShown(item: CredentialItem, items: readonly QueryItem[], facts: Facts): Origin[] {
  const card = cardFor(item, facts)
  const asked = items.filter((other) => other.type !== 'login')
  const [first = item, ...others] = asked.filter((other) => card !== undefined && cardFor(other, facts) === card)
  return others.reduce((left, other) => left.filter((issuer) => other.issuers.includes(issuer)), issuersOf(first))
}

/** The id of the credential that answers an item; undefined where none may. */
function cardFor({ id }: QueryItem, { candidates, choices }: Facts): string | undefined {
  const held = candidates.get(id) ?? []
  const chosen = held.find(({ credentialId }) => credentialId === choices[id])
  return (chosen ?? held.find(({ satisfiable }) => satisfiable !== false))?.credentialId
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
