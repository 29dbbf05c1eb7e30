import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { importJWK, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadSigningKey } from '../../sdk/server/signing-key.ts'
import { codeOfAsync } from '../expect-code.ts'

let path: string
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'touchstone-key-')), 'made', 'key.json')
})
afterEach(() => rmSync(dirname(dirname(path)), { recursive: true }))

describe('loadSigningKey', () => {
  it('makes a key that its owner alone can read, and finds it again', async () => {
    const first = await loadSigningKey(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
    const second = await loadSigningKey(path)
    expect(second.publicJwk).toEqual(first.publicJwk)
    expect(second.auditKey).toEqual(first.auditKey)
    expect(first.auditKey).toHaveLength(32)
  })

  it('publishes the public half and signs with the private one', async () => {
    const key = await loadSigningKey(path)
    const { d } = JSON.parse(readFileSync(path, 'utf8'))
    expect(JSON.stringify(key.publicJwk)).not.toContain(d)
    const jws = await key.sign({ hello: 1 })
    const { payload } = await jwtVerify(jws, await importJWK(key.publicJwk, 'ES256'))
    expect(payload).toEqual({ hello: 1 })
  })

  it('ends up with one key where several start together', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => loadSigningKey(path)))
    expect(new Set(keys.map(({ publicJwk }) => publicJwk.kid)).size).toBe(1)
  })

  it('refuses a key that others can read', async () => {
    await loadSigningKey(path)
    for (const mode of [0o640, 0o604, 0o644]) {
      chmodSync(path, mode)
      expect(await codeOfAsync(loadSigningKey(path))).toBe('signing_key_permissions')
    }
    chmodSync(path, 0o600)
    expect(await codeOfAsync(loadSigningKey(path))).toBeUndefined()
  })

  it('refuses a file that is something else', async () => {
    await loadSigningKey(path)
    const good = JSON.parse(readFileSync(path, 'utf8'))
    const { d: _, ...publicOnly } = good
    const wrong = [publicOnly, { ...good, crv: 'P-384' }, { ...good, x: good.y }, { ...good, more: 1 }, null]
    for (const text of [...wrong.map((value) => JSON.stringify(value)), '', 'key']) {
      writeFileSync(path, text)
      expect([text, await codeOfAsync(loadSigningKey(path))]).toEqual([text, 'signing_key_invalid'])
    }
  })
})
