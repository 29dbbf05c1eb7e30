/**
 * Why an issuer refuses, by stable code. `status` is the HTTP status, `retryable` whether the same request may succeed
 * later without change, and the message is fit for a person and holds no claim.
 */
export const ISSUER_REFUSALS = {
  offer_unknown: { status: 404, message: 'There is no such offer here. Ask the issuer for a new link.' },
  offer_expired: { status: 410, message: 'The offer has expired. Ask the issuer for a new link.' },
  offer_used: { status: 410, message: 'The offer has been used. A link gives one credential, once.' },
  acceptance_invalid: { status: 400, message: 'The answer to the offer is not in the form this issuer reads.' },
  proof_invalid: { status: 422, message: 'The proof of the holder secret does not match the offer.' },
  device_key_invalid: { status: 422, message: 'A security key’s public key is not a point of P-256.' },
  device_key_repeated: { status: 422, message: 'The same security key was given twice.' },
  device_assertion_invalid: { status: 422, message: 'A security key did not sign this offer, in an accepted wallet.' },
  issuer_tag_mismatch: {
    status: 409,
    message: 'This person already holds a credential in another wallet, and one person has one wallet here.',
  },
  credential_suspended: {
    status: 409,
    message: 'The credential this person holds is suspended. No other is issued until the issuer has decided about it.',
  },
  status_epoch_unknown: { status: 404, message: 'There is no status list of this number here, or no longer.' },
  form_invalid: { status: 422, message: 'Some fields need another look.' },
  origin_forbidden: { status: 403, message: 'This page takes forms from its own origin only.' },
  body_invalid: { status: 400, message: 'The request’s body is not what its content type says.' },
  body_too_large: { status: 413, message: 'The request is too large.' },
  content_type_invalid: { status: 415, message: 'The request is not of the content type expected here.' },
  not_found: { status: 404, message: 'There is nothing at this address.' },
  rate_limited: { status: 429, message: 'Too many requests. Wait a minute and try again.', retryable: true },
  internal_error: { status: 500, message: 'Something went wrong at the issuer. Nothing was issued.', retryable: true },
} as const satisfies Record<string, { status: number; message: string; retryable?: boolean }>

/** A code of {@link ISSUER_REFUSALS}. */
export type IssuerRefusal = keyof typeof ISSUER_REFUSALS

/** A refusal of {@link ISSUER_REFUSALS}. `cause` says more, for the operator's log. */
export class IssuerError extends Error {
  override readonly name = 'IssuerError'
  readonly code: IssuerRefusal

  constructor(code: IssuerRefusal, options?: ErrorOptions) {
    super(ISSUER_REFUSALS[code].message, options)
    this.code = code
  }

  get status(): number {
    return ISSUER_REFUSALS[this.code].status
  }

  /** The body of the refusal, for wallets. */
  toJSON(): { error: IssuerRefusal; message: string; retryable: boolean } {
    const refusal: { message: string; retryable?: boolean } = ISSUER_REFUSALS[this.code]
    return { error: this.code, message: refusal.message, retryable: refusal.retryable ?? false }
  }
}
