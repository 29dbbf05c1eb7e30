/** Why a pool gives no verdict. `code` is stable API. */
export const VERIFIER_POOL_ERROR_CODES = [
  /** Too many proofs wait; `retryAfterMilliseconds` says when there may be room. */
  'verifier_busy',
  /** No verdict within the deadline. */
  'verifier_deadline',
  /** Two threads died of this proof, one after the other, and it is not to be tried again; or one does not start. */
  'verifier_crashed',
  /** The pool was closed. */
  'verifier_closed',
  /** The pool was made without the key set that the proof is for. */
  'verifier_key_set_unknown',
] as const

export type VerifierPoolErrorCode = (typeof VERIFIER_POOL_ERROR_CODES)[number]

/** No verdict about a proof: neither that it holds nor that it does not. */
export class VerifierPoolError extends Error {
  override readonly name = 'VerifierPoolError'
  readonly code: VerifierPoolErrorCode
  /** With `verifier_busy`: after how many milliseconds there may be room, by what proofs took lately. */
  readonly retryAfterMilliseconds: number | undefined

  constructor(
    code: VerifierPoolErrorCode,
    message: string,
    { retryAfterMilliseconds, ...options }: ErrorOptions & { retryAfterMilliseconds?: number } = {},
  ) {
    super(message, options)
    this.code = code
    this.retryAfterMilliseconds = retryAfterMilliseconds
  }
}
