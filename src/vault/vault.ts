import { randomBytes } from '../protocol/bytes.ts'
import { type Clock, readAutoLock, SYSTEM_CLOCK } from './auto-lock.ts'
import { deriveFileMacKey, MASTER_SECRET_BYTES, toMasterSecret } from './derive.ts'
import { enrol, type NewAuthenticator, unlockByPrf } from './enrolment.ts'
import { VaultError } from './error.ts'
import { OpenVault } from './open-vault.ts'
import type { PrfKey } from './prf-wrap.ts'
import { sealMaster } from './seal.ts'
import { VAULT_KEY, type WalletStore } from './store.ts'
import {
  authenticatorOf,
  checkVaultFile,
  decode,
  type EnrolledAuthenticator,
  parseVaultFile,
  signVaultFile,
} from './vault-file.ts'

/** What the vault takes from outside. Randomness and clock are the platform's by default. */
export type VaultEnvironment = {
  readonly store: WalletStore
  readonly clock?: Clock
  readonly random?: (length: number) => Uint8Array<ArrayBuffer>
}

/**
 * Makes a vault with a fresh master secret, sealed to its first authenticator, and opens it. Throws `vault_exists` if
 * there is one (also if another tab was quicker), `vault_malformed` for a label or id out of range, and the store's errors.
 */
export async function createVault(
  environment: VaultEnvironment,
  authenticator: NewAuthenticator,
  prfKey: PrfKey,
): Promise<OpenVault> {
  const { store, clock = SYSTEM_CLOCK, random = randomBytes } = environment
  const autoLock = await readAutoLock(store)
  const master = toMasterSecret(random(MASTER_SECRET_BYTES))
  try {
    const enrolment = await enrol(master, authenticator, prfKey, Math.floor(clock.now() / 1000))
    const sealed = await sealMaster(master, [enrolment.recipient])
    const value = parseVaultFile(await signVaultFile(await deriveFileMacKey(master), [enrolment], sealed))
    await store.write([{ action: 'add', table: 'vault', key: VAULT_KEY, value }])
    return await OpenVault.open(master, { store, clock, autoLock, random })
  } catch (cause) {
    master.fill(0)
    if (cause instanceof VaultError && cause.code === 'storage_conflict') {
      throw new VaultError('vault_exists', 'there is a vault on this device already', { cause })
    }
    throw cause
  }
}

/**
 * Opens the vault with the PRF of one of its authenticators. In this order: the file's form, the authenticator's place
 * in it, the key check, the age file, the authenticator's mark on the secret, the MAC over everything.
 * Throws `vault_missing`, `vault_malformed`, `vault_version`, `authenticator_unknown`, `prf_mismatch`,
 * `vault_tampered`, and the store's errors.
 */
export async function unlockVault(
  environment: VaultEnvironment,
  credentialId: string,
  prfKey: PrfKey,
): Promise<OpenVault> {
  const { store, clock = SYSTEM_CLOCK, random = randomBytes } = environment
  const autoLock = await readAutoLock(store)
  const file = await readVaultFile(store)
  if (!file) throw new VaultError('vault_missing', 'there is no vault on this device')
  const enrolment = file.enrolments.find((candidate) => candidate.credentialId === credentialId)
  if (!enrolment) throw new VaultError('authenticator_unknown', 'this authenticator does not open this vault')
  const master = await unlockByPrf(enrolment, prfKey, decode(file.sealed))
  try {
    await checkVaultFile(await deriveFileMacKey(master), file)
    return await OpenVault.open(master, { store, clock, autoLock, random })
  } catch (cause) {
    master.fill(0)
    throw cause
  }
}

/**
 * The authenticators that open the vault on this device, or undefined if there is none. Readable before the touch, and
 * therefore not yet checked by the MAC. Throws `vault_malformed`, `vault_version`.
 */
export async function enrolledAuthenticators(store: WalletStore): Promise<EnrolledAuthenticator[] | undefined> {
  const file = await readVaultFile(store)
  return file?.enrolments.map(authenticatorOf)
}

async function readVaultFile(store: WalletStore) {
  const value = await store.get('vault', VAULT_KEY)
  return value === undefined ? undefined : parseVaultFile(value)
}
