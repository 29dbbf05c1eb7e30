import type { UnixSeconds } from '../protocol/day.ts'
import { type Origin, parseOrigin } from '../protocol/origin.ts'
import type { WalletStore } from '../vault/index.ts'
import { secondsOf } from './environment.ts'
import type { WalletSession } from './session.ts'
import type { Site } from './wallet.ts'

/** Keeps the name a site knows the person by, in clear, so that the next request can show it before the touch. */
export async function rememberSite(session: WalletSession, origin: Origin, nickname: string): Promise<void> {
  const store = await session.store()
  const lastUsedAt = secondsOf(session.environment)
  const firstUsedAt = (await store.get('sites', origin))?.firstUsedAt ?? lastUsedAt
  const value = { origin, nickname, firstUsedAt, lastUsedAt }
  await store.write([{ action: 'put', table: 'sites', key: origin, value }])
}

/** Last used first. */
export async function listSites(store: WalletStore): Promise<Site[]> {
  const sites = await store.list('sites')
  return sites
    .map(({ origin, nickname, firstUsedAt, lastUsedAt }) => ({
      origin: parseOrigin(origin),
      nickname,
      firstUsedAt: firstUsedAt as UnixSeconds,
      lastUsedAt: lastUsedAt as UnixSeconds,
    }))
    .sort((a, b) => b.lastUsedAt - a.lastUsedAt)
}
