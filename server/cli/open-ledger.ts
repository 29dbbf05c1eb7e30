import { existsSync } from 'node:fs'
import { loadSigningKey } from '../../sdk/server/signing-key.ts'
import { openStore } from '../../sdk/server/store/open-store.ts'
import type { Store, StoreKeeping } from '../../sdk/server/store/store.ts'
import type { LedgerPlace } from '../service/configuration.ts'
import { CommandError } from './command-error.ts'

/**
 * Runs work on the ledger of the configuration, beside the service that may run. Throws `ledger_missing` where there is
 * none: neither a database nor a key is made here, for it would be another one.
 */
export async function withLedger<T>(
  { store, signingKey }: LedgerPlace,
  work: (store: Store) => Promise<T>,
  surroundings: Pick<StoreKeeping, 'acceptOtherKey'> = {},
): Promise<T> {
  for (const part of [store, signingKey]) {
    if ('path' in part && !existsSync(part.path)) {
      throw new CommandError('ledger_missing', `there is no ${part.path}: is TOUCHSTONE_DATA the service’s own?`)
    }
  }
  const { auditKey } = await loadSigningKey(signingKey, { clock: () => new Date() })
  // What happens besides is told by the call that it happens to.
  const opened = await openStore(store, { auditKey, onError: () => undefined, ...surroundings })
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}
