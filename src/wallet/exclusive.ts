import { WalletError } from './wallet-error.ts'

/** Runs work unless other work is under way, and rejects with `wallet_busy` then. Never waits. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>

const LOCK_NAME = 'touchstone-ceremony'

/**
 * One ceremony at a time over all tabs and windows of the origin, by Web Locks; a tab that is closed gives its lock
 * back. Without Web Locks (an insecure context) only this page is covered.
 */
export function webLocksExclusive(locks: LockManager | undefined = globalThis.navigator?.locks): Exclusive {
  const alone = pageExclusive()
  if (!locks) return alone
  return (work) =>
    alone(async () =>
      locks.request(LOCK_NAME, { ifAvailable: true }, (lock) => {
        if (!lock) throw busy()
        return work()
      }),
    )
}

/** One ceremony at a time in this page. */
export function pageExclusive(): Exclusive {
  let running = false
  return async (work) => {
    if (running) throw busy()
    running = true
    try {
      return await work()
    } finally {
      running = false
    }
  }
}

function busy(): WalletError {
  return new WalletError('wallet_busy', 'another window of the wallet is at work')
}
