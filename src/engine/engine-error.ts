/** What the engine was given is not what it takes. `code` is stable API; a message never holds a witness value. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  /** Stable snake_case code; listed in src/engine/README.md. */
  readonly code: EngineErrorCode

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export const ENGINE_ERROR_CODES = [
  'coefficient_out_of_range',
  'coefficients_malformed',
  'domain_size',
  'key_inputs_missing',
  'memory_exhausted',
  'point_infinite',
  'point_length',
  'point_off_curve',
  'point_outside_group',
  'point_unreduced',
  'weights_length',
  'witness_size',
] as const

export type EngineErrorCode = (typeof ENGINE_ERROR_CODES)[number]
