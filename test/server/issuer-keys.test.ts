import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadPersonNamer } from '../../server/issuer/person.ts'
import { loadSigningKeys, RENEW_DAYS } from '../../server/issuer/signing-key.ts'
import { loadStatusKey } from '../../server/issuer/status-key.ts'
import { dayOf, type UnixSeconds } from '../../src/protocol/day.ts'
import { randomField, toField } from '../../src/protocol/field.ts'
import { isIssuerKey, verifyIssuerSignature } from '../../src/protocol/issuer-signature.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { publicKeyShape } from '../../src/protocol/public-key.ts'
import { parseStatusHistory, serializeStatusHistory } from '../../src/protocol/status-history.ts'
import { codeOf, codeOfAsync } from '../expect-code.ts'
import { makeIssuer } from '../fixtures/issuer.ts'

const NOW = new Date('2026-11-20T12:00:00Z')

let parent: string
let directory: string

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'touchstone-keys-'))
  directory = join(parent, 'keys')
})
afterEach(() => rmSync(parent, { recursive: true }))

function load(now = NOW) {
  return loadSigningKeys({ directory, now }).current
}

/** Noon, so many days later. */
function later(days: number): Date {
  return new Date(NOW.getTime() + days * 86_400_000)
}

function mode(path: string): number {
  return statSync(path).mode & 0o777
}

describe('loadSigningKeys', () => {
  it('makes a key at the first start, for its owner only, and finds it again later', () => {
    const { published, sign } = load()
    expect(mode(directory)).toBe(0o700)
    expect(mode(join(directory, 'signing-key.json'))).toBe(0o600)
    expect(isIssuerKey(published.point)).toBe(true)
    expect(published).toMatchObject({ notBefore: dayOf(NOW), notAfter: dayOf(NOW) + 730 })
    expect(load(new Date('2027-06-01T00:00:00Z')).published).toEqual(published)

    const message = randomField()
    expect(verifyIssuerSignature(published.point, message, sign(message))).toBe(true)
    expect(verifyIssuerSignature(published.point, toField(1), sign(message))).toBe(false)
  })

  it('makes another one in another place', () => {
    const other = loadSigningKeys({ directory: join(parent, 'others'), now: NOW })
    expect(other.current.published.keyId).not.toBe(load().published.keyId)
  })

  it('makes the next key when the newest is near its end, and keeps publishing the old one', () => {
    const first = load().published
    const renewal = 730 - RENEW_DAYS + 1
    expect(loadSigningKeys({ directory, now: later(renewal - 1) }).published).toEqual([first])
    const { published, current } = loadSigningKeys({ directory, now: later(renewal) })
    expect(published).toEqual([current.published, first])
    expect(current.published.keyId).not.toBe(first.keyId)
    expect(current.published).toMatchObject({ notBefore: dayOf(later(renewal)), notAfter: dayOf(later(renewal)) + 730 })
    expect(mode(join(directory, 'signing-key-2.json'))).toBe(0o600)
    expect(loadSigningKeys({ directory, now: later(731) }).published).toEqual(published)
    // A clock that was wrong for a day must not leave an issuer that signs with a key of the future.
    expect(load(later(1)).published).toEqual(first)
  })

  it('key_permissions: the file or its directory open to a group or to others', () => {
    load()
    const file = join(directory, 'signing-key.json')
    for (const [path, open] of [
      [file, 0o640],
      [file, 0o604],
      [directory, 0o710],
      [directory, 0o701],
    ] as const) {
      const closed = mode(path)
      chmodSync(path, open)
      expect(codeOf(load)).toBe('key_permissions')
      chmodSync(path, closed)
      expect(codeOf(load)).toBeUndefined()
    }
  })

  it('key_corrupt: without a word of what the file holds', () => {
    load()
    const file = join(directory, 'signing-key.json')
    const good = readFileSync(file, 'utf8')
    const { privateKey } = JSON.parse(good)
    const bad = [
      good.slice(0, -1),
      '',
      good.replace(privateKey, privateKey.slice(2)),
      good.replace('"version":1', '"version":2'),
      good.replace(/"notAfter":"[^"]*"/, '"notAfter":"2026-02-30"'),
      good.replace('{', '{"extra":1,'),
    ]
    for (const text of bad) {
      writeFileSync(file, text)
      expect(codeOf(load)).toBe('key_corrupt')
      expect(() => load()).not.toThrow(privateKey.slice(2))
    }
  })
})

