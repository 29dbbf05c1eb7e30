import { readAutoLock, type WalletStore, writeAutoLock } from '../vault/index.ts'
import type { Settings } from './wallet.ts'
import { WalletError } from './wallet-error.ts'

export const DEFAULT_SETTINGS: Settings = { autoLockMinutes: 5, theme: 'system' }

const THEME_KEY = 'theme'
const LONGEST_AUTO_LOCK = 60

/** The stored settings; what is missing or no setting is the default. */
export async function readSettings(store: WalletStore): Promise<Settings> {
  const [autoLockMinutes, theme] = await Promise.all([readAutoLock(store), store.get('settings', THEME_KEY)])
  return {
    autoLockMinutes,
    theme: isTheme(theme) ? theme : DEFAULT_SETTINGS.theme,
  }
}

/** Throws `settings_invalid`. */
export async function writeSettings(store: WalletStore, settings: Settings): Promise<void> {
  const { autoLockMinutes, theme } = settings
  const minutesAllowed =
    Number.isInteger(autoLockMinutes) && autoLockMinutes >= 1 && autoLockMinutes <= LONGEST_AUTO_LOCK
  if (!minutesAllowed || !isTheme(theme)) {
    throw new WalletError('settings_invalid', 'auto-lock is 1 to 60 whole minutes; the theme system, light or dark')
  }
  await writeAutoLock(store, autoLockMinutes)
  await store.write([{ action: 'put', table: 'settings', key: THEME_KEY, value: theme }])
}

function isTheme(value: unknown): value is Settings['theme'] {
  return value === 'system' || value === 'light' || value === 'dark'
}
