import { utf8 } from '../protocol/bytes.ts'

/**
 * Purposes of every key that comes out of HKDF here. They are part of the vault's format: a changed label is another
 * key.
 */
export const HKDF_LABELS = {
  ageIdentity: 'touchstone/v1/vault/age-identity',
  keyCheck: 'touchstone/v1/vault/key-check',
  masterTag: 'touchstone/v1/vault/master-tag',
  holderSecret: 'touchstone/v1/vault/holder-secret',
  recordKey: 'touchstone/v1/vault/record-key',
  fileMac: 'touchstone/v1/vault/file-mac',
} as const

export type HkdfLabel = (typeof HKDF_LABELS)[keyof typeof HKDF_LABELS]

/** HKDF-SHA-256 (RFC 5869) of a key imported for `deriveBits`, to `length` bytes. */
export async function hkdf(
  key: CryptoKey,
  salt: Uint8Array<ArrayBuffer>,
  label: HkdfLabel,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt, info: utf8(label) }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, length * 8))
}
