/** Why the standing of credentials was not changed; nothing was. Codes are stable; the message is for the operator. */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  readonly code: 'credential_unknown' | 'status_change_refused' | 'issuer_records_missing'

  constructor(code: StatusError['code'], message: string) {
    super(message)
    this.code = code
  }
}
