import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { fullLines, lineBytes, unitLines } from '../../src/engine/pairing-lines.ts'
import { readTwist, TWIST_BYTES } from '../../src/engine/pairing-points.ts'
import { Q, R, U } from '../../src/engine/parameters.ts'
import { seededValues } from './field-values.ts'
import { type G2Point, g2Bytes, multiplyG2, times, twistPoint } from './pairing-points.ts'

const SEED = 7003n
const engine = await createEngine()

/** The twist has r·h points. */
const COFACTOR = 2n * Q - R
const SMALL_FACTORS = [10069n, 5864401n, 1875725156269n] as const
const LARGE_FACTOR = SMALL_FACTORS.reduce((rest, factor) => rest / factor, COFACTOR)

/** What both ways of computing lines say of each point; they must agree. */
function inGroup(points: readonly G2Point[]): boolean[] {
  return engine.scoped(() => {
    const memory = engine.allocate(points.length * TWIST_BYTES)
    for (const [index, point] of points.entries()) readTwist(engine, memory + index * TWIST_BYTES, g2Bytes(point), 'it')
    const stride = lineBytes(engine, 'unit')
    const lines = engine.allocate(points.length * stride)
    const together = unitLines(engine, { lines, stride, points: memory, count: points.length })
    const full = engine.allocate(lineBytes(engine, 'full'))
    const alone = points.map((_, index) => fullLines(engine, full, memory + index * TWIST_BYTES))
    expect(together).toEqual(alone)
    return alone
  })
}

/** The definition: r times the point is infinity. */
function hasOrderR(point: G2Point): boolean {
  return times(point, R).is0()
}

const random = seededValues(SEED, Q, 60)
  .map((c0, index, all) => twistPoint(c0, all[(index + 1) % all.length] ?? 0n))
  .filter((point) => point !== undefined)

describe('the argument', () => {
  test('the cofactor is what its factors say', () => {
    expect(SMALL_FACTORS.reduce((product, factor) => product * factor, LARGE_FACTOR)).toBe(COFACTOR)
    expect(random.slice(0, 2).map((point) => times(point, COFACTOR * R).is0())).toEqual([true, true])
  })

  test('the norm of 6u + 2 + ψ − ψ² + ψ³ shares no more than r with the order of the twist', () => {
    // ψ² = tψ − q, so the sum is a + bψ, of the norm a² + abt + b²q.
    const t = 6n * U * U + 1n
    const a = 6n * U + 2n + Q - t * Q
    const b = 1n - t + t * t - Q
    const norm = a * a + a * b * t + b * b * Q
    expect(norm % R).toBe(0n)
    expect(gcd(norm, COFACTOR * R)).toBe(R)
  })
})

describe(`points of the twist (seed ${SEED})`, () => {
  test('in G2', () => {
    const inside = [1n, 2n, R - 1n, ...seededValues(SEED, R, 8)].map(multiplyG2)
    expect(inGroup(inside)).toEqual(inside.map(() => true))
  })

  test('at random, as multiplication by r says', () => {
    expect(random.length).toBeGreaterThan(10)
    expect(random.slice(0, 5).some(hasOrderR)).toBe(false)
    expect(inGroup(random)).toEqual(random.map(() => false))
    const cleared = random.slice(0, 3).map((point) => times(point, COFACTOR))
    expect(cleared.every(hasOrderR)).toBe(true)
    expect(inGroup(cleared)).toEqual(cleared.map(() => true))
  })

  test.each([...SMALL_FACTORS, LARGE_FACTOR])('of order %s, alone and added to a point of G2', (order) => {
    const small = random
      .slice(0, 4)
      .map((point) => times(point, (R * COFACTOR) / order))
      .filter((point) => !point.is0())
    expect(small.length).toBeGreaterThan(0)
    expect(small.every((point) => times(point, order).is0())).toBe(true)
    const sums = small.map((point) => point.add(multiplyG2(5n)))
    expect(inGroup([...small, ...sums])).toEqual([...small, ...sums].map(() => false))
  })

  test('of order 10069, every multiple: the chain may meet its exceptions', () => {
    const [generator] = random
      .slice(0, 3)
      .map((point) => times(point, (R * COFACTOR) / 10069n))
      .filter((point) => !point.is0())
    if (!generator) throw new Error('no point of the twist has a part of order 10069')
    let point = generator
    const multiples: G2Point[] = []
    for (let index = 0; index < 60; index++) {
      multiples.push(point)
      point = point.add(generator)
    }
    expect(inGroup(multiples)).toEqual(multiples.map(() => false))
  })

  test('one outside does not disturb the others', () => {
    const [outside = bn254.G2.Point.ZERO] = random
    expect(inGroup([multiplyG2(3n), outside, multiplyG2(4n)])).toEqual([true, false, true])
  })
})

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b)
}
