/** The command line is not one of those that `--help` shows. */
export class ArgumentsError extends Error {
  override readonly name = 'ArgumentsError'
  readonly code = 'arguments_invalid'
}
