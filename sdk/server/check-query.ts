import { itemsOf, type Query } from '../../src/protocol/query.ts'
import { isHolderTied } from '../../src/verifier/holder-tie.ts'
import { serverError } from './error-codes.ts'

/**
 * Refuses queries that are of the right form and yet must not be asked. Throws `query_invalid`; the message begins with
 * `name` and says why.
 */
export function checkQuery(name: string, query: Query): void {
  if (hasAny(query)) {
    throw serverError(
      'query_invalid',
      `${name}: any: the wallets of this version refuse it, for what a person skips would be told without their consent`,
    )
  }
  if (!isHolderTied(itemsOf(query))) {
    throw serverError(
      'query_invalid',
      `${name}: a login and a once-only act may be of two persons; ask for a credential as well, which ties them`,
    )
  }
}

function hasAny(query: Query): boolean {
  return 'any' in query || ('all' in query && query.all.some(hasAny))
}
