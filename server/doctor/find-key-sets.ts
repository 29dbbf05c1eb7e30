import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isFolder } from '../../sdk/server/key-set-folder.ts'
import { loadKeySets } from '../../sdk/server/key-sets.ts'
import { isKeySetHash, type KeySetOrigin, keySetHash } from '../../src/protocol/key-set.ts'
import type { Values } from '../service/environment.ts'
import { type Ask, fetchBy } from './ask.ts'

/** A key set that could be loaded: the first is the one that sessions ask for. */
export type FoundKeySet = { readonly hash: string; readonly origin: KeySetOrigin }

/**
 * Loads as the service would, and leaves nothing behind: what would be fetched and kept at the first start goes to a
 * folder that goes again. Throws what `loadKeySets` throws.
 */
export async function findKeySets(values: Partial<Values>, ask: Ask): Promise<readonly FoundKeySet[]> {
  const { TOUCHSTONE_KEY_SETS: keySets, TOUCHSTONE_WALLET_ORIGIN: walletOrigin } = values
  if (!walletOrigin) return []
  const data = values.TOUCHSTONE_DATA ?? 'touchstone'
  const named = keySets?.filter(isKeySetHash) ?? []
  const kept = await Promise.all(named.map((hash) => isFolder(join(data, 'key-sets', hash))))
  const isKept = keySets !== undefined && kept.every(Boolean)
  const scratch = isKept ? undefined : await mkdtemp(join(tmpdir(), 'touchstone-doctor-'))
  try {
    const { sources } = await loadKeySets({
      keySets,
      walletOrigin,
      data: scratch ?? data,
      fetch: fetchBy(ask),
      onError: () => {},
      // Their origins are judged by the checks.
      allowDevelopmentKeys: true,
    })
    return sources.map(({ manifest }) => ({ hash: keySetHash(manifest), origin: manifest.origin }))
  } finally {
    if (scratch) await rm(scratch, { recursive: true })
  }
}
