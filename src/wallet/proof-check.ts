/**
 * What checks the wallet's own proofs. It carries the engine, which no page needs before its first proof, so it is
 * imported when a proof is prepared, and comes as a file of its own.
 */
export { loadVerificationKey } from '../verifier/verification-key.ts'
export { verifyProof } from '../verifier/verify-proof.ts'
