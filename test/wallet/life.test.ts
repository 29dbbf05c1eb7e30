import { expect, test } from 'vitest'
import type { Prover } from '../../src/prover/prove.ts'
import { VaultError } from '../../src/vault/index.ts'
import { createWallet, pageExclusive, type WalletOptions, webLocksExclusive } from '../../src/wallet/index.ts'
import { SoftwareAuthenticator } from '../fixtures/software-authenticator.ts'
import { memoryStore } from '../vault/memory-store.ts'
import { pagesOfOneWallet } from './other-pages.ts'
import { refusal, settled } from './rig.ts'

const ORIGIN = 'https://wallet.example'

/** Nothing here proves: a call is a failure of the test. */
const NO_PROVER: Prover = {
  prove: () => Promise.reject(new Error('not expected to prove')),
  prepare: () => Promise.reject(new Error('not expected to prepare')),
  verificationKey: () => Promise.reject(new Error('not expected to verify')),
}

async function makeWallet(options: Partial<WalletOptions> = {}) {
  const authenticator = new SoftwareAuthenticator({ origin: ORIGIN })
  const store = memoryStore()
  const clock = { milliseconds: Date.UTC(2026, 5, 15), timers: new Map<() => void, number>() }
  const wallet = createWallet({
    prover: NO_PROVER,
    keySetHash: 'A'.repeat(43),
    rpId: 'wallet.example',
    origin: ORIGIN,
    openStore: async () => store,
    fetch: () => Promise.reject(new Error('not expected to fetch')),
    authenticator,
    exclusive: pageExclusive(),
    otherPages: pagesOfOneWallet()(),
    missingCapabilities: async () => [],
    clock: {
      now: () => clock.milliseconds,
      after: (milliseconds, callback) => {
        clock.timers.set(callback, clock.milliseconds + milliseconds)
        return () => clock.timers.delete(callback)
      },
    },
    ...options,
  })
  await settled(wallet)
  const pass = (milliseconds: number) => {
    clock.milliseconds += milliseconds
    for (const [callback, due] of [...clock.timers]) if (due <= clock.milliseconds) callback()
  }
  return { wallet, authenticator, store, pass }
}

test('created, locked by hand, opened by one touch', async () => {
  const { wallet, authenticator } = await makeWallet()
  const seen: string[] = []
  wallet.subscribe(() => seen.push(wallet.getState().status))
  await wallet.create({})
  expect(authenticator.withPrf).toEqual([true, true])
  wallet.lock()
  await wallet.unlock({})
  expect(authenticator.touches).toBe(3)
  expect(seen.filter((status, i) => status !== seen[i - 1])).toEqual(['open', 'locked', 'open'])
  await wallet.unlock({})
  expect(authenticator.touches).toBe(3)
})

test('locks itself after the minutes set, and activity puts that off', async () => {
  const { wallet, pass } = await makeWallet()
  await wallet.create({})
  await wallet.changeSettings({ autoLockMinutes: 2 })
  pass(119_000)
  wallet.noteActivity()
  pass(119_000)
  expect(wallet.getState().status).toBe('open')
  pass(1_000)
  expect(wallet.getState().status).toBe('locked')
  expect((await refusal(wallet.activity())).code).toBe('wallet_locked')
})

test('settings outlive the page; what is no setting is refused', async () => {
  const { wallet, store } = await makeWallet()
  expect(wallet.settings()).toEqual({ autoLockMinutes: 5, theme: 'system' })
  await wallet.changeSettings({ theme: 'dark' })
  const { wallet: later } = await makeWallet({ openStore: async () => store })
  expect(later.settings()).toEqual({ autoLockMinutes: 5, theme: 'dark' })
  for (const autoLockMinutes of [0, 61, 1.5]) {
    expect((await refusal(wallet.changeSettings({ autoLockMinutes }))).code).toBe('settings_invalid')
  }
  expect(wallet.settings().autoLockMinutes).toBe(5)
})

