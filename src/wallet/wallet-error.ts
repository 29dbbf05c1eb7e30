import type { Origin } from '../protocol/origin.ts'

/** Refusals of the wallet itself. Stable API; the page has a text for each. */
export const WALLET_ERROR_CODES = [
  /** Another window or tab of the wallet waits for a touch. */
  'wallet_busy',
  'wallet_locked',
  'wallet_missing',
  /** The view is not one that this wallet returned, or it has been answered. */
  'view_unknown',
  /** The person (or the page) cancelled while it worked. */
  'user_cancelled',
  /** The assertion of the touch does not check, or another key answered than one that is enrolled. */
  'touch_invalid',
  'settings_invalid',
  /** No credential with that id. */
  'credential_missing',
  'credential_expired',
  /** Its issuer has revoked or suspended it. */
  'credential_revoked',
  /** Its issuer does not publish the key that signed it any more, or not for that day. */
  'issuer_key_unknown',
  /** A stored credential is not what the wallet once checked. */
  'credential_corrupt',
  /** There are several ways to answer, and none of those that were shown is picked. */
  'alternative_missing',
  /** No credential here answers the request. */
  'cannot_satisfy',
  /** An issuer's status list is not the one it signed, or takes back what it published before. */
  'status_list_mismatch',
  /** An issuer's newest status list is older than the site accepts. */
  'status_list_stale',
  /** The link names no usable issuer or offer. */
  'offer_link_invalid',
  'issuer_unreachable',
  /** The issuer knows no such offer, or it was used or has expired there. */
  'offer_gone',
  'offer_expired',
  /** The offer speaks for another issuer or another offer than the link. */
  'offer_mismatch',
  /** Its schema is not in the issuer's metadata. */
  'offer_schema_unknown',
  /** Its claims do not fit its schema, or its dates are no life. */
  'offer_claims_invalid',
  /** The issuer refused the acceptance; `detail` has its code. */
  'issuer_refused',
  /** What the issuer returned is no credential, or not the one it offered. */
  'credential_mismatch',
  /** No key that the issuer publishes for that day signed the credential. */
  'credential_signature',
  /** The site's server cannot be reached. */
  'site_unreachable',
  /** The site's server refused; `detail` has its code. */
  'site_refused',
  /** The site's server accepted, but with an answer that cannot be read. */
  'site_answer_invalid',
  /** The link carries no signed request. */
  'request_unsigned',
  /** The sender is no site, or speaks for another. */
  'request_origin',
  'request_expired',
  /** The request's day is not today, give or take one. */
  'request_day',
  /** The key set is not the one that this build of the wallet pins. */
  'key_set_unknown',
  /** A proof of the wallet's own does not verify; it was not sent. */
  'own_proof_invalid',
  /** Anything without a name of its own; `cause` has it. */
  'unexpected',
] as const

export type WalletErrorCode = (typeof WALLET_ERROR_CODES)[number]

type WalletErrorOptions = ErrorOptions & {
  shared?: 'nothing' | 'maybe'
  detail?: string | undefined
  retryable?: boolean
  origin?: Origin | undefined
}

/**
 * What every promise of a wallet rejects with. `code` is one of {@link WALLET_ERROR_CODES} or that of the part below
 * which failed (ProtocolError, WebAuthnError, VaultError, ProverError). The message never holds a secret or a claim.
 */
export class WalletError extends Error {
  override readonly name = 'WalletError'
  /** Stable snake_case code. */
  readonly code: string
  /** Whether the other side may have received anything about the holder. */
  readonly shared: 'nothing' | 'maybe'
  /** The other side's own code, where it gave one. */
  readonly detail: string | undefined
  /** The other side said that the same may succeed when it is tried again. */
  readonly retryable: boolean
  /**
   * Which of the issuers that a request names, where the page could not know: whose server it was, or who issued the card
   * that cannot be shown.
   */
  readonly origin: Origin | undefined

  constructor(code: WalletErrorCode, message: string, options?: WalletErrorOptions)
  constructor(code: string, message: string, options: WalletErrorOptions & { cause: unknown })
  constructor(code: string, message: string, options: WalletErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.shared = options.shared ?? 'nothing'
    this.detail = options.detail
    this.retryable = options.retryable ?? false
    this.origin = options.origin
  }
}

/** Gives any failure its code and says what was shared. A WalletError keeps its own, but never says less was shared. */
export function toWalletError(cause: unknown, shared: 'nothing' | 'maybe' = 'nothing'): WalletError {
  if (cause instanceof WalletError) {
    if (shared === 'nothing' || cause.shared === 'maybe') return cause
    const { code, message, detail, retryable, origin } = cause
    return new WalletError(code, message, { cause, shared, detail, retryable, origin })
  }
  if (isAbort(cause)) return new WalletError('user_cancelled', 'cancelled', { cause, shared })
  const code = codeOf(cause)
  if (code !== undefined && cause instanceof Error) return new WalletError(code, cause.message, { cause, shared })
  return new WalletError('unexpected', 'something failed that has no name of its own', { cause, shared })
}

function isAbort(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'AbortError'
}

/** Codes of our own errors only: those of the platform (`ENOENT`, DOMException numbers) are no API of ours. */
function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined
  return typeof cause.code === 'string' && /^[a-z][a-z0-9_]*$/.test(cause.code) ? cause.code : undefined
}
