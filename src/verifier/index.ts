export { type KeySet, type KeySetSource, loadKeySet } from './key-set.ts'
export type { VerificationKey } from './pairing-key.ts'
export type { PresentationInput } from './presentation-input.ts'
export type { ProofTask, ProofVerifier } from './proof-verifier.ts'
export { PRESENTATION_STATUSES, type RefusalStatus, type StatusEntry } from './status.ts'
export { loadVerificationKey } from './verification-key.ts'
export type { VerifiedAnswer } from './verified-answer.ts'
export { VERIFIER_ERROR_CODES, VerifierError, type VerifierErrorCode } from './verifier-error.ts'
export {
  type PreparedPresentation,
  type PresentationResult,
  preparationSteps,
  presentationSteps,
  verifyPrepared,
  verifyPresentation,
} from './verify-presentation.ts'
export { type ProofStatus, verifyProof } from './verify-proof.ts'
export { type ProofUnderKey, verifyProofs } from './verify-proofs.ts'
