export { createTestClock, type TestClock } from './testing/clock.ts'
export { INVALID_PRESENTATIONS, type InvalidPresentation } from './testing/invalid.ts'
export { createTestIssuer, listedIssuer, loaderOf, type TestIssuer, type TestIssuerOptions } from './testing/issuer.ts'
export { createTestKeySet, type TestKeySet } from './testing/key-set.ts'
export { createTestPerson, type TestPerson, type TestPersonOptions } from './testing/person.ts'
export { PERSON_SCHEMA } from './testing/person-schema.ts'
export { makePresentation, type PresentationOptions, type ProveStatement } from './testing/presentation.ts'
export type { OpenSession, SiteUnderTest } from './testing/site-session.ts'
export {
  type AcceptedAnswer,
  type AnswerOptions,
  createTestWallet,
  type TestWallet,
  type TestWalletOptions,
} from './testing/wallet.ts'
