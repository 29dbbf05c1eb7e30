/** Why a verifier cannot work. `code` is stable API. A bad proof is no error but a result (see status.ts). */
export const VERIFIER_ERROR_CODES = [
  /**
   * The file is no verification key of this circuit: shape, encoding, a point off its curve or outside its subgroup.
   */
  'key_invalid',
  /** Well formed, but proofs under it can be forged by anyone. */
  'key_unsafe',
  /** The key's bytes are not those that the manifest names. */
  'key_hash_mismatch',
  /** The manifest does not name a circuit that a verifier needs. */
  'key_missing',
  /** Keys made from public randomness, where only real ones are accepted. */
  'key_set_development',
  /** The source of randomness for verifying many proofs at once gave what no random one gives. */
  'randomness_invalid',
] as const

export type VerifierErrorCode = (typeof VERIFIER_ERROR_CODES)[number]

/** A key, a key set or a source of randomness that must not be used. */
export class VerifierError extends Error {
  override readonly name = 'VerifierError'
  readonly code: VerifierErrorCode

  constructor(code: VerifierErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
