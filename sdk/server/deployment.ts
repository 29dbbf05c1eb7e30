import type { KeySet } from '../../src/verifier/key-set.ts'
import type { IssuerDirectory } from './issuer-directory.ts'
import type { VerifierConfig } from './options.ts'
import type { SigningKey } from './signing-key.ts'
import type { Store } from './store/store.ts'
import type { VerificationQueue } from './verification-queue.ts'

/** The parts of one running verifier, put together by `createVerifier`. */
export type Deployment = {
  readonly config: VerifierConfig
  readonly store: Store
  readonly keySet: KeySet
  readonly signingKey: SigningKey
  readonly issuers: IssuerDirectory
  readonly queue: VerificationQueue
  /** `onError`, for what would come with every session. */
  readonly tellOnce: (error: Error) => void
}
