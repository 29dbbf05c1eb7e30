import { describe, expect, it, vi } from 'vitest'
import { type AutoLock, createVault, unlockVault, writeAutoLock } from '../../src/vault/index.ts'
import type { CardIndexEntry } from '../../src/vault/store.ts'
import { authenticator, filled, manualClock, prfOf } from './fixtures.ts'
import { memoryStore } from './memory-store.ts'

const MINUTE = 60_000

async function openVault(autoLock?: AutoLock) {
  const store = memoryStore()
  const clock = manualClock()
  if (autoLock !== undefined) await writeAutoLock(store, autoLock)
  const vault = await createVault({ store, clock }, authenticator('AAAA'), await prfOf(10))
  return { store, clock, vault }
}

const CARD: CardIndexEntry = {
  id: 'c1',
  issuerOrigin: 'https://issuer.example',
  issuerName: 'Issuer',
  kind: 'Person',
  schema: 'AAAA',
  validUntil: 50_000,
  demo: true,
}

describe('records', () => {
  it('are stored sealed, and listed by id', async () => {
    const { store, vault } = await openVault()
    await vault.putRecord('credentials', 'b', { claim: 'canary' })
    await vault.putRecord('credentials', 'a', 1)
    await vault.putRecord('activity', 'c', 2)
    expect(await vault.getRecord('credentials', 'b')).toEqual({ claim: 'canary' })
    expect(await vault.getRecord('credentials', 'c')).toBeUndefined()
    expect(await vault.listRecords('credentials')).toEqual([
      { id: 'a', value: 1 },
      { id: 'b', value: { claim: 'canary' } },
    ])
    expect(Buffer.from(JSON.stringify([...store.tables.records.values()])).includes('canary')).toBe(false)
  })
  it('change together with what lies in clear, or not at all', async () => {
    const { store, vault } = await openVault()
    const add = { action: 'add', table: 'cards', key: 'c1', value: CARD } as const
    await vault.putRecord('credentials', 'c1', 1, [add])
    expect(await store.list('cards')).toEqual([CARD])
    await expect(vault.putRecord('credentials', 'c1', 2, [add])).rejects.toMatchObject({ code: 'storage_conflict' })
    expect(await vault.getRecord('credentials', 'c1')).toBe(1)
    await vault.deleteRecord('credentials', 'c1', [{ action: 'delete', table: 'cards', key: 'c1' }])
    expect(await vault.getRecord('credentials', 'c1')).toBeUndefined()
    expect(await store.list('cards')).toEqual([])
  })
  it('open again after the vault was locked and unlocked', async () => {
    const { store, clock, vault } = await openVault()
    await vault.putRecord('activity', 'a', [1])
    vault.lock()
    const again = await unlockVault({ store, clock }, 'AAAA', await prfOf(10))
    expect(await again.getRecord('activity', 'a')).toEqual([1])
  })
  it('that were moved to another place do not open', async () => {
    const { store, vault } = await openVault()
    await vault.putRecord('credentials', 'a', 1)
    const moved = store.tables.records.get('credentials/a')
    store.tables.records.set('credentials/b', moved)
    await expect(vault.getRecord('credentials', 'b')).rejects.toMatchObject({ code: 'record_corrupt' })
  })
})

describe('lock', () => {
  it('fills the master secret with zeros', async () => {
    const handedOut: Uint8Array[] = []
    const random = (length: number) => {
      const bytes = filled(3, length)
      handedOut.push(bytes)
      return bytes
    }
    const environment = { store: memoryStore(), clock: manualClock(), random }
    const vault = await createVault(environment, authenticator('AAAA'), await prfOf(10))
    expect(handedOut).toEqual([filled(3)])
    vault.lock()
    expect(handedOut).toEqual([filled(0)])
  })
  it('refuses everything afterwards', async () => {
    const { vault } = await openVault()
    await vault.putRecord('activity', 'a', 1)
    vault.lock()
    expect(vault.locked).toBe(true)
    const attempts = [
      () => vault.holderSecret(),
      () => vault.putRecord('activity', 'b', 1),
      () => vault.getRecord('activity', 'a'),
      () => vault.listRecords('activity'),
      () => vault.deleteRecord('activity', 'a'),
      async () => vault.addAuthenticator(authenticator('BBBB'), await prfOf(20)),
      async () => vault.setAutoLock(1),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'vault_locked' })
  })
  it('keeps back what was being opened', async () => {
    const { vault } = await openVault()
    await vault.putRecord('activity', 'a', 1)
    const attempts = [vault.getRecord('activity', 'a'), vault.holderSecret()]
    vault.lock()
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: 'vault_locked' })
  })
  it('tells its listeners once, and not those that left', async () => {
    const { vault } = await openVault()
    const [stays, leaves] = [vi.fn(), vi.fn()]
    vault.onLock(stays)
    vault.onLock(leaves)()
    vault.lock()
    vault.lock()
    expect(stays.mock.calls).toEqual([['asked']])
    expect(leaves).not.toHaveBeenCalled()
  })
})

