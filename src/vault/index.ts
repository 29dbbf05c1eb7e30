export {
  type AutoLock,
  type Clock,
  DEFAULT_AUTO_LOCK,
  readAutoLock,
  SYSTEM_CLOCK,
  toAutoLock,
  writeAutoLock,
} from './auto-lock.ts'
export { DATABASE_NAME, openDatabase, requestPersistence } from './database.ts'
export type { NewAuthenticator } from './enrolment.ts'
export { VAULT_ERROR_CODES, VaultError, type VaultErrorCode } from './error.ts'
export type { LockReason, OpenVault } from './open-vault.ts'
export { newPrfSalts, type PrfKey, type PrfSalts } from './prf-wrap.ts'
export type { Collection } from './records.ts'
export type { CardIndexEntry, Change, KnownSite, TableName, Tables, WalletStore } from './store.ts'
export { createVault, enrolledAuthenticators, unlockVault, type VaultEnvironment } from './vault.ts'
export type { EnrolledAuthenticator } from './vault-file.ts'
