import { type Day, dayOf } from '../protocol/day.ts'
import type { Prover } from '../prover/prove.ts'
import type { WorkerProver } from '../prover/worker-prover.ts'
import type { Clock, WalletStore } from '../vault/index.ts'
import type { authenticate, MissingCapability, registerAuthenticator } from '../webauthn/index.ts'
import type { Exclusive } from './exclusive.ts'
import type { OtherPages } from './other-pages.ts'

/** The ceremonies; in a browser those of src/webauthn. */
export type Authenticator = {
  readonly register: typeof registerAuthenticator
  readonly authenticate: typeof authenticate
}

/** Everything a wallet takes from outside. */
export type WalletEnvironment = {
  /** Called at the start and again after a reset. */
  readonly openStore: () => Promise<WalletStore>
  /** `close`, where there is one, is called at each lock: a worker still holds the inputs of its last proof. */
  readonly prover: Prover & Partial<Pick<WorkerProver, 'close'>>
  /** The one key set that this build proves under, base64url. */
  readonly keySetHash: string
  /** The wallet's host name, which its WebAuthn credentials belong to. */
  readonly rpId: string
  /** The wallet's own origin, as the browser signs it. */
  readonly origin: string
  readonly fetch: typeof fetch
  readonly authenticator: Authenticator
  /** Lets one ceremony run at a time, over all windows of the wallet. */
  readonly exclusive: Exclusive
  /** The other tabs and windows of the wallet, which a lock, a reset and new settings concern too. */
  readonly otherPages: OtherPages
  readonly missingCapabilities: () => Promise<readonly MissingCapability[]>
  readonly clock: Clock
  /** Bytes of a CSPRNG. */
  readonly random: (length: number) => Uint8Array<ArrayBuffer>
}

/** The UTC day by the wallet's own clock. */
export function todayOf({ clock }: Pick<WalletEnvironment, 'clock'>): Day {
  return dayOf(new Date(clock.now()))
}

/** Seconds since 1970 by the wallet's own clock. */
export function secondsOf({ clock }: Pick<WalletEnvironment, 'clock'>): number {
  return Math.floor(clock.now() / 1000)
}
