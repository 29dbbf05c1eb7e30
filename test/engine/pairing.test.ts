import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { pairingProduct } from '../../src/engine/pairing.ts'
import { Q, R } from '../../src/engine/parameters.ts'
import { codeOf } from '../expect-code.ts'
import { modulo, seededValues } from './field-values.ts'
import { fq12Bytes, g1Bytes, g2Bytes, littleEndians, multiplyG1, multiplyG2, twistPoint } from './pairing-points.ts'

const { Fp12 } = bn254.fields
const SEED = 7002n
const engine = await createEngine()
const ONE = fq12Bytes(Fp12.ONE)
const scalars = seededValues(SEED, R, 8)

/** ∏ e(p·G1, q·G2). */
function product(...pairs: readonly (readonly [p: bigint, q: bigint])[]): Uint8Array {
  return pairingProduct(
    engine,
    pairs.map(([p, q]) => ({ g1: g1Bytes(multiplyG1(p)), g2: g2Bytes(multiplyG2(q)) })),
  )
}

describe(`the pairing (seed ${SEED})`, () => {
  test('is that of an independent implementation, coefficient by coefficient', () => {
    for (const [p, q] of [
      [1n, 1n],
      [2n, R - 1n],
      [scalars[0] ?? 1n, scalars[1] ?? 1n],
      [scalars[2] ?? 1n, scalars[3] ?? 1n],
    ] as const) {
      expect(product([p, q])).toEqual(fq12Bytes(bn254.pairing(multiplyG1(p), multiplyG2(q))))
    }
  })

  test('is bilinear', () => {
    const [a = 1n, b = 1n] = scalars
    const expected = product([modulo(a * b, R), 1n])
    expect(product([a, b])).toEqual(expected)
    expect(product([b, a])).toEqual(expected)
    expect(product([1n, modulo(a * b, R)])).toEqual(expected)
    expect(product([a, 1n], [b, 1n])).toEqual(product([modulo(a + b, R), 1n]))
    expect(product([1n, a], [1n, b])).toEqual(product([1n, modulo(a + b, R)]))
  })

  test('is not degenerate, and of order r', () => {
    const value = bn254.pairing(multiplyG1(1n), multiplyG2(1n))
    expect(product([1n, 1n])).not.toEqual(ONE)
    expect(fq12Bytes(value)).toEqual(product([1n, 1n]))
    expect(fq12Bytes(Fp12.pow(value, R))).toEqual(ONE)
  })

  test('of a point and its opposite is one', () => {
    const [a = 1n, b = 1n] = scalars
    expect(product([a, b], [R - a, b])).toEqual(ONE)
    expect(product([a, b], [a, R - b])).toEqual(ONE)
    expect(product([a, b], [a, b])).not.toEqual(ONE)
  })

  test('of infinity is one, on either side', () => {
    const [a = 1n, b = 1n] = scalars
    expect(product([0n, b])).toEqual(ONE)
    expect(product([a, 0n])).toEqual(ONE)
    expect(product([0n, 0n])).toEqual(ONE)
    expect(product()).toEqual(ONE)
    expect(product([a, b], [0n, b], [a, 0n])).toEqual(product([a, b]))
  })

  test('of several pairs is the product', () => {
    const pairs = [0, 2, 4, 6].map((index) => [scalars[index] ?? 1n, scalars[index + 1] ?? 1n] as const)
    const expected = pairs.reduce((all, [p, q]) => Fp12.mul(all, bn254.pairing(multiplyG1(p), multiplyG2(q))), Fp12.ONE)
    expect(product(...pairs)).toEqual(fq12Bytes(expected))
    const sum = pairs.reduce((all, [p, q]) => all + p * q, 0n)
    expect(product(...pairs)).toEqual(product([modulo(sum, R), 1n]))
  })
})

describe('points that are none', () => {
  const good = { g1: g1Bytes(multiplyG1(5n)), g2: g2Bytes(multiplyG2(7n)) }
  const code = (change: Partial<typeof good>): string | undefined =>
    codeOf(() => pairingProduct(engine, [{ ...good, ...change }]))
  const { x, y } = multiplyG1(5n).toAffine()
  const twist = multiplyG2(7n).toAffine()

  test('good points are accepted', () => {
    expect(code({})).toBeUndefined()
  })

  test('off the curve', () => {
    expect(code({ g1: littleEndians(x, y + 1n) })).toBe('point_off_curve')
    expect(code({ g1: littleEndians(y, x) })).toBe('point_off_curve')
    expect(code({ g2: littleEndians(twist.x.c0, twist.x.c1, twist.y.c0 + 1n, twist.y.c1) })).toBe('point_off_curve')
    expect(code({ g2: littleEndians(twist.x.c1, twist.x.c0, twist.y.c1, twist.y.c0) })).toBe('point_off_curve')
  })

  test('coordinates that are not reduced', () => {
    expect(code({ g1: littleEndians(x + Q, y) })).toBe('point_unreduced')
    expect(code({ g1: littleEndians(x, y + Q) })).toBe('point_unreduced')
    expect(code({ g1: littleEndians(Q, Q) })).toBe('point_unreduced')
    for (const part of [0, 1, 2, 3]) {
      const parts = [twist.x.c0, twist.x.c1, twist.y.c0, twist.y.c1]
      expect(code({ g2: littleEndians(...parts.map((value, at) => (at === part ? value + Q : value))) })).toBe(
        'point_unreduced',
      )
    }
  })

  test('another length', () => {
    expect(code({ g1: good.g1.subarray(0, 63) })).toBe('point_length')
    expect(code({ g2: new Uint8Array([...good.g2, 0]) })).toBe('point_length')
    const short = { ...good, g1: good.g1.subarray(0, 63) }
    expect(() => pairingProduct(engine, [short])).toThrow('has 63 bytes, not 64')
  })

  test('a point of the twist that is not in G2', () => {
    const outside = [1n, 2n, 3n, 4n, 5n].map((c0) => twistPoint(c0, 0n)).find((point) => point !== undefined)
    if (!outside) throw new Error('none of five points is on the twist')
    expect(code({ g2: g2Bytes(outside) })).toBe('point_outside_group')
  })
})
