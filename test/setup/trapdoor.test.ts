import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { FIELD_ORDER } from '../../src/protocol/field.ts'
import { developmentTrapdoor, randomTrapdoor } from '../../src/setup/trapdoor.ts'

describe('developmentTrapdoor', () => {
  test('is SHA-256 of label, name, half and circuit, reduced', () => {
    const r1csHash = new Uint8Array(32).fill(3)
    const scalar = (name: string): bigint => {
      const half = (index: number): string =>
        createHash('sha256')
          .update(`touchstone/v1/development-keys\0${name}`)
          .update(Uint8Array.of(index))
          .update(r1csHash)
          .digest('hex')
      return BigInt(`0x${half(0)}${half(1)}`) % FIELD_ORDER
    }
    expect(developmentTrapdoor(r1csHash)).toEqual({
      tau: scalar('tau'),
      alpha: scalar('alpha'),
      beta: scalar('beta'),
      delta: scalar('delta'),
    })
  })

  test('refuses a hash of another length', () => {
    expect(() => developmentTrapdoor(new Uint8Array(31))).toThrowError(
      expect.objectContaining({ code: 'r1cs_hash_length' }),
    )
  })
})

describe('randomTrapdoor', () => {
  test('never repeats a scalar', () => {
    const scalars = Array.from({ length: 8 }, randomTrapdoor).flatMap((trapdoor) => Object.values(trapdoor))
    expect(new Set(scalars).size).toBe(32)
    expect(scalars.every((scalar) => scalar > 0n && scalar < FIELD_ORDER)).toBe(true)
  })
})
