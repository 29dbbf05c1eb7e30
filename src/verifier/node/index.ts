export { VERIFIER_POOL_ERROR_CODES, VerifierPoolError, type VerifierPoolErrorCode } from './pool-error.ts'
export { createVerifierPool, type VerifierPool, type VerifierPoolOptions } from './verifier-pool.ts'
