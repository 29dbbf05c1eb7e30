import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startBrowser, type Tab } from './webauthn-harness.ts'
import type {} from './webauthn-page.ts'

let browser: Awaited<ReturnType<typeof startBrowser>>
let tab: Tab

beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser.stop())
beforeEach(async () => {
  tab = await browser.openTab(await browser.newProfile())
  return () => tab.page.context().close()
})

const createWallet = () =>
  tab.page.evaluate(async () => {
    const { opened, store } = await underTest.createWallet()
    const secret = await opened.holderSecret()
    await opened.putRecord('credentials', 'c1', { given: 'kept' })
    opened.lock()
    store.close()
    return secret.toString()
  })

describe('a wallet in a real browser', () => {
  it('opens after a reload with the same authenticator, as the same person', async () => {
    await tab.plug('securityKey')
    const secret = await createWallet()
    await tab.reload()
    const again = await tab.page.evaluate(async () => {
      const { opened } = await underTest.openWallet()
      return { secret: (await opened.holderSecret()).toString(), record: await opened.getRecord('credentials', 'c1') }
    })
    expect(again).toEqual({ secret, record: { given: 'kept' } })
  })

  it('works with a passkey of the computer and with hmac-secret alone', async () => {
    for (const profile of ['platform', 'hmacSecretOnly'] as const) {
      const other = await browser.openTab(await browser.newProfile())
      await other.plug(profile)
      const same = await other.page.evaluate(async () => {
        const made = await underTest.createWallet()
        const secret = await made.opened.holderSecret()
        const { opened } = await underTest.openWallet()
        return secret === (await opened.holderSecret())
      })
      expect(same, profile).toBe(true)
      await other.page.context().close()
    }
  })

  it('opens with a second authenticator once that is added', async () => {
    const first = await tab.plug('securityKey')
    await createWallet()
    const secret = await tab.page.evaluate(async () => {
      const { opened } = await underTest.openWallet()
      Object.assign(globalThis, { opened })
      return (await opened.holderSecret()).toString()
    })
    await tab.unplug(first)
    await tab.plug('securityKey')
    await tab.page.evaluate(async () => {
      const { opened } = globalThis as unknown as Awaited<ReturnType<typeof underTest.openWallet>>
      const registration = await underTest.register()
      const { prfKey } = await underTest.touch([registration])
      await opened.addAuthenticator({ ...registration, label: 'Second' }, prfKey)
    })
    await tab.reload()
    const again = await tab.page.evaluate(async () => {
      const { opened } = await underTest.openWallet()
      return (await opened.holderSecret()).toString()
    })
    expect(again).toBe(secret)
  })

  it('refuses another authenticator’s PRF and the same one’s under other salts', async () => {
    await tab.plug('securityKey')
    await createWallet()
    const codes = await tab.page.evaluate(async () => {
      const { vault, touch, register, codeOf } = underTest
      const store = await vault.openDatabase()
      const [enrolled] = (await vault.enrolledAuthenticators(store)) ?? []
      if (!enrolled) throw new Error('nothing is enrolled')
      const { first, second } = enrolled.prfSalts
      const outputs = {
        right: await touch([enrolled]),
        otherSalts: await touch([{ ...enrolled, prfSalts: { first: second, second: first } }]),
        otherKey: await touch([await register()]),
      }
      const attempt = ({ prfKey }: (typeof outputs)['right']) =>
        codeOf(vault.unlockVault({ store }, enrolled.credentialId, prfKey))
      return [await attempt(outputs.right), await attempt(outputs.otherSalts), await attempt(outputs.otherKey)]
    })
    expect(codes).toEqual([undefined, 'prf_mismatch', 'prf_mismatch'])
  })

  it('is made once, also when two tabs try', async () => {
    await tab.plug('securityKey')
    const codes = await tab.page.evaluate(async () => {
      const { vault, touch, register, codeOf } = underTest
      const registration = await register()
      const { prfKey } = await touch([registration])
      const attempt = async () => {
        const store = await vault.openDatabase()
        return codeOf(vault.createVault({ store }, { ...registration, label: 'First' }, prfKey))
      }
      return Promise.all([attempt(), attempt()])
    })
    expect(codes.sort()).toEqual(['vault_exists', undefined])
  })

  it('gives nothing more after the lock', async () => {
    await tab.plug('securityKey')
    await createWallet()
    const codes = await tab.page.evaluate(async () => {
      const { codeOf, openWallet } = underTest
      const { opened } = await openWallet()
      const reading = opened.getRecord('credentials', 'c1')
      opened.lock()
      const attempts = [
        reading,
        opened.getRecord('credentials', 'c1'),
        opened.putRecord('activity', 'a', 1),
        opened.holderSecret(),
      ]
      return Promise.all(attempts.map(codeOf))
    })
    expect(codes).toEqual(new Array(4).fill('vault_locked'))
  })
})

