import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { importJWK, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadSigningKey, rotateSigningKey } from '../../sdk/server/signing-key.ts'
import { parseRelyingPartyMetadata } from '../../src/protocol/relying-party.ts'
import { MAX_REQUEST_SECONDS, REQUEST_TYPE } from '../../src/protocol/request.ts'
import { codeOfAsync } from '../expect-code.ts'
import { makeClock, NOON } from '../fixtures/simulated-site.ts'

let path: string
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'touchstone-key-')), 'made', 'key.json')
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(dirname(dirname(path)), { recursive: true })
})

const clock = () => NOON
const load = () => loadSigningKey({ path }, { clock })
const read = () => JSON.parse(readFileSync(path, 'utf8'))

/** A key as earlier versions wrote it. */
const SINGLE = {
  kty: 'EC',
  crv: 'P-256',
  x: '8m4ro864SbQ6Yaodv1uTP8ix54Imd0LIQo_QpLic55M',
  y: '3y56zTkemkEP1oOKbvrnzxqDuCiuVcGv-ae8_Q-83vc',
  d: 'ullqWocssD4w0mA_s62g3nnIu1fh6qjUt3uPvxfn0_k',
  kid: 'first',
}

describe('loadSigningKey', () => {
  it('makes a key that its owner alone can read, and finds it again', async () => {
    const first = await load()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
    const second = await load()
    expect(second.publicJwks()).toEqual(first.publicJwks())
    expect(second.auditKey).toEqual(first.auditKey)
    const derived = [first.auditKey, first.codeKey].map((key) => Buffer.from(key).toString('hex'))
    expect(derived.map((text) => text.length)).toEqual([64, 64])
    expect(new Set(derived).size).toBe(2)
  })

  it('publishes the public half and signs with the private one', async () => {
    const key = await load()
    const { secret, keys } = read()
    for (const hidden of [secret, keys[0].jwk.d]) expect(JSON.stringify(key.publicJwks())).not.toContain(hidden)
    const { payload, protectedHeader } = await verified(key, { hello: 1 })
    expect(payload).toEqual({ hello: 1 })
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: REQUEST_TYPE, kid: key.publicJwks()[0]?.kid })
  })

  it('ends up with one key where several start together', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, load))
    expect(new Set(keys.map((key) => key.publicJwks()[0]?.kid)).size).toBe(1)
  })

  it('refuses a key that others can read', async () => {
    await load()
    for (const mode of [0o640, 0o604, 0o644]) {
      chmodSync(path, mode)
      expect(await codeOfAsync(load())).toBe('signing_key_permissions')
    }
    chmodSync(path, 0o600)
    expect(await codeOfAsync(load())).toBeUndefined()
  })

  it('refuses a file that is something else', async () => {
    await load()
    const good = read()
    const [{ jwk }] = good.keys
    const other = (await rotated()).jwk
    const withJwk = (changed: object) => ({ ...good, keys: [{ signsFrom: 0, jwk: changed }] })
    const { d: _, ...publicOnly } = jwk
    const wrong = [
      withJwk(publicOnly),
      withJwk({ ...jwk, crv: 'P-384' }),
      withJwk({ ...jwk, x: jwk.y }),
      withJwk({ ...jwk, x: other.x, y: other.y }),
      { ...good, keys: [] },
      { ...good, secret: 'short' },
      { ...good, version: 2 },
      { ...good, more: 1 },
      { ...SINGLE, x: SINGLE.y },
      null,
    ]
    for (const text of [...wrong.map((value) => JSON.stringify(value)), '', 'key']) {
      writeFileSync(path, text)
      expect([text, await codeOfAsync(load())]).toEqual([text, 'signing_key_invalid'])
      expect([text, await codeOfAsync(loadSigningKey({ json: text }, { clock }))]).toEqual([
        text,
        'signing_key_invalid',
      ])
    }
    writeFileSync(path, JSON.stringify(withJwk(jwk)))
    expect(await codeOfAsync(load())).toBeUndefined()
  })

  it('reads the single key of earlier versions, and derives what they derived', async () => {
    await load()
    writeFileSync(path, JSON.stringify(SINGLE))
    const key = await load()
    expect(key.publicJwks()).toMatchObject([{ kid: 'first', x: SINGLE.x }])
    expect(Buffer.from(key.auditKey).toString('hex')).toBe(
      '97da5747f5f4c754edc9c6eea022d485b6da2139adfaefad39f1e380061a2efc',
    )
    const { auditKey } = key
    await rotateSigningKey(path, { clock })
    expect((await load()).auditKey).toEqual(auditKey)
  })

  it('takes the text of a file from processes that have none', async () => {
    await load()
    const key = await loadSigningKey({ json: readFileSync(path, 'utf8') }, { clock })
    expect(key.publicJwks()).toEqual((await load()).publicJwks())
    expect(key.codeKey).toEqual((await load()).codeKey)
  })
})

