/**
 * A message, credential or request that is not what its format allows. One class, because the cause is always the
 * same (malformed input at an edge); `code` says which rule it broke and is stable API.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  /** Stable snake_case code; listed in docs/errors.md. */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
