import { VaultError } from './error.ts'
import type { WalletStore } from './store.ts'

/** Whole minutes without activity, 1 to 60. */
export type AutoLock = number

export const DEFAULT_AUTO_LOCK: AutoLock = 5

/** Time as the vault sees it. */
export type Clock = {
  /** Milliseconds since 1970; goes on while the machine sleeps, which timers do not. */
  now(): number
  /** Calls back once after so many milliseconds; the function returned cancels. */
  after(milliseconds: number, callback: () => void): () => void
}

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
}

/** Counts down from the last activity. */
export class IdleTimer {
  readonly #clock: Clock
  readonly #onIdle: () => void
  #autoLock: AutoLock
  #deadline = Number.POSITIVE_INFINITY
  #cancel: () => void = () => {}

  constructor(options: { readonly clock: Clock; readonly autoLock: AutoLock; readonly onIdle: () => void }) {
    this.#clock = options.clock
    this.#onIdle = options.onIdle
    this.#autoLock = toAutoLock(options.autoLock)
    this.restart()
  }

  /** Begins again, under another setting if one is given. Throws `auto_lock_invalid`. */
  restart(autoLock: AutoLock = this.#autoLock): void {
    this.#autoLock = toAutoLock(autoLock)
    this.stop()
    const milliseconds = this.#autoLock * 60_000
    this.#deadline = this.#clock.now() + milliseconds
    this.#cancel = this.#clock.after(milliseconds, this.#onIdle)
  }

  /** True once the time is over, even if the machine slept through the timer. */
  get expired(): boolean {
    return this.#clock.now() >= this.#deadline
  }

  stop(): void {
    this.#cancel()
    this.#cancel = () => {}
    this.#deadline = Number.POSITIVE_INFINITY
  }
}

/** Parses a setting. Throws `auto_lock_invalid`. */
export function toAutoLock(value: unknown): AutoLock {
  if (isAutoLock(value)) return value
  throw new VaultError('auto_lock_invalid', 'auto-lock is 1 to 60 whole minutes')
}

function isAutoLock(value: unknown): value is AutoLock {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 60
}

const SETTING = 'autoLock'

/**
 * The stored setting, or {@link DEFAULT_AUTO_LOCK} where there is none, or none that is valid: a damaged setting must
 * not keep a person out of their wallet.
 */
export async function readAutoLock(store: WalletStore): Promise<AutoLock> {
  const value = await store.get('settings', SETTING)
  return isAutoLock(value) ? value : DEFAULT_AUTO_LOCK
}

/** Stores the setting for the next unlock; `OpenVault.setAutoLock` applies it at once. Throws `auto_lock_invalid`. */
export async function writeAutoLock(store: WalletStore, value: AutoLock): Promise<void> {
  await store.write([{ action: 'put', table: 'settings', key: SETTING, value: toAutoLock(value) }])
}