describe('rotateSigningKey', () => {
  it('publishes the new key at once, signs with it thirty seconds later, and drops the old one when its requests are over', async () => {
    await load()
    const { read: now, advance } = makeClock()
    const [old] = (await load()).publicJwks()
    const { kid, signsFrom } = await rotateSigningKey(path, { clock: now })
    expect(signsFrom).toEqual(new Date(NOON.getTime() + 30_000))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const key = await loadSigningKey({ path }, { clock: now })
    const state = async () => ({
      published: key.publicJwks().map((jwk) => jwk.kid),
      signs: (await verified(key, {})).protectedHeader.kid,
    })
    expect(await state()).toEqual({ published: [kid, old?.kid], signs: old?.kid })
    advance(29)
    expect(await state()).toEqual({ published: [kid, old?.kid], signs: old?.kid })
    advance(1)
    expect(await state()).toEqual({ published: [kid, old?.kid], signs: kid })
    advance(MAX_REQUEST_SECONDS + 60 - 1)
    expect(await state()).toEqual({ published: [kid, old?.kid], signs: kid })
    advance(1)
    expect(await state()).toEqual({ published: [kid], signs: kid })
    expect(read().keys).toHaveLength(2)
    await rotateSigningKey(path, { clock: now })
    expect(read().keys).toHaveLength(2)
  })

  it('replaces a stolen key at once, and leaves the secret as it is', async () => {
    const before = await load()
    const { kid } = await rotateSigningKey(path, { clock, immediately: true })
    const after = await load()
    expect(after.publicJwks().map((jwk) => jwk.kid)).toEqual([kid])
    expect((await verified(after, {})).protectedHeader.kid).toBe(kid)
    expect(after.codeKey).toEqual(before.codeKey)
  })

  it('never publishes more keys than a wallet reads', async () => {
    await load()
    for (let count = 1; count < 8; count++) await rotateSigningKey(path, { clock })
    const key = await load()
    const metadata = { version: 1, origin: 'https://wine.example', keys: key.publicJwks() }
    // The origin as the wallet would have it, from where it fetched this.
    expect(() => parseRelyingPartyMetadata(metadata, 'https://wine.example' as never)).not.toThrow()
    expect(await codeOfAsync(rotateSigningKey(path, { clock }))).toBe('signing_key_invalid')
  })

  it('needs a key to take the place of', async () => {
    expect(await codeOfAsync(rotateSigningKey(path, { clock }))).toBe('signing_key_invalid')
  })

  it('is noticed by a process that runs, five seconds later', async () => {
    let milliseconds = 0
    vi.spyOn(performance, 'now').mockImplementation(() => milliseconds)
    const changes: string[] = []
    await load()
    const surroundings = {
      clock,
      onError: (error: unknown) => changes.push(`${error}`),
      onChange: () => changes.push('changed'),
    }
    const key = await loadSigningKey({ path }, surroundings)
    await rotateSigningKey(path, { clock })
    milliseconds = 4_999
    expect(key.publicJwks()).toHaveLength(1)
    milliseconds = 5_000
    expect(key.publicJwks()).toHaveLength(2)
    expect(changes).toEqual(['changed'])
    writeFileSync(path, 'something else')
    utimesSync(path, 1, 1)
    milliseconds = 10_000
    expect(key.publicJwks()).toHaveLength(2)
    expect(changes[1]).toMatch(/holds no signing keys/)
  })
})

async function rotated() {
  await rotateSigningKey(path, { clock })
  return read().keys[0]
}

/** The payload, checked by the key that the header names among those published. */
async function verified(key: Awaited<ReturnType<typeof load>>, payload: Record<string, unknown>) {
  return jwtVerify(key.sign(payload), async ({ kid }) => {
    const jwk = key.publicJwks().find((candidate) => candidate.kid === kid)
    if (!jwk) throw new Error(`${kid} is not published`)
    return importJWK(jwk, 'ES256')
  })
}
