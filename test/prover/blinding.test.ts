import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { FIELD_ORDER } from '../../src/protocol/field.ts'
import { drawScalar, isBelowOrder } from '../../src/prover/blinding.ts'

afterEach(() => void vi.restoreAllMocks())

/** 32 bytes little-endian. */
function bytesOf(value: bigint): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: 32 }, (_, byte) => Number((value >> BigInt(8 * byte)) & 0xffn))
}

/** Makes the CSPRNG give these values one after another, and counts how many were taken. */
function dictate(values: readonly bigint[]) {
  const rest = values.map(bytesOf)
  return vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    // drawScalar asks for bytes.
    ;(array as unknown as Uint8Array).set(rest.shift() ?? [])
    return array
  })
}

describe('drawScalar', () => {
  test('draws anew until it is below r: nothing is reduced', () => {
    const drawn = dictate([FIELD_ORDER, 2n ** 254n - 1n, FIELD_ORDER + 1n, FIELD_ORDER - 1n])
    expect(drawScalar()).toEqual(bytesOf(FIELD_ORDER - 1n))
    expect(drawn).toHaveBeenCalledTimes(4)
  })

  test('uses 254 bits of a draw, and leaves out the two above', () => {
    dictate([2n ** 255n + 2n ** 254n + 5n])
    expect(drawScalar()).toEqual(bytesOf(5n))
  })

  test('reaches the largest scalars as often as the smallest', () => {
    const draws = 2000
    const high = Array.from({ length: draws }, drawScalar).filter((scalar) => (scalar[31] ?? 0) >= 0x18).length
    // r is 0x30.644…·2^248: 0x18 begins its upper half. Five standard deviations of a fair coin.
    expect(Math.abs(high - draws * 0.504)).toBeLessThan(5 * Math.sqrt(draws / 4))
  })
})

test.each([
  [0n, true],
  [FIELD_ORDER - 1n, true],
  [FIELD_ORDER, false],
  [FIELD_ORDER + 1n, false],
  [2n ** 256n - 1n, false],
])('isBelowOrder(%s)', (value, expected) => {
  expect(isBelowOrder(Uint8Array.of(9, ...bytesOf(value)), 1)).toBe(expected)
})

test('no source of the prover draws from anything else', () => {
  const folder = resolve(import.meta.dirname, '../../src/prover')
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'))
  expect(sources.length).toBeGreaterThan(15)
  const texts = sources.map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)
  const drawing = texts.filter(([, text]) => /Math\.random|getRandomValues|randomBytes|randomUUID|\bseed\b/i.test(text))
  expect(drawing.map(([name]) => name)).toEqual(['blinding.ts'])
  expect(drawing[0]?.[1]).not.toMatch(/Math\.random|randomUUID|\bseed\b/i)
})
