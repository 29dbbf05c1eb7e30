import { identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { toBase64url } from '../../src/protocol/bytes.ts'
import { deriveFileMacKey, toMasterSecret } from '../../src/vault/derive.ts'
import { createVault, enrolledAuthenticators, type NewAuthenticator, unlockVault } from '../../src/vault/index.ts'
import { sealMaster } from '../../src/vault/seal.ts'
import { VAULT_KEY } from '../../src/vault/store.ts'
import { type Enrolment, parseVaultFile, signVaultFile, type VaultFile } from '../../src/vault/vault-file.ts'
import { authenticator, filled, manualClock, prfOf } from './fixtures.ts'
import { type MemoryStore, memoryStore } from './memory-store.ts'

const FIRST = authenticator('AAAA')
const SECOND = authenticator('BBBB', { prfSalts: { first: filled(0x61), second: filled(0x62) } })

async function vaultWith(first: NewAuthenticator = FIRST) {
  const store = memoryStore()
  const clock = manualClock()
  const vault = await createVault({ store, clock }, first, await prfOf(10))
  return { store, clock, vault, secret: await vault.holderSecret() }
}

const fileIn = (store: MemoryStore) => parseVaultFile(store.tables.vault.get(VAULT_KEY))

/** Stores the file with one change. */
function change(store: MemoryStore, make: (file: VaultFile) => object): void {
  store.tables.vault.set(VAULT_KEY, make(fileIn(store)))
}

const changeEnrolment = (store: MemoryStore, changes: Partial<Enrolment>) =>
  change(store, (file) => ({ ...file, enrolments: [{ ...file.enrolments[0], ...changes }] }))

describe('createVault and unlockVault', () => {
  it('give the same person back', async () => {
    const { store, clock, vault, secret } = await vaultWith()
    vault.lock()
    const again = await unlockVault({ store, clock }, 'AAAA', await prfOf(10))
    expect(await again.holderSecret()).toBe(secret)
  })
  it('make another person each time, under the same authenticator', async () => {
    const [one, two] = [await vaultWith(), await vaultWith()]
    expect(one.secret).not.toBe(two.secret)
  })
  it('take randomness from outside', async () => {
    const random = (length: number) => filled(3, length)
    const secrets = await Promise.all(
      [1, 2].map(async () => {
        const vault = await createVault({ store: memoryStore(), clock: manualClock(), random }, FIRST, await prfOf(10))
        return vault.holderSecret()
      }),
    )
    expect(secrets[0]).toBe(secrets[1])
  })
  it('refuse to overwrite a vault', async () => {
    const { store, clock } = await vaultWith()
    const before = fileIn(store)
    const attempt = createVault({ store, clock }, SECOND, await prfOf(20))
    await expect(attempt).rejects.toMatchObject({ code: 'vault_exists' })
    expect(fileIn(store)).toEqual(before)
  })
  it('find no vault on a new device', async () => {
    const store = memoryStore()
    expect(await enrolledAuthenticators(store)).toBeUndefined()
    await expect(unlockVault({ store }, 'AAAA', await prfOf(10))).rejects.toMatchObject({ code: 'vault_missing' })
  })
  it('tell before the touch which authenticators to ask', async () => {
    const { store } = await vaultWith()
    expect(await enrolledAuthenticators(store)).toEqual([{ ...FIRST, enrolledAt: 1_700_000_000 }])
  })
  it('refuse an authenticator whose form would not be readable again', async () => {
    const attempt = createVault({ store: memoryStore() }, { ...FIRST, label: '' }, await prfOf(10))
    await expect(attempt).rejects.toMatchObject({ code: 'vault_malformed' })
  })
})

describe('unlockVault refuses', () => {
  it.each([
    ['another authenticator’s output', 20],
    ['output with the evaluations of another time', 11],
  ])('%s', async (_, byte) => {
    const { store } = await vaultWith()
    await expect(unlockVault({ store }, 'AAAA', await prfOf(byte))).rejects.toMatchObject({ code: 'prf_mismatch' })
  })
  it('an authenticator that is not enrolled', async () => {
    const { store } = await vaultWith()
    const attempt = unlockVault({ store }, 'BBBB', await prfOf(10))
    await expect(attempt).rejects.toMatchObject({ code: 'authenticator_unknown' })
  })

  const swapped = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
  const other = 'age1gvwjdkl6pugywwvaw6jlxsqu8d0q4r4wemel0q5kwk42pk3zvv3q2ayyg2'
  it.each<[string, Partial<Enrolment>, string]>([
    ['a changed label', { label: 'renamed' }, 'vault_tampered'],
    [
      'a changed credential key',
      { publicKey: { x: toBase64url(filled(9)), y: toBase64url(filled(9)) } },
      'vault_tampered',
    ],
    ['a recipient of someone else', { recipient: other }, 'vault_tampered'],
    ['another mark on the secret', { masterTag: toBase64url(filled(9)) }, 'vault_tampered'],
    ['a changed date', { enrolledAt: 5 }, 'vault_tampered'],
    ['other salts', { prfSalts: { first: toBase64url(filled(1)), second: toBase64url(filled(2)) } }, 'prf_mismatch'],
    ['another key check', { keyCheck: toBase64url(filled(9, 16)) }, 'prf_mismatch'],
  ])('%s', async (_, changes, code) => {
    const { store } = await vaultWith()
    changeEnrolment(store, changes)
    await expect(unlockVault({ store }, 'AAAA', await prfOf(10))).rejects.toMatchObject({ code })
  })
  it.each<[string, (file: VaultFile) => object, string]>([
    ['another MAC', (file) => ({ ...file, mac: swapped(file.mac) }), 'vault_tampered'],
    ['a changed sealed file', (file) => ({ ...file, sealed: file.sealed.replace(/.{4}$/, 'AAAA') }), 'vault_tampered'],
    ['a later version', (file) => ({ ...file, version: 2 }), 'vault_version'],
    ['another format', (file) => ({ ...file, format: 'other' }), 'vault_malformed'],
    ['a member too many', (file) => ({ ...file, more: 1 }), 'vault_malformed'],
    ['no authenticators', (file) => ({ ...file, enrolments: [] }), 'vault_malformed'],
    ['something that is no file', () => [], 'vault_malformed'],
  ])('%s', async (_, make, code) => {
    const { store } = await vaultWith()
    change(store, make)
    await expect(unlockVault({ store }, 'AAAA', await prfOf(10))).rejects.toMatchObject({ code })
  })

  it('a secret of the attacker’s choice, sealed to the person’s own recipient with a genuine MAC', async () => {
    const { store } = await vaultWith()
    const { enrolments } = fileIn(store)
    const chosen = toMasterSecret(filled(0x66))
    const sealed = await sealMaster(
      chosen,
      enrolments.map(({ recipient }) => recipient),
    )
    store.tables.vault.set(VAULT_KEY, await signVaultFile(await deriveFileMacKey(chosen), enrolments, sealed))
    await expect(unlockVault({ store }, 'AAAA', await prfOf(10))).rejects.toMatchObject({ code: 'vault_tampered' })
  })
})

describe('addAuthenticator', () => {
  it('lets either authenticator open the same vault', async () => {
    const { store, clock, vault, secret } = await vaultWith()
    const before = fileIn(store)
    const all = await vault.addAuthenticator(SECOND, await prfOf(20))
    expect(all.map(({ credentialId }) => credentialId)).toEqual(['AAAA', 'BBBB'])
    expect(fileIn(store).enrolments[0]).toEqual(before.enrolments[0])
    expect(fileIn(store).sealed).not.toBe(before.sealed)
    for (const [id, byte] of [
      ['AAAA', 10],
      ['BBBB', 20],
    ] as const) {
      const again = await unlockVault({ store, clock }, id, await prfOf(byte))
      expect(await again.holderSecret()).toBe(secret)
    }
  })
  it('does not let one open in the other’s name', async () => {
    const { store, clock, vault } = await vaultWith()
    await vault.addAuthenticator(SECOND, await prfOf(20))
    const attempt = unlockVault({ store, clock }, 'BBBB', await prfOf(10))
    await expect(attempt).rejects.toMatchObject({ code: 'prf_mismatch' })
  })
  it('refuses one that is enrolled', async () => {
    const { vault } = await vaultWith()
    const attempt = vault.addAuthenticator({ ...SECOND, credentialId: 'AAAA' }, await prfOf(20))
    await expect(attempt).rejects.toMatchObject({ code: 'authenticator_enrolled' })
  })
  it('refuses to build on a file that was changed', async () => {
    const { store, vault } = await vaultWith()
    const recipient = await identityToRecipient(
      'AGE-SECRET-KEY-1GGG4703P9PMAWTE7TRS5NEYXXPWJD8NTCZUD9XUDE64QA60EG8USM6RZ96',
    )
    changeEnrolment(store, { recipient })
    const attempt = vault.addAuthenticator(SECOND, await prfOf(20))
    await expect(attempt).rejects.toMatchObject({ code: 'vault_tampered' })
  })
  it('never seals a secret that a lock has filled with zeros', async () => {
    const { store, clock, vault, secret } = await vaultWith()
    const before = fileIn(store)
    const attempt = vault.addAuthenticator(SECOND, await prfOf(20))
    vault.lock()
    await expect(attempt).rejects.toMatchObject({ code: 'vault_locked' })
    expect(fileIn(store)).toEqual(before)
    const again = await unlockVault({ store, clock }, 'AAAA', await prfOf(10))
    expect(await again.holderSecret()).toBe(secret)
  })
})