describe('loadStatusKey', () => {
  const origin = parseOrigin('https://issuer.example')
  const epoch = {
    issuer: origin,
    epoch: 1,
    root: toField(5),
    keys: makeIssuer().metadata.keys,
    publishedAt: 1_795_176_000 as UnixSeconds,
  }

  it('makes a key at the first start, for its owner only, and finds it again later', async () => {
    const { published, sign } = await loadStatusKey(directory)
    expect(mode(join(directory, 'status-key.json'))).toBe(0o600)
    expect(publicKeyShape.safeParse(published).success).toBe(true)
    expect((await loadStatusKey(directory)).published).toEqual(published)
    const history = serializeStatusHistory([await sign(epoch)])
    expect(await parseStatusHistory(history, { origin, statusKeys: [published] })).toEqual([
      { ...epoch, supersededAt: undefined },
    ])
    const other = { ...(await loadStatusKey(join(parent, 'others'))).published, kid: published.kid }
    expect(await codeOfAsync(parseStatusHistory(history, { origin, statusKeys: [other] }))).toBe(
      'status_history_invalid',
    )
  })

  it('key_permissions: the file open to others', async () => {
    await loadStatusKey(directory)
    chmodSync(join(directory, 'status-key.json'), 0o604)
    expect(await codeOfAsync(loadStatusKey(directory))).toBe('key_permissions')
    chmodSync(join(directory, 'status-key.json'), 0o600)
    expect(await codeOfAsync(loadStatusKey(directory))).toBeUndefined()
  })

  it('key_corrupt: without a word of what the file holds', async () => {
    await loadStatusKey(directory)
    const file = join(directory, 'status-key.json')
    const good = readFileSync(file, 'utf8')
    const { privateKey } = JSON.parse(good)
    for (const text of [
      good.slice(0, -1),
      good.replace(privateKey, privateKey.slice(2)),
      good.replace(privateKey, '0'.repeat(64)),
      good.replace(privateKey, 'f'.repeat(64)),
      good.replace('{', '{"extra":1,'),
    ]) {
      writeFileSync(file, text)
      const error = await loadStatusKey(directory).catch((error: unknown) => error)
      expect(error).toMatchObject({ code: 'key_corrupt' })
      expect(String(error)).not.toContain(privateKey.slice(2))
    }
    writeFileSync(file, good)
    expect(await codeOfAsync(loadStatusKey(directory))).toBeUndefined()
  })
})

describe('loadPersonNamer', () => {
  const person = { givenName: 'Robin', familyName: 'Ashdown', birthDate: '1990-05-17', documentNumber: 'TS1' }

  it('names one person alike, and nobody else, and says nothing elsewhere', () => {
    const nameOf = loadPersonNamer(directory)
    const name = Buffer.from(nameOf(person)).toString('hex')
    expect(name).toHaveLength(64)
    const again = loadPersonNamer(directory)({ ...person, nationality: 'NL', residence: 'BE' })
    expect(Buffer.from(again).toString('hex')).toBe(name)
    for (const claim of Object.keys(person)) {
      expect(Buffer.from(nameOf({ ...person, [claim]: 'x' })).toString('hex')).not.toBe(name)
    }
    expect(Buffer.from(loadPersonNamer(join(parent, 'others'))(person)).toString('hex')).not.toBe(name)
  })
})
