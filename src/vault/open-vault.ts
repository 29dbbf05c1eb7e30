import { randomBytes } from '../protocol/bytes.ts'
import type { FieldElement } from '../protocol/field.ts'
import { type AutoLock, type Clock, IdleTimer } from './auto-lock.ts'
import {
  deriveFileMacKey,
  deriveHolderSecret,
  deriveRecordKey,
  type FileMacKey,
  type MasterSecret,
  type RecordKey,
} from './derive.ts'
import { enrol, type NewAuthenticator } from './enrolment.ts'
import { VaultError } from './error.ts'
import type { PrfKey } from './prf-wrap.ts'
import { type Collection, openRecord, sealRecord } from './records.ts'
import { sealMaster } from './seal.ts'
import { type Change, recordKey, VAULT_KEY, type WalletStore } from './store.ts'
import {
  authenticatorOf,
  checkVaultFile,
  type EnrolledAuthenticator,
  parseVaultFile,
  signVaultFile,
} from './vault-file.ts'

/** Why a vault locked. */
export type LockReason = 'asked' | 'idle'

type Keys = { readonly master: MasterSecret; readonly recordKey: RecordKey; readonly macKey: FileMacKey }

type OpenVaultOptions = {
  readonly store: WalletStore
  readonly clock: Clock
  readonly autoLock: AutoLock
  readonly random?: (length: number) => Uint8Array<ArrayBuffer>
}

/**
 * A vault whose keys are in memory. Made by `createVault` and `unlockVault`. Every method throws `vault_locked` once it
 * is locked, also when that happens while the method runs. No call counts as activity, for a site can cause calls;
 * only {@link OpenVault.noteActivity} does.
 */
export class OpenVault {
  readonly #store: WalletStore
  readonly #clock: Clock
  readonly #random: (length: number) => Uint8Array<ArrayBuffer>
  readonly #timer: IdleTimer
  readonly #listeners = new Set<(reason: LockReason) => void>()
  #keys: Keys | undefined
  #holds = 0
  /** The countdown ended while the vault was held open. */
  #overdue = false

  /** Takes the master secret over: it is filled with zeros at the lock. */
  static async open(master: MasterSecret, options: OpenVaultOptions): Promise<OpenVault> {
    const [recordKey, macKey] = await Promise.all([deriveRecordKey(master), deriveFileMacKey(master)])
    return new OpenVault({ master, recordKey, macKey }, options)
  }

  private constructor(keys: Keys, { store, clock, autoLock, random = randomBytes }: OpenVaultOptions) {
    this.#keys = keys
    this.#store = store
    this.#clock = clock
    this.#random = random
    this.#timer = new IdleTimer({ clock, autoLock, onIdle: () => this.#idle() })
  }

  get locked(): boolean {
    this.#lockIfIdle()
    return this.#keys === undefined
  }

  /** s, in every proof. Derived anew at each call; the caller keeps it no longer than the proof takes. */
  async holderSecret(): Promise<FieldElement> {
    return this.#use(({ master }) => deriveHolderSecret(master))
  }

