import type { StoreOption } from '../../../sdk/server/store/store.ts'
import type { TestWallet } from '../../../sdk/testing.ts'
import { makeDeployment } from './deployment.ts'
import type { SiteProcess } from './start-process.ts'

/** A site that one process serves, which goes with it. */
export type LoneSite = SiteProcess & {
  readonly origin: string
  /** Where the process keeps what it keeps. */
  readonly folder: string
  stop(): Promise<void>
}

/** Starts a site that believes the wallet. `store`: a SQLite file in its own folder unless given. */
export async function startLoneSite(
  wallet: TestWallet,
  { name = 'wine', store }: { name?: string; store?: Extract<StoreOption, { url: string }> } = {},
): Promise<LoneSite> {
  const deployment = await makeDeployment({ wallet, origin: `http://${name}.localhost:4490`, ...(store && { store }) })
  const { origin, folder } = deployment
  const site = await deployment.start()
  return {
    ...site,
    origin,
    folder,
    async stop() {
      await site.kill()
      deployment.remove()
    },
  }
}
