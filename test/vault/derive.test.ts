import { describe, expect, it } from 'vitest'
import { FIELD_ORDER } from '../../src/protocol/field.ts'
import {
  deriveFileMacKey,
  deriveHolderSecret,
  deriveRecordKey,
  holderSecretFromBytes,
  toMasterSecret,
} from '../../src/vault/derive.ts'
import { filled } from './fixtures.ts'

const bytesOf = (value: bigint) => Uint8Array.from(Buffer.from(value.toString(16).padStart(96, '0'), 'hex'))

describe('holderSecretFromBytes', () => {
  it('reduces 48 big-endian bytes modulo the field order', () => {
    expect(holderSecretFromBytes(bytesOf(1n))).toBe(1n)
    expect(holderSecretFromBytes(bytesOf(FIELD_ORDER - 1n))).toBe(FIELD_ORDER - 1n)
    expect(holderSecretFromBytes(bytesOf(FIELD_ORDER + 1n))).toBe(1n)
    expect(holderSecretFromBytes(filled(0xff, 48))).toBe((2n ** 384n - 1n) % FIELD_ORDER)
  })
  it.each([
    ['zero', 0n],
    ['the order', FIELD_ORDER],
    ['a multiple of it', FIELD_ORDER * 2n ** 100n],
  ])('refuses %s', (_, value) => {
    expect(() => holderSecretFromBytes(bytesOf(value))).toThrow(expect.objectContaining({ code: 'holder_secret_zero' }))
  })
})

describe('what comes from the master secret', () => {
  it('differs with one bit of it', async () => {
    const other = filled(1)
    other[31] = 0
    expect(await deriveHolderSecret(toMasterSecret(other))).not.toBe(
      await deriveHolderSecret(toMasterSecret(filled(1))),
    )
  })
  it('are keys that no page can export', async () => {
    const master = toMasterSecret(filled(1))
    expect((await deriveRecordKey(master)).extractable).toBe(false)
    expect((await deriveFileMacKey(master)).extractable).toBe(false)
  })
})

it.each([0, 31, 33])('refuses a master secret of %i bytes', (length) => {
  expect(() => toMasterSecret(filled(1, length))).toThrow(expect.objectContaining({ code: 'vault_tampered' }))
})
