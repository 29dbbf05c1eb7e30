import { Decrypter, Encrypter } from 'age-encryption'
import { type MasterSecret, toMasterSecret } from './derive.ts'
import { VaultError } from './error.ts'

/**
 * Seals the master secret to every recipient in one age file (age-encryption.org/v1, X25519 stanzas). Needs none of
 * the authenticators.
 */
export async function sealMaster(
  master: MasterSecret,
  recipients: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return new Uint8Array(await encrypter.encrypt(master))
}

/**
 * Opens the file with one authenticator's identity. Throws `vault_tampered`: the identity has been checked before, so
 * a file that does not open is not the file that was sealed to it.
 */
export async function unsealMaster(sealed: Uint8Array, identity: string): Promise<MasterSecret> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  let bytes: Uint8Array
  try {
    bytes = await decrypter.decrypt(sealed)
  } catch (cause) {
    throw new VaultError('vault_tampered', 'the sealed file does not open with its own recipient', { cause })
  }
  const master = new Uint8Array(bytes)
  bytes.fill(0)
  return toMasterSecret(master)
}
