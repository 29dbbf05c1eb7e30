import { serverError } from './error-codes.ts'
import { MAX_YEARS, type QueryInput } from './query-source.ts'

/** Hash of the schema `Person` that Touchstone's own issuer publishes (server/issuer/schemas/person.json). */
export const PERSON_SCHEMA_HASH = '_7XilB7EO_UjaGFM7JXTYUOaAAiNhddb61hddeKvbfY'

/** Sign in: the person's name at this site, and the check of the authenticator. The answer's id is `login`. */
export function login(): QueryInput {
  return { type: 'login', id: 'login' }
}

/**
 * That somebody is `years` old or older, on the day the session opens, by a credential of the schema `Person` of one of
 * the `issuers`. The answer's id is `age` unless given; nothing of the birth date is told. For another schema with a
 * `birthDate`, give its hash. Throws `option_invalid`.
 *
 * ```ts
 * requests: { over18: ageOver(18, { issuers: ['https://issuer.example'] }) }
 * ```
 */
export function ageOver(
  years: number,
  options: { readonly issuers: readonly string[]; readonly id?: string; readonly schema?: string },
): QueryInput {
  if (!Number.isSafeInteger(years) || years < 1 || years > MAX_YEARS) {
    throw serverError('option_invalid', `ageOver: a whole number of years from 1 to ${MAX_YEARS} is wanted`)
  }
  if (!Array.isArray(options?.issuers)) {
    throw serverError('option_invalid', "ageOver: { issuers: ['https://issuer.example'] } is wanted beside the years")
  }
  const { issuers, id = 'age', schema = PERSON_SCHEMA_HASH } = options
  const predicates = [{ op: '$lte', claim: 'birthDate', value: { yearsAgo: years } }] as const
  return { type: 'credential', id, issuers, schema, predicates }
}