test('reading the store again leaves an open wallet open, and locks one that another page has reset', async () => {
  const { wallet, store } = await makeWallet()
  await wallet.create({})
  await wallet.reload()
  expect(wallet.getState().status).toBe('open')
  await store.reset()
  await wallet.reload()
  expect(wallet.getState().status).toBe('none')
  expect((await refusal(wallet.activity())).code).toBe('wallet_locked')
})

test('a second wallet beside the first is refused before any touch', async () => {
  const { wallet, authenticator } = await makeWallet()
  await wallet.create({})
  expect((await refusal(wallet.create({}))).code).toBe('vault_exists')
  expect(authenticator.touches).toBe(2)
})

test('creation: cancelled, or a PRF that gives something else the next time', async () => {
  const { wallet, authenticator, store } = await makeWallet()
  authenticator.faults.cancel = true
  expect((await refusal(wallet.create({}))).code).toBe('user_cancelled')
  expect(store.tables.vault.size).toBe(0)
  authenticator.faults.cancel = false
  await wallet.create({})
  wallet.lock()
  authenticator.faults.wrongPrf = true
  expect((await refusal(wallet.unlock({}))).code).toBe('prf_mismatch')
  expect(wallet.getState().status).toBe('locked')
})

test('another key than the enrolled one opens nothing', async () => {
  const { wallet, store } = await makeWallet()
  await wallet.create({})
  const { wallet: other } = await makeWallet({ openStore: async () => store })
  expect((await refusal(other.unlock({}))).code).toBe('user_cancelled')
  expect(other.getState().status).toBe('locked')
})

test('without a wallet there is nothing to open', async () => {
  const { wallet } = await makeWallet()
  expect((await refusal(wallet.unlock({}))).code).toBe('wallet_missing')
  expect((await refusal(wallet.ways())).code).toBe('wallet_missing')
  expect((await refusal(wallet.credential('x'))).code).toBe('wallet_locked')
})

test('a browser that cannot, and a store that cannot be read until it can', async () => {
  const { wallet } = await makeWallet({ missingCapabilities: async () => ['prf'] })
  expect(wallet.getState()).toEqual({ status: 'unsupported', missing: ['prf'] })
  let blocked = true
  const store = memoryStore()
  const openStore = async () => {
    if (blocked) throw new VaultError('storage_blocked', 'another tab')
    return store
  }
  const { wallet: later } = await makeWallet({ openStore })
  expect(later.getState()).toEqual({ status: 'failed', code: 'storage_blocked' })
  blocked = false
  await later.reload()
  expect(later.getState()).toEqual({ status: 'none' })
})

test('a reset leaves nothing and a new wallet can be made', async () => {
  const { wallet, store } = await makeWallet()
  await wallet.create({})
  await wallet.changeSettings({ theme: 'light' })
  await wallet.reset()
  expect(Object.values(store.tables).map(({ size }) => size)).toEqual([0, 0, 0, 0, 0, 0, 0])
  expect(wallet.getState()).toEqual({ status: 'none' })
  expect(wallet.settings().theme).toBe('system')
  await wallet.create({})
  expect(wallet.getState()).toEqual({ status: 'open' })
})

test('two pages share one ceremony at a time through Web Locks', async () => {
  const held = new Set<string>()
  // The part of LockManager that is used, over all pages.
  const locks = {
    request: async (name: string, _: LockOptions, work: (lock: Lock | null) => Promise<unknown>) => {
      if (held.has(name)) return work(null)
      held.add(name)
      return work({ name, mode: 'exclusive' }).finally(() => held.delete(name))
    },
  } as unknown as LockManager
  const [one, two] = [webLocksExclusive(locks), webLocksExclusive(locks)]
  let release = () => {}
  const first = one(() => new Promise<void>((resolve) => (release = resolve)))
  expect((await refusal(two(async () => 1))).code).toBe('wallet_busy')
  release()
  await first
  expect(await two(async () => 1)).toBe(1)
})
