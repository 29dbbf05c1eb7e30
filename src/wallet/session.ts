import {
  createVault,
  type EnrolledAuthenticator,
  enrolledAuthenticators,
  newPrfSalts,
  type OpenVault,
  requestPersistence,
  unlockVault,
  VaultError,
  type WalletStore,
} from '../vault/index.ts'
import { type Assertion, verifyAssertionLocally } from '../webauthn/index.ts'
import { ActivityLog } from './activity.ts'
import { Ceremony } from './ceremony.ts'
import type { WalletEnvironment } from './environment.ts'
import type { Notice } from './other-pages.ts'
import { DEFAULT_SETTINGS, readSettings, writeSettings } from './settings.ts'
import type { CreateOptions, Settings, WalletState } from './wallet.ts'
import { toWalletError, WalletError } from './wallet-error.ts'

const DEFAULT_KEY_NAME = 'Security key'
const PRODUCT_NAME = 'Touchstone'

/** A touch that has been checked, and the wallet that is open after it. */
export type Touched = {
  readonly vault: OpenVault
  readonly authenticator: EnrolledAuthenticator
  readonly assertion: Assertion
}

/**
 * The wallet's life in one page: its store, its open vault and what listeners are told. Use cases ask it for a vault
 * and for touches; none of them holds keys of its own.
 */
export class WalletSession {
  readonly environment: WalletEnvironment
  readonly activity: ActivityLog
  readonly #listeners = new Set<() => void>()
  #state: WalletState = { status: 'loading' }
  #settings: Settings = DEFAULT_SETTINGS
  #store: Promise<WalletStore> | undefined
  #vault: OpenVault | undefined
  #ceremony: Ceremony | undefined

