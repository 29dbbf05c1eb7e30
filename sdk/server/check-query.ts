import { alternativesOf, type Query } from '../../src/protocol/query.ts'
import { isHolderTied } from '../../src/verifier/holder-tie.ts'
import { serverError } from './error-codes.ts'

/**
 * Refuses queries that are of the right form and yet must not be asked: each way to answer must be by one person. Throws
 * `query_invalid`; the message begins with `name` and says why.
 */
export function checkQuery(name: string, query: Query): void {
  if (!alternativesOf(query).every(isHolderTied)) {
    throw serverError(
      'query_invalid',
      `${name}: a login and a once-only act may be of two persons; ask for a credential as well, which ties them`,
    )
  }
}
