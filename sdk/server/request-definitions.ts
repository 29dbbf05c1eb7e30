import { z } from 'zod'
import { type Day, dayOf } from '../../src/protocol/day.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { itemsOf, type Query, queryShape } from '../../src/protocol/query.ts'
import { MAX_REQUEST_SECONDS, purposeShape } from '../../src/protocol/request.ts'
import { checkQuery } from './check-query.ts'
import { serverError } from './error-codes.ts'
import type { RequestConfig } from './options.ts'
import { describeFault } from './query-fault.ts'
import { resolveYears } from './query-source.ts'

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

/** The shortest life of a session. */
export const MIN_SESSION_SECONDS = 30

const definitionShape = z.strictObject({
  query: z.unknown(),
  returnPath: z
    .string()
    .max(256)
    .regex(/^\/(?![/\\])[^#\\]*$/)
    .default('/'),
  purpose: purposeShape.optional(),
  ttl: z.int().min(MIN_SESSION_SECONDS).max(MAX_REQUEST_SECONDS).optional(),
})

/** Whom a query may name. */
export type IssuerRules = {
  /** All if undefined. */
  readonly issuers: readonly Origin[] | undefined
  /** Refuses http, which only issuers on this machine can have. */
  readonly httpsOnly?: boolean
}

/**
 * Checks every request, its query for today included. Throws `option_invalid`, and `query_invalid` for a query that must not be asked; the message begins with `requests.<name>`.
 */
export function parseRequests(
  requests: object,
  { today, ...rules }: IssuerRules & { readonly today: Date },
): ReadonlyMap<string, RequestConfig> {
  const entries = Object.entries(requests)
  if (entries.length === 0) throw serverError('option_invalid', 'requests: at least one is needed')
  return new Map(
    entries.map(([name, definition]) => {
      if (!NAME.test(name)) {
        const wanted = 'at most 64 letters, digits, _ and -, a letter first'
        throw serverError('option_invalid', `requests.${name.slice(0, 64)}: the name must have ${wanted}`)
      }
      const request = parseDefinition(`requests.${name}`, definition, rules)
      request.query(dayOf(today))
      return [name, request] as const
    }),
  )
}

/** The issuers that the requests name on a day. */
export function issuersNamedBy(requests: ReadonlyMap<string, RequestConfig>, today: Day): readonly Origin[] {
  const items = [...requests.values()].flatMap(({ query }) => itemsOf(query(today)))
  return [...new Set(items.flatMap((item) => (item.type === 'login' ? [] : item.issuers)))]
}

/**
 * The check of a query that is made when a session opens. Throws `option_invalid` and `query_invalid`; the message begins
 * with `option`.
 */
export function parseQuery(
  option: string,
  value: unknown,
  { issuers, httpsOnly = false, today }: IssuerRules & { readonly today: Day },
): Query {
  const query = parseOption(option, queryShape, resolveYears(option, value, today))
  for (const item of itemsOf(query)) {
    if (item.type === 'login') continue
    const foreign = item.issuers.find((origin) => issuers?.includes(origin) === false)
    if (foreign) throw serverError('option_invalid', `${option}: ${foreign} is not among the issuers`)
    const plain = item.issuers.find((origin) => httpsOnly && origin.startsWith('http:'))
    if (plain) throw serverError('option_invalid', `${option}: ${plain}: an issuer must be https in production`)
  }
  checkQuery(option, query)
  return query
}

/** A request as it was written down. Throws as {@link parseQuery}; its query is checked when it is asked for. */
export function parseDefinition(option: string, definition: unknown, rules: IssuerRules): RequestConfig {
  const isWrapped = typeof definition === 'object' && definition !== null && 'query' in definition
  const { query, ...rest } = parseOption(option, definitionShape, isWrapped ? definition : { query: definition })
  let last: { readonly today: Day; readonly query: Query } | undefined
  return {
    ...rest,
    query: (today) => {
      if (last?.today !== today) {
        const written = typeof query === 'function' ? query(today) : query
        last = { today, query: parseQuery(option, written, { ...rules, today }) }
      }
      return last.query
    },
  }
}

function parseOption<T extends z.ZodType>(option: string, shape: T, value: unknown): z.infer<T> {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  throw serverError('option_invalid', `${option}${describeFault(result.error, value)}`)
}
