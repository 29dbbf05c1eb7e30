import { useCallback, useEffect, useState } from 'react'
import type { Wallet } from '../wallet/wallet.ts'
import { useWallet } from './shell.ts'

/** What the wallet was asked for. */
export type Reading<T> =
  | { readonly status: 'reading' }
  | { readonly status: 'read'; readonly value: T }
  | { readonly status: 'failed'; readonly error: unknown }

const READING = { status: 'reading' } as const

/**
 * Reads from the wallet now, and again after each change of it; with `once`, not after changes: what an issuer or a
 * site sent is asked for once. `read` must be stable (a module's function or one from `useCallback`); its signal aborts
 * when nobody waits any more. `again` reads once more, after a failure.
 */
export function useReading<T>(
  read: (wallet: Wallet, signal: AbortSignal) => Promise<T>,
  { once = false }: { once?: boolean } = {},
): Reading<T> & { again: () => void } {
  const wallet = useWallet()
  const [reading, setReading] = useState<Reading<T>>(READING)
  const [turn, setTurn] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks for a new reading
  useEffect(() => {
    const left = new AbortController()
    let current = 0
    const readNow = () => {
      const mine = ++current
      const settle = (next: Reading<T>) => {
        if (!left.signal.aborted && mine === current) setReading(next)
      }
      read(wallet, left.signal).then(
        (value) => settle({ status: 'read', value }),
        (error) => settle({ status: 'failed', error }),
      )
    }
    setReading(READING)
    readNow()
    const unsubscribe = once ? undefined : wallet.subscribe(readNow)
    return () => {
      left.abort()
      unsubscribe?.()
    }
  }, [wallet, read, once, turn])

  return { ...reading, again: useCallback(() => setTurn((last) => last + 1), []) }
}
