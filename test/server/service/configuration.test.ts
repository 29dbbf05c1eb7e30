import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfiguration } from '../../../server/service/configuration.ts'
import { ConfigurationError } from '../../../server/service/configuration-error.ts'
import { EXAMPLE_SECRET, weaknessOf } from '../../../server/service/secret-strength.ts'

const API_KEY = 'q2xT9rVb4LwZp8NcKe71YhGdUsMf35Jo'

let directory: string
let good: Record<string, string>
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-configuration-'))
  good = {
    TOUCHSTONE_ORIGIN: 'https://shop.example',
    TOUCHSTONE_WALLET_ORIGIN: 'https://wallet.example',
    TOUCHSTONE_REQUESTS: file('requests.json', '{"signIn":{"type":"login","id":"login"}}'),
    TOUCHSTONE_KEY_SETS: '/srv/keys',
    TOUCHSTONE_API_KEYS: API_KEY,
    TOUCHSTONE_TRUSTED_PROXIES: 'none',
  }
})
afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, text: string, mode = 0o600): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

/** The faults that a change of the good environment brings, as `variable: message`. */
function faultsOf(changes: Record<string, string | undefined>): string[] {
  try {
    readConfiguration({ ...good, ...changes })
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    expect(error.code).toBe('configuration_invalid')
    return error.faults.map(({ variable, message }) => `${variable}: ${message}`)
  }
}

describe('the configuration', () => {
  it('takes what is needed and fills in the rest', () => {
    const configuration = readConfiguration({ ...good, TOUCHSTONE_ISSUERS: '', PATH: '/bin' })
    expect(configuration).toMatchObject({
      TOUCHSTONE_MODE: 'production',
      TOUCHSTONE_PORT: 4410,
      TOUCHSTONE_TRUSTED_PROXIES: [],
      TOUCHSTONE_REQUESTS: { signIn: { type: 'login', id: 'login' } },
      TOUCHSTONE_SIGNING_KEY: { path: 'touchstone/signing-key.json' },
      TOUCHSTONE_API_KEYS: [API_KEY],
    })
    expect(configuration.TOUCHSTONE_ISSUERS).toBeUndefined()
  })

  it('reads secrets from files, and databases of both kinds', () => {
    const { TOUCHSTONE_API_KEYS: _, ...rest } = good
    const keys = file('api-keys', `${API_KEY}\nsha256:${'ab'.repeat(32)}\n`)
    const database = file('database', 'postgres://service@db/touchstone\n')
    const read = readConfiguration({ ...rest, TOUCHSTONE_API_KEYS_FILE: keys, TOUCHSTONE_DATABASE_FILE: database })
    expect(read.TOUCHSTONE_API_KEYS).toEqual([API_KEY, `sha256:${'ab'.repeat(32)}`])
    expect(read.TOUCHSTONE_DATABASE).toEqual({ url: 'postgres://service@db/touchstone' })
    expect(readConfiguration({ ...good, TOUCHSTONE_DATABASE: 'a/b.sqlite' }).TOUCHSTONE_DATABASE).toEqual({
      path: 'a/b.sqlite',
    })
  })

  it('says all that is wrong at once, each by its name and with what was wanted', () => {
    expect(
      faultsOf({
        TOUCHSTONE_ORIGIN: undefined,
        TOUCHSTONE_WALLET_ORIGIN: 'wallet.example',
        TOUCHSTONE_PORT: '99999',
        TOUCHSTONE_TRUSTED_PROXIES: '10.0.0.0/33',
        TOUCHSTONE_PROT: '1',
        TOUCHSTONE_PORT_FILE: '/x',
        TOUCHSTONE_SESSION_SECONDS: '5',
      }),
    ).toEqual([
      'TOUCHSTONE_PROT: there is no such variable',
      'TOUCHSTONE_PORT_FILE: there is no such variable',
      'TOUCHSTONE_ORIGIN: is missing; wanted: the site’s origin, such as https://shop.example',
      'TOUCHSTONE_WALLET_ORIGIN: is "wallet.example"; wanted: the wallet’s origin, such as https://wallet.example',
      'TOUCHSTONE_PORT: is "99999"; wanted: a port from 0 to 65535',
      'TOUCHSTONE_TRUSTED_PROXIES: is "10.0.0.0/33"; wanted: "none", or addresses and ranges with commas between, such as 10.0.0.0/8',
      'TOUCHSTONE_SESSION_SECONDS: is "5"; wanted: a whole number from 30 to 600',
    ])
  })

  it('says what is wrong with a secret without showing it', () => {
    const secret = 'mysql://user:hunter2hunter2@db/x'
    const [fault = ''] = faultsOf({ TOUCHSTONE_DATABASE: secret })
    expect(fault).toMatch(/^TOUCHSTONE_DATABASE: what it holds is not right; wanted: postgres/)
    expect(fault).not.toContain('hunter2')
  })

  it.each([
    [{ TOUCHSTONE_DATABASE_FILE: '/nowhere/at/all' }, /^TOUCHSTONE_DATABASE_FILE: .*ENOENT/],
    [{ TOUCHSTONE_API_KEYS_FILE: '/nowhere' }, /^TOUCHSTONE_API_KEYS_FILE: give this or TOUCHSTONE_API_KEYS, not both/],
    [{ TOUCHSTONE_REQUESTS: '/nowhere' }, /^TOUCHSTONE_REQUESTS: .*ENOENT/],
    [{ TOUCHSTONE_SIGNING_KEY: 'abc' }, /^TOUCHSTONE_SIGNING_KEY: what it holds/],
    [{ TOUCHSTONE_MODE: 'prod' }, /^TOUCHSTONE_MODE: is "prod"/],
  ])('refuses %o', (changes, expected) => {
    const faults = faultsOf(changes)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(expected)
  })

  it('refuses a file of requests that is none', () => {
    for (const text of ['[]', '{}', '{', 'null']) {
      const [fault = ''] = faultsOf({ TOUCHSTONE_REQUESTS: file('bad.json', text) })
      expect(fault).toMatch(/^TOUCHSTONE_REQUESTS: .* holds no JSON object with a request/)
    }
  })
})

