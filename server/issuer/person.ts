import { createHmac, randomBytes } from 'node:crypto'
import { utf8 } from '../../src/protocol/bytes.ts'
import type { Claims } from '../../src/protocol/claim.ts'
import { canonicalJson } from '../../src/protocol/digest.ts'
import { readOrCreateSecret, SecretFileError } from './secret-file.ts'

const KEY_FILE = 'person-key'
const KEY_HEX = /^[0-9a-f]{64}$/

/** The claims that tell people apart. */
export const IDENTITY_CLAIMS = ['birthDate', 'documentNumber', 'familyName', 'givenName'] as const

/** Names a person by 32 bytes that say nothing without the key. */
export type PersonNamer = (claims: Claims) => Uint8Array

/**
 * Who counts as the same person to this issuer: the same names, birth date and document number. The record keeps an
 * HMAC of these under a key that lies with the signing key, so that the database alone names nobody.
 * Throws {@link SecretFileError}.
 */
export function loadPersonNamer(directory: string): PersonNamer {
  const text = readOrCreateSecret({ directory, file: KEY_FILE, create: () => randomBytes(32).toString('hex') })
  if (!KEY_HEX.test(text)) throw new SecretFileError('key_corrupt', `${KEY_FILE} is not a key`)
  const key = Buffer.from(text, 'hex')
  return (claims) =>
    createHmac('sha256', key)
      .update(utf8('touchstone/issuer/person\0'))
      .update(canonicalJson(Object.fromEntries(IDENTITY_CLAIMS.map((name) => [name, claims[name] ?? '']))))
      .digest()
}
