/** Why a proof could not be made. `code` is stable API; a message never holds an input or a witness value. */
export class ProverError extends Error {
  override readonly name = 'ProverError'
  /** Stable snake_case code; listed in src/prover/README.md. */
  readonly code: ProverErrorCode

  constructor(code: ProverErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export const PROVER_ERROR_CODES = [
  'artefact_corrupt',
  'artefact_unreachable',
  'circuit_unknown',
  'key_set_mismatch',
  'proof_failed',
  'prover_crashed',
  'proving_key_invalid',
  'witness_input_missing',
  'witness_input_range',
  'witness_input_size',
  'witness_input_unknown',
  'witness_program_invalid',
  'witness_unsatisfied',
] as const

export type ProverErrorCode = (typeof PROVER_ERROR_CODES)[number]