describe('production', () => {
  it('wants to know whose word about clients counts', () => {
    const unsaid = faultsOf({ TOUCHSTONE_TRUSTED_PROXIES: undefined })
    expect(unsaid).toEqual([expect.stringMatching(/^TOUCHSTONE_TRUSTED_PROXIES: behind a proxy that is not named/)])
  })

  it.each([
    [{ TOUCHSTONE_ORIGIN: 'http://shop.localhost:8000' }, 'TOUCHSTONE_ORIGIN', 'an https origin'],
    [{ TOUCHSTONE_WALLET_ORIGIN: 'http://wallet.localhost' }, 'TOUCHSTONE_WALLET_ORIGIN', 'an https origin'],
    [{ TOUCHSTONE_KEY_SETS: undefined }, 'TOUCHSTONE_KEY_SETS', 'names the key sets'],
    [{ TOUCHSTONE_ALLOW_DEVELOPMENT_KEYS: 'true' }, 'TOUCHSTONE_ALLOW_DEVELOPMENT_KEYS', 'anyone can forge'],
    [{ TOUCHSTONE_API_KEYS: 'changeme' }, 'TOUCHSTONE_API_KEYS', 'everybody knows'],
    [{ TOUCHSTONE_API_KEYS: `${API_KEY},changeme123` }, 'TOUCHSTONE_API_KEYS', 'key 2 is one that everybody knows'],
    [{ TOUCHSTONE_API_KEYS: EXAMPLE_SECRET }, 'TOUCHSTONE_API_KEYS', 'of the example'],
    [{ TOUCHSTONE_API_KEYS: 'a1B2c3D4e5F6' }, 'TOUCHSTONE_API_KEYS', 'shorter than'],
    [{ TOUCHSTONE_API_KEYS: 'abababababababababababab' }, 'TOUCHSTONE_API_KEYS', 'too little chance'],
    [{ TOUCHSTONE_DATABASE: 'postgres://postgres:postgres@db/x' }, 'TOUCHSTONE_DATABASE', 'everybody knows'],
    [{ TOUCHSTONE_REDIS: 'redis://:secret@cache' }, 'TOUCHSTONE_REDIS', 'everybody knows'],
  ])('refuses %o, which development takes', (changes, variable, message) => {
    const faults = faultsOf(changes)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(new RegExp(`^${variable}: .*${message}`))
    expect(faultsOf({ ...changes, TOUCHSTONE_MODE: 'development' })).toEqual([])
  })

  it('refuses a file of secrets that everybody can read', () => {
    const key = file('open.json', '{"kty":"EC"}', 0o644)
    expect(faultsOf({ TOUCHSTONE_SIGNING_KEY_FILE: key })).toEqual([
      `TOUCHSTONE_SIGNING_KEY_FILE: everybody can read ${key}: chmod o-rwx it`,
    ])
    chmodSync(key, 0o640)
    expect(faultsOf({ TOUCHSTONE_SIGNING_KEY_FILE: key })).toEqual([])
  })

  it('is what a bad mode is judged by, too', () => {
    expect(faultsOf({ TOUCHSTONE_MODE: 'dev', TOUCHSTONE_API_KEYS: 'changeme' })).toHaveLength(2)
  })

  it('has nothing against secrets from a random source', () => {
    expect(weaknessOf(API_KEY)).toBeUndefined()
    expect(weaknessOf('3f9a1c0d5b7e2468ace013579bdf8642')).toBeUndefined()
    expect(weaknessOf('touchstone-touchstone-1')).toMatch(/known word/)
  })
})
