import { useCallback, useEffect, useState } from 'react'
import type { Wallet } from '../wallet/wallet.ts'
import { useWallet } from './shell.ts'

/** What the wallet was asked for. */
export type Reading<T> =
  | { readonly status: 'reading' }
  | { readonly status: 'read'; readonly value: T }
  | { readonly status: 'failed'; readonly error: unknown }

/**
 * Reads from the wallet now, and again after each change of it. `read` must be stable (a module's function or one from
 * `useCallback`). `again` reads once more, after a failure.
 */
export function useReading<T>(read: (wallet: Wallet) => Promise<T>): Reading<T> & { again: () => void } {
  const wallet = useWallet()
  const [reading, setReading] = useState<Reading<T>>({ status: 'reading' })
  const [turn, setTurn] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks for a new reading
  useEffect(() => {
    let current = 0
    let left = false
    const readOnce = () => {
      const mine = ++current
      const settle = (next: Reading<T>) => {
        if (!left && mine === current) setReading(next)
      }
      read(wallet).then(
        (value) => settle({ status: 'read', value }),
        (error) => settle({ status: 'failed', error }),
      )
    }
    readOnce()
    const unsubscribe = wallet.subscribe(readOnce)
    return () => {
      left = true
      unsubscribe()
    }
  }, [wallet, read, turn])

  return { ...reading, again: useCallback(() => setTurn((last) => last + 1), []) }
}