  /** Seals a JSON value into its place, in one transaction with `alongside` (such as the card in clear). */
  async putRecord(
    collection: Collection,
    id: string,
    value: unknown,
    alongside: readonly Change[] = [],
  ): Promise<void> {
    await this.#use(async (keys) => {
      const sealed = await sealRecord(keys.recordKey, { collection, id, value }, this.#random)
      const put: Change = { action: 'put', table: 'records', key: recordKey(collection, id), value: sealed }
      await this.#store.write([put, ...alongside])
    })
  }

  /** The value in a place, or undefined. Still to be parsed by who knows its format. Throws `record_corrupt`. */
  async getRecord(collection: Collection, id: string): Promise<unknown> {
    return this.#use(async (keys) => {
      const record = await this.#store.get('records', recordKey(collection, id))
      return record && openRecord(keys.recordKey, { collection, id }, record)
    })
  }

  /** All values of a collection, by id. Throws `record_corrupt` if one of them does not open. */
  async listRecords(collection: Collection): Promise<{ readonly id: string; readonly value: unknown }[]> {
    return this.#use(async (keys) => {
      const records = await this.#store.list('records', recordKey(collection, ''))
      const open = async (record: (typeof records)[number]) => ({
        id: record.id,
        value: await openRecord(keys.recordKey, { collection, id: record.id }, record),
      })
      return Promise.all(records.map(open))
    })
  }

  /** Deletes a place, in one transaction with `alongside`. */
  async deleteRecord(collection: Collection, id: string, alongside: readonly Change[] = []): Promise<void> {
    const remove: Change = { action: 'delete', table: 'records', key: recordKey(collection, id) }
    await this.#use(() => this.#store.write([remove, ...alongside]))
  }

  /**
   * Enrols one more authenticator, whose PRF is at hand, and seals the same master secret to all of them. The others
   * are not needed. Throws `authenticator_enrolled`, `vault_tampered`, `vault_malformed` for a label or id out of range.
   */
  async addAuthenticator(authenticator: NewAuthenticator, prfKey: PrfKey): Promise<EnrolledAuthenticator[]> {
    return this.#use(async ({ master, macKey }) => {
      const file = parseVaultFile(await this.#store.get('vault', VAULT_KEY))
      await checkVaultFile(macKey, file)
      if (file.enrolments.some(({ credentialId }) => credentialId === authenticator.credentialId)) {
        throw new VaultError('authenticator_enrolled', 'this authenticator opens the vault already')
      }
      const enrolledAt = Math.floor(this.#clock.now() / 1000)
      const enrolments = [...file.enrolments, await enrol(master, authenticator, prfKey, enrolledAt)]
      const sealed = await sealMaster(
        master,
        enrolments.map(({ recipient }) => recipient),
      )
      // Before writing: a lock in the meantime has filled the secret with zeros, and those must not be sealed.
      if (this.locked) throw lockedError()
      const value = parseVaultFile(await signVaultFile(macKey, enrolments, sealed))
      await this.#store.write([{ action: 'put', table: 'vault', key: VAULT_KEY, value }])
      return enrolments.map(authenticatorOf)
    })
  }

  /** A person is there: the countdown to the lock begins again. */
  noteActivity(): void {
    if (this.locked) return
    this.#overdue = false
    this.#timer.restart()
  }

  /**
   * Keeps the countdown from locking until the function returned is called: for work that a person has begun and that
   * a lock half-way would spoil. A countdown that ended meanwhile locks then. `lock()` locks all the same.
   */
  holdOpen(): () => void {
    let held = true
    this.#holds++
    return () => {
      if (!held) return
      held = false
      this.#holds--
      this.#lockIfIdle()
    }
  }

  /** Applies another setting from now on. Throws `auto_lock_invalid`, `vault_locked`. */
  setAutoLock(autoLock: AutoLock): void {
    if (this.locked) throw lockedError()
    this.#timer.restart(autoLock)
    this.#overdue = false
  }

  /** Fills the master secret with zeros and drops the keys. What the caller derived before is the caller's to drop. */
  lock(): void {
    this.#lock('asked')
  }

  /** Called once, at the lock. The function returned ends the subscription. */
  onLock(listener: (reason: LockReason) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #lockIfIdle(): void {
    if (this.#holds === 0 && (this.#overdue || this.#timer.expired)) this.#lock('idle')
  }

  /** The timer decides and not the clock, which somebody may have set back. */
  #idle(): void {
    this.#overdue = true
    this.#lockIfIdle()
  }

  #lock(reason: LockReason): void {
    if (!this.#keys) return
    this.#keys.master.fill(0)
    this.#keys = undefined
    this.#timer.stop()
    for (const listener of this.#listeners) listener(reason)
    this.#listeners.clear()
  }

  async #use<T>(work: (keys: Keys) => Promise<T>): Promise<T> {
    const keys = this.locked ? undefined : this.#keys
    if (!keys) throw lockedError()
    const result = await work(keys)
    // Nothing that was sealed leaves a vault that has been locked meanwhile.
    if (this.locked) throw lockedError()
    return result
  }
}

function lockedError(): VaultError {
  return new VaultError('vault_locked', 'the vault is locked')
}
