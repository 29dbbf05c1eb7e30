/** Every reason for which the vault refuses. Stable API; the page has a text for each. */
export const VAULT_ERROR_CODES = [
  /** There is a vault here already; creating another would lose it. */
  'vault_exists',
  /** No vault on this device. */
  'vault_missing',
  /** The stored vault is no vault file. */
  'vault_malformed',
  /** The vault was written by a later version of the wallet. */
  'vault_version',
  /** Sealed file, list of authenticators or master secret is not what the vault itself wrote. */
  'vault_tampered',
  /** The vault was locked before or during the call. */
  'vault_locked',
  /** The authenticator that answered is not enrolled in this vault. */
  'authenticator_unknown',
  /** The authenticator to be added is enrolled already. */
  'authenticator_enrolled',
  /** The PRF output is not the one this enrolment was made with. */
  'prf_mismatch',
  /** A sealed record does not open: damaged, moved, or of another vault. */
  'record_corrupt',
  /** The browser gives no database (private mode, blocked storage, broken disk). */
  'storage_unavailable',
  /** The browser's quota or the disk is used up. */
  'storage_full',
  /** Another tab keeps the database open. */
  'storage_blocked',
  /** Something was there already that was to be added. */
  'storage_conflict',
  /** Not a whole number of minutes from 1 to 60. */
  'auto_lock_invalid',
  /** The derived holder secret is zero (probability 2^-254). */
  'holder_secret_zero',
] as const

export type VaultErrorCode = (typeof VAULT_ERROR_CODES)[number]

/** A refusal of the vault. The message never holds a secret, a salt or a record's content. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
  /** Stable snake_case code. */
  readonly code: VaultErrorCode

  constructor(code: VaultErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
