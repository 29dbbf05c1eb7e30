import type { OpenVault } from '../vault/index.ts'
import { WalletError } from './wallet-error.ts'

/**
 * One piece of work that a person has begun with a touch, until what comes of it is kept. While it runs the vault does
 * not lock by itself. A lock that is asked for stops it before it sends anything; afterwards stopping would only lose
 * what the other side has given: a credential is kept first and then the vault locks, and a presentation's answer
 * needs no vault.
 */
export class Ceremony {
  /** Aborted by the page's own signal, and by a lock before anything is sent (then with a WalletError as its reason). */
  readonly signal: AbortSignal
  /** Resolves when the work is over, however it ended. */
  readonly ended: Promise<void>
  readonly #stop = new AbortController()
  readonly #settle: () => void
  #stage: 'before_sending' | 'sent' | 'keeping' = 'before_sending'
  #vault: OpenVault | undefined
  #letGo: () => void = () => {}
  #lockPostponed = false

  constructor(signal: AbortSignal | undefined, vault: OpenVault | undefined) {
    this.signal = signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ended = promise
    this.#settle = resolve
    if (vault) this.opened(vault)
  }

  /**
   * The last thing before something leaves. `keeps`: what comes back is to be kept in the vault, so a lock waits for
   * the end. Throws `wallet_locked`, and the reason of an abort.
   */
  send({ keeps }: { readonly keeps: boolean }): void {
    this.signal.throwIfAborted()
    if (!this.#vault || this.#vault.locked) throw lockedError()
    this.#stage = keeps ? 'keeping' : 'sent'
  }

  /** The work's vault is open from now on. */
  opened(vault: OpenVault): void {
    this.#letGo()
    this.#vault = vault
    this.#letGo = vault.holdOpen()
  }

  /** A lock is asked for. True if it has to wait for the end. */
  postponesLock(): boolean {
    if (this.#stage === 'keeping') this.#lockPostponed = true
    return this.#lockPostponed
  }

  /** The vault has locked. */
  locked(): void {
    if (this.#stage === 'before_sending') this.stop()
  }

  /** Stops the work wherever it is. */
  stop(): void {
    this.#stop.abort(lockedError())
  }

  /** The work is over: the vault may lock again, and does if somebody waited for that. */
  end(): void {
    if (this.#lockPostponed) this.#vault?.lock()
    this.#letGo()
    this.#settle()
  }
}

function lockedError(): WalletError {
  return new WalletError('wallet_locked', 'the wallet was locked meanwhile')
}
