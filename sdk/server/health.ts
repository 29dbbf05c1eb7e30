import { type Day, dayOf } from '../../src/protocol/day.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import { itemsOf } from '../../src/protocol/query.ts'
import type { Deployment } from './deployment.ts'
import type { RequestConfig } from './options.ts'

/** `late`: no answer within the two seconds that one who asks for health can wait. */
export type PartHealth = 'ok' | 'failed' | 'late'

/** How the parts of a verifier are at this moment. */
export type Health = {
  /** Whether the database answers. */
  readonly store: PartHealth
  /** The issuers that the requests name, and whether what they publish is at hand. */
  readonly issuers: readonly { readonly issuer: Origin; readonly state: PartHealth }[]
  /** The hash of the key set that sessions ask for. */
  readonly keySet: string
  /** Whether another presentation would be taken now, and how many are under way. */
  readonly verification: { readonly free: boolean; readonly waiting: number }
}

const PATIENCE_MS = 2_000

/**
 * Asks the database and the directory of issuers, which asks issuers no more often than sessions do. Waits two seconds
 * for each at most, all at once. Never throws.
 */
export async function readHealth({ config, store, keySets, issuers, queue }: Deployment): Promise<Health> {
  const today = dayOf(config.clock())
  const items = [...config.requests.values()].flatMap(({ query }) => itemsOn(today, query, config.onError))
  const named = [...new Set(items.flatMap((item) => (item.type === 'login' ? [] : item.issuers)))]
  const [storeHealth, ...issuerHealths] = await Promise.all([
    inTime(store.ping().then(() => true)),
    ...named.map(async (issuer) => ({
      issuer,
      state: await inTime(issuers.load([issuer]).then((known) => known.has(issuer))),
    })),
  ])
  return {
    store: storeHealth,
    issuers: issuerHealths,
    keySet: keySets.first.hash,
    verification: queue.load(),
  }
}

/** @internal */
export async function inTime(isWell: Promise<boolean>, patienceMs = PATIENCE_MS): Promise<PartHealth> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), patienceMs)
  })
  const state = isWell.then(
    (well) => (well ? 'ok' : 'failed'),
    () => 'failed' as const,
  )
  return Promise.race([state, late]).finally(() => clearTimeout(timer))
}

/** Nothing of a request that cannot say today what it asks: a function of the site's own, which may fail. */
function itemsOn(today: Day, query: RequestConfig['query'], onError: (error: unknown) => void) {
  try {
    return itemsOf(query(today))
  } catch (error) {
    onError(error)
    return []
  }
}
