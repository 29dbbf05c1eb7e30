import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, test } from 'vitest'
import { FixedBase } from '../../src/engine/fixed-base.ts'
import { createEngine } from '../../src/engine/load.ts'
import { Q, R } from '../../src/engine/parameters.ts'
import { fromLittleEndian, littleEndian, modulo, seededValues } from './field-values.ts'

const SEED = 41n
const G1 = bn254.G1.Point
const G2 = bn254.G2.Point

/** Where windows meet and carry, whatever their width is. */
const BOUNDARIES = [11n, 12n, 13n, 14n].flatMap((bits) => {
  const half = 1n << (bits - 1n)
  const ones = (1n << (bits * 3n)) - 1n
  return [half - 1n, half, half + 1n, 2n * half - 1n, 2n * half, half << bits, (half + 1n) << (7n * bits), ones]
})

/**
 * The scalars for which the sum before the last window is that window's point: with −l below it, d·2^k = r − l, and so
 * s = d·2^k − l = 2d·2^k − r.
 */
const DOUBLINGS = [10n, 11n, 12n, 13n, 14n, 15n].flatMap((bits) => {
  const shift = bits * (254n / bits)
  const top = ((R >> shift) << shift) * 2n - R
  return top >= 0n && R % (1n << shift) <= 1n << (shift - 1n) ? [top] : []
})

const EDGES = [0n, 1n, 2n, 3n, R - 1n, R - 2n, R >> 1n, 1n << 253n, 1n << 200n, ...BOUNDARIES, ...DOUBLINGS]
const engine = await createEngine()

describe.each([
  ['g1', 64, (scalar: bigint) => coordinates(G1.BASE.multiplyUnsafe(scalar)), 100],
  ['g2', 128, (scalar: bigint) => coordinates(G2.BASE.multiplyUnsafe(scalar)), 30],
] as const)('%s', (group, bytesEach, expected, random) => {
  const base = new FixedBase(engine, group)
  const multiply = (scalars: readonly bigint[]): Uint8Array[] => {
    const points = base.multiply(Buffer.concat(scalars.map(littleEndian)))
    return scalars.map((_, index) => points.subarray(index * bytesEach, (index + 1) * bytesEach))
  }
  /** As noble holds a point: affine coordinates out of Montgomery form; infinity is all zeros. */
  const affine = (point: Uint8Array): bigint[] =>
    Array.from({ length: bytesEach / 32 }, (_, index) =>
      modulo(fromLittleEndian(point.subarray(32 * index, 32 * index + 32)) * MONTGOMERY_INVERSE, Q),
    )

  test(`multiples are those of another implementation, at the edges too (seed ${SEED})`, () => {
    const scalars = [...EDGES, ...seededValues(SEED, R, random)]
    for (const [index, point] of multiply(scalars).entries()) {
      expect(affine(point), `scalar ${scalars[index]}`).toEqual(expected(scalars[index] ?? 0n))
    }
  })

  test('the order gives infinity, as zeros, and what follows it begins anew', () => {
    const [zero, order, next, one] = multiply([0n, R, R + 5n, 5n])
    expect(zero).toEqual(new Uint8Array(bytesEach))
    expect(order).toEqual(zero)
    expect(next).toEqual(one)
  })

  test('a batch gives what its scalars give one by one, equal ones among them', () => {
    const scalars = [...seededValues(SEED, R, 5), 0n, 7n, 7n, R - 7n]
    const together = multiply([...scalars, ...scalars])
    const single = scalars.map((scalar) => multiply([scalar])[0])
    expect(together).toEqual([...single, ...single])
    expect(multiply([])).toEqual([])
  })

  test('refuses what is no scalar', () => {
    expect(() => base.multiply(new Uint8Array(33))).toThrow(RangeError)
    expect(() => base.multiply(littleEndian(1n << 254n))).toThrow(RangeError)
  })

  test('leaves no scalar in memory, nor a digit of its work', () => {
    const [secret = 0n] = seededValues(SEED + 1n, R, 1)
    const memory = (): Buffer => Buffer.from(engine.view(0, engine.size))
    base.multiply(littleEndian(1n))
    const before = memory()
    base.multiply(littleEndian(secret))
    const after = memory()
    const changed: number[] = []
    for (let index = 0; index < after.length; index++) if (after[index] !== before[index]) changed.push(index)
    expect(after.includes(Buffer.from(littleEndian(secret)))).toBe(false)
    // Only the point, which is public, stays where it was written.
    expect(changed.length).toBeGreaterThan(0)
    expect((changed.at(-1) ?? 0) - (changed[0] ?? 0)).toBeLessThan(bytesEach)
    engine.scoped(() => {
      engine.put(littleEndian(secret))
      expect(memory().includes(Buffer.from(littleEndian(secret)))).toBe(true)
    })
  })
})

const MONTGOMERY_INVERSE = bn254.fields.Fp.inv(2n ** 256n % Q)

type NoblePoint = { is0(): boolean; toAffine(): { x: bigint | Pair; y: bigint | Pair } }
type Pair = { c0: bigint; c1: bigint }

function coordinates(point: NoblePoint): bigint[] {
  const { x, y } = point.toAffine()
  return [x, y].flatMap((value) => {
    const parts = typeof value === 'bigint' ? [value] : [value.c0, value.c1]
    return point.is0() ? parts.map(() => 0n) : parts
  })
}
