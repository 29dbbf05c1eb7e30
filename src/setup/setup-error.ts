/** A file that the key set-up cannot read, or a key set that is not what its manifest says. `code` is stable API. */
export class SetupError extends Error {
  override readonly name = 'SetupError'
  /** Stable snake_case code; listed in src/setup/README.md. */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
