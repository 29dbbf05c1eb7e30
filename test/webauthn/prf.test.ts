import { describe, expect, it } from 'vitest'
import { takePrfKey } from '../../src/webauthn/prf.ts'

const filled = (byte: number, length = 32) => new Uint8Array(length).fill(byte)
const response = (first: Uint8Array<ArrayBuffer>, second?: Uint8Array<ArrayBuffer>) => ({
  other: true,
  prf: { enabled: true, results: { first: first.buffer, ...(second ? { second: second.buffer } : {}) } },
})

async function derived(key: CryptoKey): Promise<Uint8Array> {
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: new Uint8Array(0) }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 256))
}

describe('takePrfKey', () => {
  it('is a key of both evaluations in order, not extractable', async () => {
    const key = await takePrfKey(response(filled(1), filled(2)))
    const bytes = new Uint8Array([...filled(1), ...filled(2)])
    const expected = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits'])
    expect(await derived(key)).toEqual(await derived(expected))
    expect(key.extractable).toBe(false)
    expect(await derived(await takePrfKey(response(filled(2), filled(1))))).not.toEqual(await derived(key))
  })
  it('leaves nothing of the results behind, and everything else', async () => {
    const first = filled(1)
    const second = filled(2)
    const results = response(first, second)
    await takePrfKey(results)
    expect(results).toEqual({ other: true })
    expect([first, second]).toEqual([filled(0), filled(0)])
  })
  it('takes views as well as buffers', async () => {
    const block = new Uint8Array(96).fill(9)
    const views = { prf: { results: { first: block.subarray(0, 32).fill(1), second: block.subarray(32, 64).fill(2) } } }
    const key = await takePrfKey(views)
    expect(await derived(key)).toEqual(await derived(await takePrfKey(response(filled(1), filled(2)))))
    expect(block).toEqual(new Uint8Array([...filled(0, 64), ...filled(9)]))
  })
  it.each([
    ['no prf member', {}],
    ['no results', { prf: { enabled: true } }],
    ['one evaluation', response(filled(1))],
    ['a short first', response(filled(1, 31), filled(2))],
    ['a long second', response(filled(1), filled(2, 33))],
    ['a first of zeros', response(filled(0), filled(2))],
    ['a second of zeros', response(filled(1), filled(0))],
    ['equal evaluations', response(filled(1), filled(1))],
  ])('refuses %s', async (_, results) => {
    await expect(takePrfKey(results)).rejects.toMatchObject({ code: 'prf_unsupported' })
    expect(results).not.toHaveProperty('prf')
  })
})
