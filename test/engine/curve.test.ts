import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { addPoints, multiplyPoint } from '../../src/engine/msm.ts'
import { R } from '../../src/engine/parameters.ts'
import { seededValues } from './field-values.ts'
import { encodePoint, GROUPS, multiple, referenceMultiple } from './group-points.ts'

const SEED = 30n
const engine = await createEngine()

for (const group of GROUPS) {
  const infinity = encodePoint(group, undefined)
  const pointOf = (log: bigint): Uint8Array => multiple(engine, group, log)

  test(`${group}: multiples of the generator are @noble/curves'`, () => {
    for (const scalar of [0n, 1n, 2n, 3n, R - 1n, ...seededValues(SEED, R, 4)]) {
      expect(multiple(engine, group, scalar)).toEqual(referenceMultiple(group, scalar))
    }
    expect(multiplyPoint(engine, group, pointOf(5n), R)).toEqual(infinity)
    expect(multiplyPoint(engine, group, pointOf(5n), R + 2n)).toEqual(pointOf(10n))
  })

  test(`${group}: sums of two points, in every case`, () => {
    expect(addPoints(engine, group, pointOf(3n), pointOf(4n))).toEqual(pointOf(7n))
    expect(addPoints(engine, group, pointOf(3n), pointOf(3n))).toEqual(pointOf(6n))
    expect(addPoints(engine, group, pointOf(3n), pointOf(R - 3n))).toEqual(infinity)
    expect(addPoints(engine, group, pointOf(3n), infinity)).toEqual(pointOf(3n))
    expect(addPoints(engine, group, infinity, pointOf(3n))).toEqual(pointOf(3n))
    expect(addPoints(engine, group, infinity, infinity)).toEqual(infinity)
  })

  test(`${group}: nothing is left in memory of scalars and points`, () => {
    const memoryAfter = (act: () => void): Buffer => {
      act()
      return Buffer.from(engine.take(0, engine.size))
    }
    const [first = 0n, second = 0n, ...logs] = seededValues(SEED + 1n, R, 6)
    const points = logs.map((log) => pointOf(log))
    const [a = infinity, b = infinity, c = infinity, d = infinity] = points
    const [sum, otherSum] = [() => addPoints(engine, group, a, b), () => addPoints(engine, group, c, d)]
    expect(memoryAfter(sum).equals(memoryAfter(otherSum))).toBe(true)
    const product = () => multiplyPoint(engine, group, a, first)
    const otherProduct = () => multiplyPoint(engine, group, b, second)
    expect(memoryAfter(product).equals(memoryAfter(otherProduct))).toBe(true)
  })

  test(`${group}: what is no point or no scalar is refused`, () => {
    const point = pointOf(1n)
    expect(multiplyPoint(engine, group, point, 2n ** 256n - 1n)).toEqual(pointOf((2n ** 256n - 1n) % R))
    for (const scalar of [2n ** 256n, -1n]) {
      expect(() => multiplyPoint(engine, group, point, scalar)).toThrow(RangeError)
    }
    expect(() => multiplyPoint(engine, group, point.subarray(1), 1n)).toThrow(RangeError)
    expect(() => addPoints(engine, group, point, point.subarray(1))).toThrow(RangeError)
  })
}
