import { useSyncExternalStore } from 'react'
import type { Settings } from '../wallet/wallet.ts'
import { useWallet } from './shell.ts'

/** The settings, value by value, so that what they are compared by does not depend on who made the object. */
export function useSettings(): Settings {
  const wallet = useWallet()
  const theme = useSyncExternalStore(wallet.subscribe, () => wallet.settings().theme)
  const autoLockMinutes = useSyncExternalStore(wallet.subscribe, () => wallet.settings().autoLockMinutes)
  return { theme, autoLockMinutes }
}
