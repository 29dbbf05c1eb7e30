import { createContext, use, useSyncExternalStore } from 'react'
import type { Wallet, WalletState } from '../wallet/wallet.ts'
import type { Route, Router } from './router.ts'

/** What the pages stand on; given in by whoever mounts them. */
export type Shell = {
  readonly wallet: Wallet
  readonly router: Router
  readonly now: () => Date
  /** Hash of the key set that this build pins, for the page about it. */
  readonly keySetHash: string
}

export const ShellContext = createContext<Shell | undefined>(undefined)

/** Throws outside a mounted wallet. */
export function useShell(): Shell {
  const shell = use(ShellContext)
  if (shell === undefined) throw new Error('the pages are mounted without a shell')
  return shell
}

export function useWallet(): Wallet {
  return useShell().wallet
}

export function useWalletState(): WalletState {
  const { wallet } = useShell()
  return useSyncExternalStore(wallet.subscribe, wallet.getState)
}

export function useRoute(): Route {
  const { router } = useShell()
  return useSyncExternalStore(router.subscribe, router.getRoute)
}

export function useGo(): Router['go'] {
  return useShell().router.go
}
