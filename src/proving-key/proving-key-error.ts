/** A proving key's file that is not what its format allows, or that this engine cannot use. `code` is stable API. */
export class ProvingKeyError extends Error {
  override readonly name = 'ProvingKeyError'
  /** Stable snake_case code; listed in src/proving-key/README.md. */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
