import { useCallback, useEffect, useRef, useState } from 'react'
import { toWalletError } from '../../wallet/wallet-error.ts'

/** Something that takes a while and can be cancelled: a touch, a proof. */
export type Ceremony = { readonly status: 'idle' | 'running' } | { readonly status: 'failed'; readonly error: unknown }

/**
 * Runs one piece of work at a time. A cancel by the person leads back to `idle`, unless the other side may have heard
 * of it; every other end without a result is `failed`. Leaving the page cancels.
 */
export function useCeremony() {
  const [ceremony, setCeremony] = useState<Ceremony>({ status: 'idle' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  const run = useCallback(async (work: (signal: AbortSignal) => Promise<void>) => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    setCeremony({ status: 'running' })
    try {
      await work(controller.signal)
      if (running.current === controller) setCeremony({ status: 'idle' })
    } catch (error) {
      if (running.current !== controller) return
      const cancelled = controller.signal.aborted && toWalletError(error).shared === 'nothing'
      setCeremony(cancelled ? { status: 'idle' } : { status: 'failed', error })
    }
  }, [])

  return {
    ceremony,
    run,
    cancel: useCallback(() => running.current?.abort(), []),
    clear: useCallback(() => setCeremony({ status: 'idle' }), []),
  }
}
