import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { addPoints, type Group, multiplyPoint, POINT_BYTES } from '../../src/engine/msm.ts'
import { power, Q, R } from '../../src/engine/parameters.ts'
import { compressPoints, countBits, countInSubgroup, countOnCurve, decompressPoints } from '../../src/engine/points.ts'
import { fromLittleEndian, littleEndian, modulo, seededValues } from './field-values.ts'
import { concatenate, encodePoint, GROUPS, multiple } from './group-points.ts'

const SEED = 77n
const engine = await createEngine()

/** Multiples of the generator, their negatives among them, infinity here and there; more than one byte of bits. */
function samplePoints(group: Group): Uint8Array<ArrayBuffer> {
  const scalars = [0n, 1n, -1n, 2n, -2n, 0n, 0n, ...seededValues(SEED, 2n ** 200n, 12), 0n]
  const points = scalars.map((scalar) => multiple(engine, group, scalar))
  return concatenate(points, POINT_BYTES[group])
}

describe.each(GROUPS)('points of %s', (group) => {
  const points = samplePoints(group)
  const bytes = POINT_BYTES[group]
  const count = points.length / bytes

  test('come back from their compressed form', () => {
    const form = compressPoints(engine, group, points)
    expect(form.infinities.length).toBe(3)
    expect(countBits(form.infinities)).toBe(4)
    expect(form.compressed.length).toBe(((count - 4) * bytes) / 2)
    expect(decompressPoints(engine, group, { ...form, count })).toEqual(points)
  })

  test('a flipped sign gives the negative point', () => {
    const form = compressPoints(engine, group, multiple(engine, group, 5n))
    const last = form.compressed.length - 1
    form.compressed[last] = (form.compressed[last] ?? 0) ^ 0x80
    expect(decompressPoints(engine, group, { ...form, count: 1 })).toEqual(multiple(engine, group, -5n))
  })

  test('are on the curve; those changed are not', () => {
    expect(countOnCurve(engine, group, points)).toBe(count)
    for (const at of [3 * bytes, 7 * bytes + bytes / 2, (count - 2) * bytes + 32]) {
      const changed = points.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(countOnCurve(engine, group, changed)).toBe(Math.floor(at / bytes))
    }
  })

  test('a coordinate has one form: q more is refused', () => {
    for (let part = 0; part < bytes; part += 32) {
      const changed = points.slice()
      const view = changed.subarray(bytes + part, bytes + part + 32)
      view.set(littleEndian(fromLittleEndian(view) + Q))
      expect(countOnCurve(engine, group, changed)).toBe(1)
      if (part >= bytes / 2) continue
      const form = compressPoints(engine, group, points)
      const x = form.compressed.subarray(part, part + 32)
      x.set(littleEndian(fromLittleEndian(x) + Q))
      expect(decompressPoints(engine, group, { ...form, count })).toBeUndefined()
    }
  })

  test('an x without y is refused, wherever it stands', () => {
    const form = compressPoints(engine, group, points)
    const half = bytes / 2
    const x = withoutY(group)
    for (const at of [0, form.compressed.length - half]) {
      const changed = form.compressed.slice()
      changed.set(x, at)
      expect(decompressPoints(engine, group, { ...form, compressed: changed, count })).toBeUndefined()
    }
  })

  test('lengths that disagree are refused', () => {
    const form = compressPoints(engine, group, points)
    const call = (change: Partial<typeof form>) => () => decompressPoints(engine, group, { ...form, count, ...change })
    expect(call({ compressed: form.compressed.subarray(1) })).toThrowError(RangeError)
    expect(call({ infinities: form.infinities.subarray(1) })).toThrowError(RangeError)
    expect(() => countOnCurve(engine, group, points.subarray(1))).toThrowError(RangeError)
  })
})

test('points of the twist outside G2 are told apart', () => {
  const inside = concatenate([multiple(engine, 'g2', 3n), encodePoint('g2', undefined)], POINT_BYTES.g2)
  expect(countInSubgroup(engine, inside)).toBe(2)
  const outside = pointOutside()
  expect(countOnCurve(engine, 'g2', outside)).toBe(1)
  expect(countInSubgroup(engine, concatenate([...split(inside), outside], POINT_BYTES.g2))).toBe(2)
  // The twist has r(2q − r) points, and 10,069 divides the second factor: a point of that small order, and its like.
  const small = multiplyPoint(engine, 'g2', multiplyPoint(engine, 'g2', outside, R), (2n * Q - R) / 10_069n)
  expect(multiplyPoint(engine, 'g2', small, 10_069n).every((byte) => byte === 0)).toBe(true)
  const mixed = addPoints(engine, 'g2', small, multiple(engine, 'g2', 3n))
  for (const point of [small, mixed]) {
    expect(countOnCurve(engine, 'g2', point)).toBe(1)
    expect(countInSubgroup(engine, point)).toBe(0)
  }
})

test('y with a real part of zero has the sign of its imaginary part', () => {
  // x³ = −c² − 3/ξ with x real cannot be had; the rule is tried on coordinates, which compression takes as they are.
  const signOf = (y0: bigint, y1: bigint): number => {
    const { compressed } = compressPoints(engine, 'g2', concatenate([1n, 0n, y0, y1].map(littleEndian), 32))
    return (compressed[63] ?? 0) >> 7
  }
  expect([signOf(0n, 1n), signOf(0n, 2n), signOf(1n, 2n), signOf(2n, 1n)]).toEqual([1, 0, 1, 0])
})

function split(points: Uint8Array): Uint8Array[] {
  return Array.from({ length: points.length / POINT_BYTES.g2 }, (_, index) =>
    points.subarray(index * POINT_BYTES.g2, (index + 1) * POINT_BYTES.g2),
  )
}

/** A compressed x for which x³ + b is no square. */
function withoutY(group: Group): Uint8Array {
  if (group === 'g2') {
    const { Fp2 } = bn254.fields
    let c0 = 1n
    const b = Fp2.div(Fp2.create({ c0: 3n, c1: 0n }), Fp2.create({ c0: 9n, c1: 1n }))
    const isSquare = (): boolean => {
      const { c0: a, c1: c } = Fp2.add(Fp2.pow(Fp2.create({ c0, c1: 0n }), 3n), b)
      return power(modulo(a * a + c * c, Q), (Q - 1n) / 2n, Q) === 1n
    }
    while (isSquare()) c0++
    return encodePoint('g2', [c0, 0n, 0n, 0n]).subarray(0, 64)
  }
  let x = 1n
  while (power(x ** 3n + 3n, (Q - 1n) / 2n, Q) === 1n) x++
  return encodePoint('g1', [x, 0n]).subarray(0, 32)
}

/** The first x that has a y on the twist is of no point of G2: G2 is one in some 2^254 of the twist's points. */
function pointOutside(): Uint8Array {
  for (let c0 = 1n; ; c0++) {
    const form = { infinities: new Uint8Array(1), compressed: encodePoint('g2', [c0, 0n, 0n, 0n]).subarray(0, 64) }
    const point = decompressPoints(engine, 'g2', { ...form, count: 1 })
    if (point) return point
  }
}