describe('auto-lock', () => {
  it('comes after five minutes unless told otherwise', async () => {
    const { clock, vault } = await openVault()
    const listener = vi.fn()
    vault.onLock(listener)
    clock.pass(5 * MINUTE - 1)
    expect(vault.locked).toBe(false)
    clock.pass(1)
    expect(vault.locked).toBe(true)
    expect(listener.mock.calls).toEqual([['idle']])
  })
  it('begins anew with activity, and not with use: a site can cause that', async () => {
    const { clock, vault } = await openVault(1)
    clock.pass(MINUTE - 1)
    vault.noteActivity()
    clock.pass(MINUTE - 1)
    await vault.holderSecret()
    await vault.putRecord('activity', 'a', 1)
    await vault.listRecords('activity')
    expect(vault.locked).toBe(false)
    clock.pass(1)
    expect(vault.locked).toBe(true)
  })
  it('waits while the vault is held open, and comes at once when it is let go', async () => {
    const { clock, vault } = await openVault(1)
    const [letGo, letGoToo] = [vault.holdOpen(), vault.holdOpen()]
    clock.pass(5 * MINUTE)
    letGo()
    letGo()
    expect(vault.locked).toBe(false)
    await vault.holderSecret()
    letGoToo()
    expect(vault.locked).toBe(true)
  })
  it('counts activity while the vault is held open', async () => {
    const { clock, vault } = await openVault(1)
    const letGo = vault.holdOpen()
    clock.pass(5 * MINUTE)
    vault.noteActivity()
    letGo()
    expect(vault.locked).toBe(false)
    clock.pass(MINUTE)
    expect(vault.locked).toBe(true)
  })
  it('is not needed for a lock that is asked for: being held open does not stop that', async () => {
    const { vault } = await openVault(1)
    const letGo = vault.holdOpen()
    vault.lock()
    expect(vault.locked).toBe(true)
    letGo()
  })
  it('comes on waking, if the machine slept through the timer', async () => {
    const { clock, vault } = await openVault(1)
    clock.sleep(MINUTE)
    await expect(vault.holderSecret()).rejects.toMatchObject({ code: 'vault_locked' })
  })
  it('is not revived by activity after its time', async () => {
    const { clock, vault } = await openVault(1)
    clock.sleep(MINUTE)
    vault.noteActivity()
    expect(vault.locked).toBe(true)
  })
  it('takes another setting at once', async () => {
    const { clock, vault } = await openVault(60)
    vault.setAutoLock(2)
    clock.pass(2 * MINUTE)
    expect(vault.locked).toBe(true)
  })
  it.each([0, 61, 1.5, Number.NaN, '5', 'on_close', null])(
    'refuses the setting %s and keeps counting',
    async (value) => {
      const { clock, vault } = await openVault(1)
      // Wrong on purpose: a setting comes from a form.
      expect(() => vault.setAutoLock(value as AutoLock)).toThrow(expect.objectContaining({ code: 'auto_lock_invalid' }))
      clock.pass(MINUTE)
      expect(vault.locked).toBe(true)
    },
  )
  it('does not keep a person out over a damaged setting', async () => {
    const { store, clock } = await openVault()
    store.tables.settings.set('autoLock', { damaged: true })
    const vault = await unlockVault({ store, clock }, 'AAAA', await prfOf(10))
    clock.pass(5 * MINUTE)
    expect(vault.locked).toBe(true)
  })
})
