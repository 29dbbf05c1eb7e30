import { useEffect, useState } from 'react'
import type { RequestSource, RequestView } from '../../wallet/wallet.ts'
import { useWallet } from '../shell.ts'

export type RequestReading =
  | { readonly status: 'reading' }
  | { readonly status: 'read'; readonly view: RequestView }
  | { readonly status: 'failed'; readonly error: unknown }

/** Has the wallet check the request. `again` checks it once more, for a new view or after a failure. */
export function useRequestView({ jws, origin }: RequestSource): RequestReading & { again: () => void } {
  const wallet = useWallet()
  const [reading, setReading] = useState<RequestReading>({ status: 'reading' })
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks for a new reading
  useEffect(() => {
    setReading({ status: 'reading' })
    const controller = new AbortController()
    const settle = (next: RequestReading) => {
      if (!controller.signal.aborted) setReading(next)
    }
    const source = origin === undefined ? { jws } : { jws, origin }
    wallet.readRequest(source, { signal: controller.signal }).then(
      (view) => settle({ status: 'read', view }),
      (error) => settle({ status: 'failed', error }),
    )
    return () => controller.abort()
  }, [wallet, jws, origin, turn])
  return { ...reading, again: () => setTurn((last) => last + 1) }
}
