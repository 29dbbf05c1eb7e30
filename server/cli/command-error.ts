export type CommandErrorCode = 'ledger_missing' | 'ledger_invalid' | 'confirmation_missing' | 'key_file_exists'

/** A command that cannot do what it was given to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly code: CommandErrorCode

  constructor(code: CommandErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
