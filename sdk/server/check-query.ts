import { actionOf, alternativesOf, type Query, type QueryItem } from '../../src/protocol/query.ts'
import { isHolderTied } from '../../src/verifier/holder-tie.ts'
import { serverError } from './error-codes.ts'

/**
 * Refuses queries that are of the right form and yet must not be asked: each way to answer must be by one person, and have
 * each once-only act once. Throws `query_invalid`; the message begins with `name` and says why.
 */
export function checkQuery(name: string, query: Query): void {
  for (const way of alternativesOf(query)) {
    if (!isHolderTied(way)) {
      throw serverError(
        'query_invalid',
        `${name}: a login and a once-only act may be of two persons; ask for a credential as well, which ties them`,
      )
    }
    const repeated = findRepeatedAct(way)
    if (repeated) {
      const [first, second] = repeated
      const act = `the ${first.type} ${JSON.stringify(actionOf(first))}`
      throw serverError('query_invalid', `${name}: ${first.id} and ${second.id} are both ${act}, which counts once`)
    }
  }
}

/** Two items that use up one name: the second would be refused by `nullifier_used`, whoever answers. */
function findRepeatedAct(way: readonly QueryItem[]): readonly [QueryItem, QueryItem] | undefined {
  const acts = new Map<string, QueryItem>()
  for (const item of way) {
    if (item.type !== 'action' && item.type !== 'vote') continue
    const act = JSON.stringify([item.type, item.action])
    const first = acts.get(act)
    if (first) return [first, item]
    acts.set(act, item)
  }
  return undefined
}
