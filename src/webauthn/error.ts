/** Every way a ceremony can end without a result. Stable API; the page has a text for each. */
export const WEBAUTHN_ERROR_CODES = [
  /** The person declined, closed the dialogue, took too long, or the page aborted. Browsers do not tell these apart. */
  'user_cancelled',
  /** The authenticator did not verify the person (PIN or biometrics), or cannot. */
  'uv_missing',
  /** The authenticator or the browser gives no PRF output, so it cannot open a wallet. */
  'prf_unsupported',
  /** At registration: this authenticator is enrolled already. */
  'authenticator_invalid_state',
  /** No WebAuthn here: insecure context, foreign relying-party id, or a browser without it. */
  'webauthn_unavailable',
  /** The authenticator cannot make an ES256 key. */
  'algorithm_unsupported',
  /** A response that is not what WebAuthn prescribes. */
  'response_malformed',
  /** Any other failure of browser or authenticator; `cause` has it. */
  'ceremony_failed',
] as const

export type WebAuthnErrorCode = (typeof WEBAUTHN_ERROR_CODES)[number]

/** A ceremony that ended without a result. The message never holds PRF bytes or a credential id. */
export class WebAuthnError extends Error {
  override readonly name = 'WebAuthnError'
  /** Stable snake_case code. */
  readonly code: WebAuthnErrorCode

  constructor(code: WebAuthnErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Names what `navigator.credentials` threw (WebAuthn Level 3 §5.1.3, §5.1.4). A WebAuthnError passes unchanged. */
export function toWebAuthnError(cause: unknown): WebAuthnError {
  if (cause instanceof WebAuthnError) return cause
  const name = cause instanceof Error ? cause.name : ''
  switch (name) {
    case 'NotAllowedError':
    case 'AbortError':
      return new WebAuthnError('user_cancelled', 'the ceremony was cancelled, refused or timed out', { cause })
    case 'ConstraintError':
      return new WebAuthnError('uv_missing', 'the authenticator cannot verify its user', { cause })
    case 'InvalidStateError':
      return new WebAuthnError('authenticator_invalid_state', 'the authenticator is already registered', { cause })
    case 'NotSupportedError':
      return new WebAuthnError('algorithm_unsupported', 'the authenticator does not support ES256', { cause })
    case 'SecurityError':
      return new WebAuthnError('webauthn_unavailable', 'this page may not use that relying-party id', { cause })
    default:
      return new WebAuthnError('ceremony_failed', 'the browser or the authenticator failed', { cause })
  }
}
