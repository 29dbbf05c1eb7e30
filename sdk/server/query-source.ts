import { z } from 'zod'
import { type Day, formatDay, latestBirthDay } from '../../src/protocol/day.ts'
import type { Query } from '../../src/protocol/query.ts'
import { serverError } from './error-codes.ts'
import { isObject } from './is-object.ts'

/**
 * In the place of a date in a predicate: so many years before the day on which the session opens, by the calendar. Who
 * was born on that date, or before, is so many years old.
 */
export type YearsAgo = { readonly yearsAgo: number }

/** A query as one writes it down: plain texts and numbers, which are checked at the start. */
export type QueryInput = AsWritten<Query>

type AsWritten<T> = T extends string & { readonly __brand: string }
  ? string
  : T extends number & { readonly __brand: string }
    ? number
    : T extends readonly (infer Item)[]
      ? readonly AsWritten<Item>[]
      : T extends object
        ? { readonly [Key in keyof T]: Key extends DatedKey ? AsWritten<T[Key]> | YearsAgo : AsWritten<T[Key]> }
        : T

/** Members of a predicate that can hold a date. */
type DatedKey = (typeof DATED_KEYS)[number]
const DATED_KEYS = ['value', 'from', 'to'] as const

/** What a request asks: a query, or one made for the day it is asked on (a day begins at midnight UTC). */
export type QuerySource = QueryInput | ((today: Day) => QueryInput)

export const MAX_YEARS = 120
const yearsAgoShape = z.strictObject({ yearsAgo: z.int().min(0).max(MAX_YEARS) })

/**
 * The query with each `{ yearsAgo }` replaced by its date. What is of no form that has one is left as it is, for the
 * query's own check. Throws `option_invalid`; the message begins with `option`.
 */
export function resolveYears(option: string, query: unknown, today: Day): unknown {
  if (!isObject(query)) return query
  for (const key of ['all', 'any']) {
    const parts = query[key]
    if (Array.isArray(parts)) return { ...query, [key]: parts.map((part) => resolveYears(option, part, today)) }
  }
  const { predicates } = query
  if (!Array.isArray(predicates)) return query
  return { ...query, predicates: predicates.map((predicate) => resolvePredicate(option, predicate, today)) }
}

function resolvePredicate(option: string, predicate: unknown, today: Day): unknown {
  if (!isObject(predicate)) return predicate
  const dated = { ...predicate }
  for (const key of DATED_KEYS) {
    const value = predicate[key]
    if (!isObject(value)) continue
    const parsed = yearsAgoShape.safeParse(value)
    if (!parsed.success) {
      const wanted = `a value, or { yearsAgo } with whole years from 0 to ${MAX_YEARS}`
      throw serverError('option_invalid', `${option}: ${key} of a predicate must be ${wanted}`)
    }
    dated[key] = formatDay(latestBirthDay(today, parsed.data.yearsAgo))
  }
  return dated
}
