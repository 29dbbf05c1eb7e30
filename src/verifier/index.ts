export { type KeySet, loadKeySet } from './key-set.ts'
export type { VerificationKey } from './pairing-key.ts'
export { PRESENTATION_STATUSES, type RefusalStatus, type StatusEntry } from './status.ts'
export { loadVerificationKey } from './verification-key.ts'
export type { VerifiedAnswer } from './verified-answer.ts'
export { VERIFIER_ERROR_CODES, VerifierError, type VerifierErrorCode } from './verifier-error.ts'
export {
  type PresentationInput,
  type PresentationResult,
  presentationSteps,
  verifyPresentation,
} from './verify-presentation.ts'
export { type ProofStatus, verifyProof } from './verify-proof.ts'
