import type { ProofVerifier } from '../../src/verifier/proof-verifier.ts'
import type { TouchstoneError } from '../touchstone-error.ts'
import type { Arrivals } from './arrivals.ts'
import type { IssuerDirectory } from './issuer-directory.ts'
import type { KeySets } from './key-sets.ts'
import type { VerifierConfig } from './options.ts'
import type { Accepted } from './receive-presentation.ts'
import type { Sharing } from './replay.ts'
import type { SessionEvents } from './session-events.ts'
import type { SigningKey } from './signing-key.ts'
import type { Store } from './store/store.ts'
import type { VerificationQueue } from './verification-queue.ts'
import type { VerifierEvent } from './verifier-events.ts'

/** The parts of one running verifier, put together by `createVerifier`. */
export type Deployment = {
  readonly config: VerifierConfig
  readonly store: Store
  readonly keySets: KeySets
  readonly signingKey: SigningKey
  readonly issuers: IssuerDirectory
  /** Bodies that are being read: of the site's pages, and of wallets, so that neither keeps the other out. */
  readonly arrivals: { readonly site: Arrivals; readonly wallet: Arrivals }
  /** Presentations under way. */
  readonly queue: VerificationQueue
  readonly events: SessionEvents
  /** One check for the same presentation however often it comes meanwhile. */
  readonly sharing: Sharing<Accepted>
  /** Where proofs are verified; undefined: on the event loop. */
  readonly verifier: ProofVerifier | undefined
  /** `onError`, for what would come with every session. */
  readonly tellOnce: (error: Error) => void
  /** `onError`, for a failure that has a code, and may come with every request while it lasts. */
  readonly tellRarely: (error: TouchstoneError) => void
  /** `onEvent`, which cannot throw here. */
  readonly emit: (event: VerifierEvent) => void
}
