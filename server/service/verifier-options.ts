import type { RequestDefinition, VerifierOptions } from '../../sdk/server.ts'
import type { ServiceConfiguration } from './configuration.ts'

/** The configuration as `createVerifier` takes it; the requests are checked there. */
export function verifierOptions(configuration: ServiceConfiguration): VerifierOptions {
  const {
    TOUCHSTONE_KEY_SETS: keySets,
    TOUCHSTONE_ISSUERS: issuers,
    TOUCHSTONE_DATABASE: store,
    TOUCHSTONE_SESSION_SECONDS: sessionSeconds,
    TOUCHSTONE_VISIT_SECONDS: visitSeconds,
    TOUCHSTONE_STATUS_GRACE_SECONDS: statusGraceSeconds,
    TOUCHSTONE_VERIFIER_WORKERS: workers,
    TOUCHSTONE_VERIFIER_QUEUE: queueLimit,
    TOUCHSTONE_VERIFIER_DEADLINE_MS: deadlineMilliseconds,
    TOUCHSTONE_VERIFIER_BATCH: batchSize,
  } = configuration
  return {
    mode: configuration.TOUCHSTONE_MODE,
    origin: configuration.TOUCHSTONE_ORIGIN,
    walletOrigin: configuration.TOUCHSTONE_WALLET_ORIGIN,
    // Out of a file: createVerifier checks each as it does those that are written in code.
    requests: configuration.TOUCHSTONE_REQUESTS as Readonly<Record<string, RequestDefinition>>,
    data: configuration.TOUCHSTONE_DATA,
    signingKey: configuration.TOUCHSTONE_SIGNING_KEY,
    allowDevelopmentKeys: configuration.TOUCHSTONE_ALLOW_DEVELOPMENT_KEYS,
    verification: given({ workers, queueLimit, deadlineMilliseconds, batchSize }),
    ...given({ keySets, issuers, store, sessionSeconds, visitSeconds, statusGraceSeconds }),
  }
}

/** Only what is there: an option that is undefined would not be left out. */
function given<T extends object>(options: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  // Object.fromEntries widens the keys it was given.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  }
}
