export { type Day, formatDay, latestBirthDay } from '../src/protocol/day.ts'
export type { Query } from '../src/protocol/query.ts'
export { parseSchema, type Schema, schemaHash } from '../src/protocol/schema.ts'
export { createVerifier, type Verifier } from './server/create-verifier.ts'
export type { Health, PartHealth } from './server/health.ts'
export { ageOver, login, PERSON_SCHEMA_HASH } from './server/known-requests.ts'
export type {
  KeySetOption,
  RequestDefinition,
  SigningKeyOption,
  VerificationOptions,
  VerifierOptions,
} from './server/options.ts'
export type { QueryInput, QuerySource, YearsAgo } from './server/query-source.ts'
export type { Guard, RequireResult } from './server/require.ts'
export type { Name, ResultAnswer, VerifiedResult } from './server/result.ts'
export type { SessionView } from './server/session-view.ts'
export type { CreatedSession, NewSessionOptions } from './server/sessions.ts'
export { rotateSigningKey } from './server/signing-key.ts'
export type { StoreOption } from './server/store/store.ts'
export type { VerifierEvent } from './server/verifier-events.ts'
export type { Visit, VisitResult } from './server/visits.ts'
export { TouchstoneError } from './touchstone-error.ts'
