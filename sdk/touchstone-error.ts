/** Anything that went wrong, by a stable code (sdk/README.md lists them), and whether trying again may help. */
export class TouchstoneError extends Error {
  override readonly name = 'TouchstoneError'
  /** Stable snake_case code. */
  readonly code: string
  /** True if the same person may succeed by simply trying again. */
  readonly retryable: boolean
  /** Where words for the person are found, in whichever language: `touchstone.` and the code (sdk/page/words). */
  readonly messageKey: string
  /** With `busy`: after how many seconds there may be room. Over HTTP it is the header `Retry-After`. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: string,
    message: string,
    options: { retryable?: boolean; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : {})
    this.code = code
    this.retryable = options.retryable ?? false
    this.messageKey = messageKey(code)
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

export function messageKey(code: string): string {
  return `touchstone.${code}`
}