  constructor(environment: WalletEnvironment) {
    this.environment = environment
    this.activity = new ActivityLog(environment)
    environment.otherPages.onNotice((notice) => void this.#heed(notice))
  }

  get state(): WalletState {
    return this.#state
  }

  get settings(): Settings {
    return this.#settings
  }

  /** Stores them and applies them, here and in the other pages. Throws `settings_invalid`. */
  async changeSettings(changes: Partial<Settings>): Promise<void> {
    const settings = { ...this.#settings, ...changes }
    await writeSettings(await this.store(), settings)
    this.#applySettings(settings)
    this.environment.otherPages.tell('settings')
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Something that a page may show has changed. */
  changed(): void {
    for (const listener of this.#listeners) listener()
  }

  /** Reads the store and sets the state; every failure ends in `failed`. */
  async load(): Promise<void> {
    this.#become({ status: 'loading' })
    try {
      const missing = await this.environment.missingCapabilities()
      if (missing.length > 0) return this.#become({ status: 'unsupported', missing })
      const store = await this.store()
      this.#settings = await readSettings(store)
      const enrolled = await enrolledAuthenticators(store)
      // Another page may have reset the wallet that is open here: nothing is left for its keys to open.
      if (!enrolled) this.#vault?.lock()
      this.#become({ status: !enrolled ? 'none' : this.vaultIfOpen() ? 'open' : 'locked' })
    } catch (cause) {
      this.#store = undefined
      this.#become({ status: 'failed', code: toWalletError(cause).code })
    }
  }

  store(): Promise<WalletStore> {
    this.#store ??= this.environment.openStore()
    return this.#store
  }

  /** The vault, which must be open already. Throws `wallet_locked`. */
  vault(): OpenVault {
    const vault = this.vaultIfOpen()
    if (!vault) throw new WalletError('wallet_locked', 'the wallet is locked')
    return vault
  }

  vaultIfOpen(): OpenVault | undefined {
    return this.#vault && !this.#vault.locked ? this.#vault : undefined
  }

  /** First enrolled first. Throws `wallet_missing`. */
  async authenticators(): Promise<EnrolledAuthenticator[]> {
    const enrolled = await enrolledAuthenticators(await this.store())
    if (!enrolled) throw new WalletError('wallet_missing', 'there is no wallet on this device')
    return enrolled
  }

  /** Makes a key on an authenticator, then a wallet that it opens: two touches. */
  async create({ signal, name = DEFAULT_KEY_NAME, onStep }: CreateOptions): Promise<void> {
    const { authenticator, rpId, random, clock } = this.environment
    const store = await this.store()
    // Before the first touch, or a key would be made that nothing will ever be sealed to.
    if (await enrolledAuthenticators(store)) {
      throw new VaultError('vault_exists', 'there is a wallet on this device already')
    }
    const prfSalts = newPrfSalts(random)
    onStep?.('register')
    const registration = await authenticator.register({
      rpId,
      rpName: PRODUCT_NAME,
      userHandle: random(32),
      userName: PRODUCT_NAME,
      challenge: random(32),
      prfSalts,
      ...(signal && { signal }),
    })
    const { credentialId, publicKey, transports, aaguid, backupEligible } = registration
    const enrolled = { credentialId, label: name, transports, aaguid, backupEligible, publicKey, prfSalts }
    onStep?.('open')
    const challenge = random(32)
    const { assertion, prfKey } = await authenticator.authenticate({
      rpId,
      challenge,
      credentials: [enrolled],
      withPrf: true,
      ...(signal && { signal }),
    })
    await this.#check(assertion, challenge, [enrolled])
    this.#opened(await createVault({ store, clock, random }, enrolled, prfKey))
    await requestPersistence()
  }

  /**
   * Runs work that begins with a touch and sends something: a lock stops it, or waits for it, as {@link Ceremony} says.
   * One at a time.
   */
  async ceremony<T>(signal: AbortSignal | undefined, work: (ceremony: Ceremony) => Promise<T>): Promise<T> {
    const ceremony = new Ceremony(signal, this.vaultIfOpen())
    this.#ceremony = ceremony
    try {
      return await work(ceremony)
    } finally {
      this.#ceremony = undefined
      ceremony.end()
    }
  }

  /** One touch over `challenge`, by `key` or else by any enrolled one; it also opens the wallet if it is locked. */
  async touch(options: {
    readonly challenge: Uint8Array
    readonly key?: EnrolledAuthenticator
    readonly signal?: AbortSignal | undefined
  }): Promise<Touched> {
    const { authenticator, rpId, random, clock } = this.environment
    const { challenge, key, signal } = options
    const credentials = key ? [key] : await this.authenticators()
    const ceremony = { rpId, challenge, credentials, ...(signal && { signal }) }
    const open = this.vaultIfOpen()
    if (open) {
      const { assertion } = await authenticator.authenticate({ ...ceremony, withPrf: false })
      const answered = await this.#check(assertion, challenge, credentials)
      // Only a person can have done this.
      open.noteActivity()
      return { vault: open, assertion, authenticator: answered }
    }
    const { assertion, prfKey } = await authenticator.authenticate({ ...ceremony, withPrf: true })
    const answered = await this.#check(assertion, challenge, credentials)
    const environment = { store: await this.store(), clock, random }
    const vault = await unlockVault(environment, assertion.credentialId, prfKey)
    this.#opened(vault)
    return { vault, assertion, authenticator: answered }
  }

  /** Locks this page and the others; a credential on its way is kept before. */
  lock(): void {
    this.environment.otherPages.tell('lock')
    this.#lockHere()
  }

  async reset(): Promise<void> {
    const store = await this.store()
    await this.#forget()
    try {
      await store.reset()
    } finally {
      this.environment.otherPages.tell('reset')
    }
    await this.load()
  }

  /** What another page has done. */
  async #heed(notice: Notice): Promise<void> {
    if (notice === 'lock') return this.#lockHere()
    if (notice === 'reset') {
      await this.#forget()
      return this.load()
    }
    const settings = await this.store().then(readSettings, () => undefined)
    if (settings) this.#applySettings(settings)
  }

  #lockHere(): void {
    if (!this.#ceremony?.postponesLock()) this.#vault?.lock()
  }

  /** Lets go of everything that belongs to a wallet which is being erased; nothing is waited for, but kept no more. */
  async #forget(): Promise<void> {
    const ceremony = this.#ceremony
    ceremony?.stop()
    this.#vault?.lock()
    await ceremony?.ended
    this.activity.clear()
    this.#store = undefined
    this.#settings = DEFAULT_SETTINGS
  }

  #applySettings(settings: Settings): void {
    this.#settings = settings
    this.vaultIfOpen()?.setAutoLock(settings.autoLockMinutes)
    this.changed()
  }

  #opened(vault: OpenVault): void {
    this.#vault = vault
    vault.onLock(() => {
      if (this.#vault !== vault) return
      this.#vault = undefined
      this.#ceremony?.locked()
      this.environment.prover.close?.()
      this.#become({ status: 'locked' })
    })
    this.#ceremony?.opened(vault)
    this.#become({ status: 'open' })
    // What happened while it was locked is written down late, and nothing waits for it.
    this.activity.flush(vault).catch(() => {})
  }

  /** Whichever key answered, its assertion must check under the public key it was enrolled with. */
  async #check<A extends Pick<EnrolledAuthenticator, 'credentialId' | 'publicKey'>>(
    assertion: Assertion,
    challenge: Uint8Array,
    credentials: readonly A[],
  ): Promise<A> {
    const answered = credentials.find(({ credentialId }) => credentialId === assertion.credentialId)
    if (!answered) throw new WalletError('touch_invalid', 'a key answered that is not one of this wallet')
    const status = await verifyAssertionLocally({
      assertion,
      publicKey: answered.publicKey,
      expectedChallenge: challenge,
      expectedOrigin: this.environment.origin,
      expectedRpId: this.environment.rpId,
    })
    if (status !== 'VALID') throw new WalletError('touch_invalid', `the assertion of the key does not check: ${status}`)
    return answered
  }

  #become(state: WalletState): void {
    this.#state = state
    this.changed()
  }
}
