import { z } from 'zod'
import { toDay } from './day.ts'
import { base64urlOf, dayShape, originShape, shownText } from './parse.ts'
import { type Predicate, predicateShape, proofParts } from './predicate.ts'
import type { Kind } from './scope.ts'

/** Predicates of one item. */
export const MAX_PREDICATES = 16

/** Issuers that one item names. */
export const MAX_ITEM_ISSUERS = 16

/** Proofs of one presentation. */
export const MAX_PROOFS = 16

const MIN_STATUS_AGE = 60
/** The most that `notRevokedWithin` can be: what is older is accepted nowhere. Seconds. */
export const MAX_STATUS_AGE = 31 * 86_400
const DEFAULT_STATUS_AGE = 86_400

const itemId = z.string().regex(/^[a-z][A-Za-z0-9_-]{0,31}$/)

const credentialQuery = {
  id: itemId,
  /** Issuers any of whom will do. */
  issuers: z.array(originShape).min(1).max(MAX_ITEM_ISSUERS),
  /** Hash of the schema. */
  schema: base64urlOf(32),
  /** What one credential must satisfy, all of it; more than a proof holds becomes several proofs ({@link partsOf}). */
  predicates: z.array(predicateShape).max(MAX_PREDICATES),
  /** The last day on which the credential may have been issued; the request's `today` if absent. */
  issuedBefore: dayShape.transform(toDay).optional(),
  /** How old the issuer's status list may be, in seconds; a day if absent. */
  notRevokedWithin: z.int().min(MIN_STATUS_AGE).max(MAX_STATUS_AGE).optional(),
}

/** A once-only act, such as `spring-raffle`. */
const actName = shownText(64)

const itemShape = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('login'), id: itemId }),
  z.strictObject({ type: z.literal('credential'), ...credentialQuery }),
  z.strictObject({ type: z.literal('action'), ...credentialQuery, action: actName }),
  z.strictObject({ type: z.literal('vote'), ...credentialQuery, action: actName }),
])

/**
 * One thing asked for: `login` (the holder's pseudonym and device tag), `credential` (a credential that satisfies the
 * predicates), `action` and `vote` (the same, once per person and action).
 */
export type QueryItem = z.infer<typeof itemShape>

/** An item that a credential answers: all but `login`. */
export type CredentialItem = Exclude<QueryItem, { type: 'login' }>

/** What is asked: an item, or all or any of several. */
export type Query = QueryItem | { readonly all: readonly Query[] } | { readonly any: readonly Query[] }

/** Items of one query. */
export const MAX_ITEMS = 8
const MAX_ALTERNATIVES = 16
const EXPANSION_LIMIT = 64
const MAX_DEPTH = 3

/** The JSON form of a {@link Query}, with its limits in number and depth. */
export const queryShape: z.ZodType<Query, unknown> = nested(MAX_DEPTH)
  .refine((query) => {
    const items = itemsOf(query)
    const proofs = items.reduce((sum, item) => sum + partsOf(item).length, 0)
    return items.length <= MAX_ITEMS && proofs <= MAX_PROOFS && new Set(items.map(({ id }) => id)).size === items.length
  }, `at most ${MAX_ITEMS} items and ${MAX_PROOFS} proofs, each item with an id of its own`)
  .refine((query) => alternativesOf(query).length <= MAX_ALTERNATIVES, `at most ${MAX_ALTERNATIVES} ways to answer`)

/** Every item of a query, in reading order. */
export function itemsOf(query: Query): QueryItem[] {
  if ('all' in query) return query.all.flatMap(itemsOf)
  if ('any' in query) return query.any.flatMap(itemsOf)
  return [query]
}

/** The predicates of each proof that answers an item. */
export function partsOf(item: QueryItem): Predicate[][] {
  return item.type === 'login' ? [[]] : proofParts(item.predicates)
}

/** How old the status list of an item's issuers may be, in seconds. */
export function statusAgeOf(item: CredentialItem): number {
  return item.notRevokedWithin ?? DEFAULT_STATUS_AGE
}

/** Whether answering the named items answers the query. */
export function isAnswered(query: Query, answered: ReadonlySet<string>): boolean {
  if ('all' in query) return query.all.every((part) => isAnswered(part, answered))
  if ('any' in query) return query.any.some((part) => isAnswered(part, answered))
  return answered.has(query.id)
}

/**
 * The ways to answer a query: each a choice of items that is enough, in reading order, and none with an item too many. A
 * query without `any` has one. The person picks a way; what is not in it is not answered.
 */
export function alternativesOf(query: Query): QueryItem[][] {
  return expand(query).map((ids) => itemsOf(query).filter(({ id }) => ids.includes(id)))
}

function expand(query: Query): string[][] {
  if ('any' in query) return query.any.flatMap(expand)
  if (!('all' in query)) return [[query.id]]
  return query.all.reduce<string[][]>(
    (ways, part) => {
      const more = expand(part)
      // Enough to know that there are too many.
      return ways.flatMap((way) => more.map((ids) => [...way, ...ids])).slice(0, EXPANSION_LIMIT)
    },
    [[]],
  )
}

/** Which kind of nullifier an item's proof makes. A plain credential query makes the site's login pseudonym. */
export function kindOf(item: QueryItem): Kind {
  return item.type === 'credential' ? 'login' : item.type
}

/** The `action` of an item's scope: empty for login. */
export function actionOf(item: QueryItem): string {
  return item.type === 'action' || item.type === 'vote' ? item.action : ''
}

function nested(depth: number): z.ZodType<Query, unknown> {
  if (depth === 0) return itemShape
  const parts = z
    .array(nested(depth - 1))
    .min(1)
    .max(MAX_ITEMS)
  return z.union([itemShape, z.strictObject({ all: parts }), z.strictObject({ any: parts })])
}
