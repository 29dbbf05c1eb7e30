import { dayOf } from '../../src/protocol/day.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { itemsOf } from '../../src/protocol/query.ts'
import type { Deployment } from './deployment.ts'

/** How the parts of a verifier are at this moment. */
export type Health = {
  /** Whether the database answers. */
  readonly store: boolean
  /** The issuers that the requests name, and whether what they publish is at hand. */
  readonly issuers: readonly { readonly issuer: Origin; readonly reachable: boolean }[]
  /** The hash of the key set that sessions ask for. */
  readonly keySet: string
  /** Whether another presentation would be taken now, and how many are under way. */
  readonly verification: { readonly free: boolean; readonly waiting: number }
}

/** Asks the database and the directory of issuers, which asks issuers no more often than sessions do. Never throws. */
export async function readHealth({ config, store, keySets, issuers, queue }: Deployment): Promise<Health> {
  const today = dayOf(config.clock())
  const items = [...config.requests.values()].flatMap(({ query }) => itemsOf(query(today)))
  const named = [...new Set(items.flatMap((item) => (item.type === 'login' ? [] : item.issuers)))]
  const [isStoreUp, known] = await Promise.all([
    store.ping().then(
      () => true,
      () => false,
    ),
    issuers.load(named),
  ])
  return {
    store: isStoreUp,
    issuers: named.map((issuer) => ({ issuer, reachable: known.has(issuer) })),
    keySet: keySets.first.hash,
    verification: queue.load(),
  }
}
