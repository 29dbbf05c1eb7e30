import { toBase64url } from '../protocol/bytes.ts'
import type { UnixSeconds } from '../protocol/day.ts'
import { type OpenVault, VaultError } from '../vault/index.ts'
import type { WalletEnvironment } from './environment.ts'
import type { ActivityEntry } from './wallet.ts'
import { WalletError } from './wallet-error.ts'

export type NewEntry = Omit<ActivityEntry, 'id' | 'at'>

/**
 * The holder's own record of what was asked and what was shared, sealed. What happens while the wallet is locked is
 * kept in memory until it is opened, and is lost with the page: there is no key to seal it with before.
 */
export class ActivityLog {
  readonly #environment: Pick<WalletEnvironment, 'clock' | 'random'>
  #waiting: StoredEntry[] = []

  constructor(environment: Pick<WalletEnvironment, 'clock' | 'random'>) {
    this.#environment = environment
  }

  /** Never throws: what was shared was shared, whether or not it can be written down. */
  async record(vault: OpenVault | undefined, entry: NewEntry): Promise<void> {
    const { clock, random } = this.#environment
    this.#waiting.push({ version: 1, milliseconds: clock.now(), entry: { ...entry, id: toBase64url(random(16)) } })
    if (vault) await this.flush(vault).catch(() => {})
  }

  /** Seals what waits. Stops at a vault that has been locked meanwhile. */
  async flush(vault: OpenVault): Promise<void> {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      try {
        // Through JSON, for the seal takes no `undefined` members.
        await vault.putRecord('activity', next.entry.id, JSON.parse(JSON.stringify(next)))
      } catch (cause) {
        if (cause instanceof VaultError && cause.code === 'vault_locked') return
        throw cause
      }
      this.#waiting = this.#waiting.filter((waiting) => waiting !== next)
    }
  }

  /** Newest first, with what was still waiting. */
  async list(vault: OpenVault): Promise<ActivityEntry[]> {
    await this.flush(vault)
    const records = await vault.listRecords('activity')
    return records
      .map(({ value }) => openedEntry(value))
      .sort((a, b) => b.milliseconds - a.milliseconds)
      .map(({ milliseconds, entry }) => ({ ...entry, at: Math.floor(milliseconds / 1000) as UnixSeconds }))
  }

  /** Forgets what waits to be sealed. */
  clear(): void {
    this.#waiting = []
  }
}

type StoredEntry = {
  readonly version: 1
  readonly milliseconds: number
  readonly entry: Omit<ActivityEntry, 'at'>
}

/** The seal vouches that this wallet wrote the value; the version says in which form. */
function openedEntry(value: unknown): StoredEntry {
  if (typeof value === 'object' && value !== null && 'version' in value && value.version === 1) {
    return value as StoredEntry
  }
  throw new WalletError('unexpected', 'an activity record was written by a later version of the wallet')
}
