import { fromBase64url, randomBytes, toBase64url } from '../../src/protocol/bytes.ts'
import * as vault from '../../src/vault/index.ts'
import * as webauthn from '../../src/webauthn/index.ts'

type RegisterChanges = Partial<webauthn.RegistrationOptions>

/** Registers at this page's host with everything a wallet would choose, but for the changes. */
async function register(changes: RegisterChanges = {}) {
  const prfSalts = changes.prfSalts ?? vault.newPrfSalts()
  const registration = await webauthn.registerAuthenticator({
    rpId: location.hostname,
    rpName: 'Touchstone',
    userHandle: randomBytes(16),
    userName: 'wallet',
    challenge: randomBytes(32),
    ...changes,
    prfSalts,
  })
  return { ...registration, prfSalts }
}

/** A touch of one of these, with PRF. */
function touch(credentials: readonly webauthn.AllowedCredential[], challenge: Uint8Array = randomBytes(32)) {
  return webauthn.authenticate({ rpId: location.hostname, challenge, credentials, withPrf: true })
}

type Environment = Omit<vault.VaultEnvironment, 'store'>

/** Makes a wallet in this browser: registration, first touch, vault. */
async function createWallet(environment: Environment = {}) {
  const store = await vault.openDatabase()
  const registration = await register()
  const { prfKey } = await touch([registration])
  const opened = await vault.createVault({ ...environment, store }, { ...registration, label: 'First' }, prfKey)
  return { store, registration, opened }
}

/** Opens the wallet of this browser by a touch of whichever authenticator of it is there. */
async function openWallet(environment: Environment = {}) {
  const store = await vault.openDatabase()
  const enrolled = await vault.enrolledAuthenticators(store)
  const { assertion, prfKey } = await touch(enrolled ?? [])
  const opened = await vault.unlockVault({ ...environment, store }, assertion.credentialId, prfKey)
  return { store, assertion, opened }
}

/** The code an attempt was refused with; undefined if it was not. */
async function codeOf(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : `no code: ${String(error)}`
  }
}

const modules = {
  webauthn,
  vault,
  register,
  touch,
  createWallet,
  openWallet,
  codeOf,
  randomBytes,
  toBase64url,
  fromBase64url,
}

declare global {
  /** What the bundle puts into the page. */
  var underTest: typeof modules
}

globalThis.underTest = modules