describe('the canary', () => {
  it('finds master secret, holder secret, PRF output and identity nowhere but in memory', async () => {
    await tab.plug('securityKey')
    const { secrets, visible } = await tab.page.evaluate(async () => {
      const { randomBytes, toBase64url, createWallet } = underTest
      const secrets: number[][] = []
      const genuine = navigator.credentials.get.bind(navigator.credentials)
      navigator.credentials.get = async (options) => {
        const credential = (await genuine(options)) as PublicKeyCredential
        const results = credential.getClientExtensionResults().prf?.results
        for (const bytes of [results?.first, results?.second]) secrets.push([...new Uint8Array(bytes as ArrayBuffer)])
        return credential
      }
      const random = (length: number) => {
        const bytes = randomBytes(length)
        if (length === 32) secrets.push([...bytes])
        return bytes
      }
      const { opened, store, registration } = await createWallet({ random })
      let holder = (await opened.holderSecret()) as bigint
      const holderBytes: number[] = []
      for (; holder > 0n; holder >>= 8n) holderBytes.unshift(Number(holder & 255n))
      secrets.push(holderBytes)
      secrets.push([...new TextEncoder().encode('claim canary')])
      await opened.putRecord('credentials', 'c1', { claim: 'claim canary' })
      const card = {
        issuerOrigin: 'https://issuer.example',
        issuerName: 'visible name',
        kind: 'Person',
        schema: 'AAAA',
      }
      const shown = { validUntil: 50_000, demo: true }
      await store.write([{ action: 'put', table: 'cards', key: 'c1', value: { id: 'c1', ...card, ...shown } }])
      opened.lock()
      return {
        secrets,
        visible: ['visible name', registration.credentialId, toBase64url(registration.prfSalts.first)],
      }
    })
    expect(secrets).toHaveLength(5)
    expect(secrets.every((secret) => secret.length > 10 && secret.some((byte) => byte !== 0))).toBe(true)

    const stored = await tab.page.evaluate(async () => {
      const chunks: string[] = [document.documentElement.outerHTML, document.cookie, location.href]
      const add = (value: unknown): void => {
        if (value instanceof ArrayBuffer) add(new Uint8Array(value))
        else if (ArrayBuffer.isView(value)) {
          const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
          chunks.push(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
        } else if (typeof value === 'object' && value !== null) Object.entries(value).flat().forEach(add)
        else chunks.push(String(value))
      }
      for (const storage of [localStorage, sessionStorage]) add({ ...storage })
      for (const name of await caches.keys()) add(name)
      for (const { name } of await indexedDB.databases()) {
        const opening = indexedDB.open(name ?? '')
        await new Promise((resolve) => opening.addEventListener('success', resolve))
        for (const store of opening.result.objectStoreNames) {
          const reading = opening.result.transaction(store).objectStore(store).getAll()
          await new Promise((resolve) => reading.addEventListener('success', resolve))
          add(reading.result)
        }
        opening.result.close()
      }
      return chunks
    })
    const haystack = Buffer.from([...stored, ...tab.console].join('\n'), 'latin1')
    for (const text of visible) expect(haystack.includes(text), 'what lies in clear is found').toBe(true)
    for (const secret of secrets.map((bytes) => Buffer.from(bytes))) {
      const spellings = [
        secret,
        secret.toString('hex'),
        secret.toString('base64').replace(/=+$/, ''),
        secret.toString('base64url'),
      ]
      const decimal = BigInt(`0x${secret.toString('hex')}`).toString()
      for (const spelling of [...spellings, decimal]) expect(haystack.includes(spelling)).toBe(false)
    }
    expect(haystack.toString('latin1')).not.toMatch(/AGE-SECRET-KEY/i)
  })
})

describe('the database', () => {
  it('lists by prefix, writes all or nothing, and keeps bytes', async () => {
    const seen = await tab.page.evaluate(async () => {
      const { vault, codeOf } = underTest
      const store = await vault.openDatabase()
      const put = (key: string, value: unknown) => ({ action: 'put', table: 'settings', key, value }) as const
      await store.write([put('a/2', 2), put('a/1', new Uint8Array([1, 2])), put('b/1', 3), put('a', 4)])
      const listed = [await store.list('settings', 'a/'), (await store.list('settings')).length]
      const failing = [put('c', 5), { action: 'add', table: 'settings', key: 'a', value: 6 } as const, put('d', 7)]
      const code = await codeOf(store.write(failing))
      await store.write([])
      await store.write([{ action: 'delete', table: 'settings', key: 'b/1' }])
      const left = await Promise.all(['a', 'c', 'd', 'b/1'].map((key) => store.get('settings', key)))
      return { listed, code, left }
    })
    expect(seen.listed).toEqual([[new Uint8Array([1, 2]), 2], 4])
    expect(seen.code).toBe('storage_conflict')
    expect(seen.left).toEqual([4, undefined, undefined, undefined])
  })

  it('keeps what an earlier version stored, and gains the tables that are new', async () => {
    const seen = await tab.page.evaluate(async () => {
      const { vault } = underTest
      const opening = indexedDB.open(vault.DATABASE_NAME, 1)
      opening.addEventListener('upgradeneeded', () => {
        for (const table of ['vault', 'records', 'settings', 'cards', 'schemas', 'sites']) {
          opening.result.createObjectStore(table)
        }
        opening.transaction?.objectStore('settings').put('kept', 'a')
      })
      await new Promise((resolve) => opening.addEventListener('success', resolve))
      opening.result.close()
      const store = await vault.openDatabase()
      await store.write([{ action: 'put', table: 'statusLists', key: 'b', value: new Uint8Array([1]) }])
      return [await store.get('settings', 'a'), await store.get('statusLists', 'b')]
    })
    expect(seen).toEqual(['kept', new Uint8Array([1])])
  })

  it('is gone after a reset, though another tab has it open', async () => {
    await tab.plug('securityKey')
    await createWallet()
    const other = await browser.openTab(tab.page.context())
    await other.page.evaluate(async () => {
      Object.assign(globalThis, { store: await underTest.vault.openDatabase() })
    })
    const left = await tab.page.evaluate(async () => {
      const store = await underTest.vault.openDatabase()
      await store.reset()
      return indexedDB.databases()
    })
    expect(left).toEqual([])
    const code = await other.page.evaluate(async () => {
      const { store } = globalThis as unknown as { store: Awaited<ReturnType<typeof underTest.vault.openDatabase>> }
      return underTest.codeOf(store.get('vault', 'vault'))
    })
    expect(code).toBe('storage_unavailable')
    const enrolled = await tab.page.evaluate(async () =>
      underTest.vault.enrolledAuthenticators(await underTest.vault.openDatabase()),
    )
    expect(enrolled).toBeUndefined()
  })

  it('is emptied by a reset even where a frozen connection stops its deletion', async () => {
    const { code, left } = await tab.page.evaluate(async () => {
      const { vault, codeOf } = underTest
      const store = await vault.openDatabase()
      await store.write([{ action: 'put', table: 'settings', key: 'a', value: 1 }])
      const opening = indexedDB.open(vault.DATABASE_NAME)
      await new Promise((resolve) => opening.addEventListener('success', resolve))
      const code = await codeOf(store.reset())
      const reading = opening.result.transaction('settings').objectStore('settings').getAll()
      await new Promise((resolve) => reading.addEventListener('success', resolve))
      return { code, left: reading.result }
    })
    expect(code).toBe('storage_blocked')
    expect(left).toEqual([])
  })

  it('says when the quota is used up', async () => {
    const quota = (quotaSize?: number) =>
      tab.cdp.send('Storage.overrideQuotaForOrigin', {
        origin: browser.origin,
        ...(quotaSize === undefined ? {} : { quotaSize }),
      })
    const write = () =>
      tab.page.evaluate(async () => {
        const store = await underTest.vault.openDatabase()
        const value = new Uint8Array(3_000_000)
        return underTest.codeOf(store.write([{ action: 'put', table: 'settings', key: 'large', value }]))
      })
    await quota(1_000_000)
    expect(await write()).toBe('storage_full')
    await quota()
    expect(await write()).toBeUndefined()
  })

  it('says when the browser gives none', async () => {
    const code = await tab.page.evaluate(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('no storage here', 'SecurityError')
      }
      return underTest.codeOf(underTest.vault.openDatabase())
    })
    expect(code).toBe('storage_unavailable')
  })

  it('may be asked to stay', async () => {
    const answers = await tab.page.evaluate(async () => {
      const { requestPersistence } = underTest.vault
      const answer = (granted: boolean) => requestPersistence({ persist: async () => granted })
      const failing = requestPersistence({ persist: () => Promise.reject(new TypeError('no')) })
      return [await answer(true), await answer(false), await failing, await requestPersistence()]
    })
    expect(answers.slice(0, 3)).toEqual(['persistent', 'best_effort', 'best_effort'])
    expect(['persistent', 'best_effort']).toContain(answers[3])
  })
})
