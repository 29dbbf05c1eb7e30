import { describe, expect, it } from 'vitest'
import { deriveRecordKey, toMasterSecret } from '../../src/vault/derive.ts'
import { openRecord, sealRecord } from '../../src/vault/records.ts'
import { filled } from './fixtures.ts'

const key = await deriveRecordKey(toMasterSecret(filled(7)))
const PLACE = { collection: 'credentials', id: 'one' } as const
const VALUE = { claim: 'in words', list: [1, true, null] }
const record = await sealRecord(key, { ...PLACE, value: VALUE })

const flipped = (bytes: Uint8Array<ArrayBuffer>, at: number) => {
  const changed = bytes.slice()
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}

describe('a sealed record', () => {
  it('opens in its place', async () => {
    expect(await openRecord(key, PLACE, record)).toEqual(VALUE)
  })
  it('has a new initialisation vector with every write', async () => {
    const again = await sealRecord(key, { ...PLACE, value: VALUE })
    expect(again.iv).toHaveLength(12)
    expect(again.iv).not.toEqual(record.iv)
    expect(again.ciphertext).not.toEqual(record.ciphertext)
  })
  it('shows nothing of its content', () => {
    expect(new TextDecoder('latin1').decode(record.ciphertext)).not.toContain('in words')
  })
  it.each([
    ['another id', { ...PLACE, id: 'two' }],
    ['another collection', { ...PLACE, collection: 'activity' as const }],
  ])('does not open at %s', async (_, place) => {
    await expect(openRecord(key, place, record)).rejects.toMatchObject({ code: 'record_corrupt' })
  })
  it('does not open with any byte changed', async () => {
    for (let i = 0; i < record.ciphertext.length; i++) {
      const changed = { ...record, ciphertext: flipped(record.ciphertext, i) }
      await expect(openRecord(key, PLACE, changed)).rejects.toMatchObject({ code: 'record_corrupt' })
    }
  })
  it.each([
    ['another initialisation vector', { ...record, iv: flipped(record.iv, 0) }],
    ['another version', { ...record, version: 2 }],
    ['a cut ciphertext', { ...record, ciphertext: record.ciphertext.slice(0, -1) }],
    ['no ciphertext', { ...record, ciphertext: new Uint8Array(0) }],
  ])('does not open with %s', async (_, changed) => {
    await expect(openRecord(key, PLACE, changed)).rejects.toMatchObject({ code: 'record_corrupt' })
  })
  it('does not open under another vault’s key', async () => {
    const other = await deriveRecordKey(toMasterSecret(filled(8)))
    await expect(openRecord(other, PLACE, record)).rejects.toMatchObject({ code: 'record_corrupt' })
  })
  it('says nothing of its content in the error', async () => {
    const error = await openRecord(key, { ...PLACE, id: 'two' }, record).catch((cause: unknown) => cause)
    expect(String(error)).not.toContain('in words')
  })
})

it.each([
  ['undefined', undefined],
  ['a bigint', { s: 1n }],
  ['NaN', Number.NaN],
])('refuses to seal %s', async (_, value) => {
  await expect(sealRecord(key, { ...PLACE, value })).rejects.toMatchObject({ code: 'json_not_canonical' })
})
