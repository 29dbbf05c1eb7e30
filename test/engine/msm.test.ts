import { bn254 } from '@noble/curves/bn254.js'
import { buildBn128 } from 'ffjavascript'
import { afterAll, expect, test } from 'vitest'
import { endomorphism } from '../../src/engine/build/glv.ts'
import { createEngine } from '../../src/engine/load.ts'
import { multiply, POINT_BYTES, PointSet, Scalars } from '../../src/engine/msm.ts'
import { inverse, LIMB_BITS, LIMBS, MONTGOMERY, Q, R } from '../../src/engine/parameters.ts'
import { littleEndian, seededValues } from './field-values.ts'
import { concatenate, decodePoint, encodePoint, GROUPS, multiple } from './group-points.ts'

const SEED = 31n
const engine = await createEngine()
const reference = await buildBn128(true)
const { lambda } = endomorphism()

afterAll(() => reference.terminate())

/** Of what is multiplied: the point `log · generator` by `scalar`. */
type Term = { readonly log: bigint; readonly scalar: bigint }

/**
 * What stands in the engine's form as nine limbs that are all nearly 2^29 − 1, or all nearly 0. The top one is below
 * q's; `jitter`, up to 255, tells such elements apart.
 */
function extremeElement(high: boolean, jitter: bigint): bigint {
  const top = BigInt(LIMB_BITS * (LIMBS - 1))
  const form = high ? ((Q >> top) << top) - 1n - jitter : jitter
  return (form * inverse(MONTGOMERY % Q, Q)) % Q
}

/** P − P′ by the chord, over Fq2; Fq is its elements with c1 = 0. The points need not be on a curve. */
function chordDifference(parts: readonly bigint[], others: readonly bigint[]): bigint[] {
  const { Fp2 } = bn254.fields
  const degree = parts.length / 2
  const coordinate = (from: readonly bigint[], index: number) =>
    Fp2.create({ c0: from[degree * index] ?? 0n, c1: degree === 2 ? (from[degree * index + 1] ?? 0n) : 0n })
  const [x, y, otherX] = [coordinate(parts, 0), coordinate(parts, 1), coordinate(others, 0)]
  const otherY = Fp2.neg(coordinate(others, 1))
  const slope = Fp2.div(Fp2.sub(otherY, y), Fp2.sub(otherX, x))
  const sumX = Fp2.sub(Fp2.sqr(slope), Fp2.add(x, otherX))
  const sumY = Fp2.sub(Fp2.mul(slope, Fp2.sub(x, sumX)), y)
  return [sumX, sumY].flatMap(({ c0, c1 }) => (degree === 2 ? [c0, c1] : [c0]))
}

for (const group of GROUPS) {
  const infinity = encodePoint(group, undefined)
  const known = new Map<bigint, Uint8Array>()
  const pointOf = (log: bigint): Uint8Array => {
    const found = known.get(log) ?? multiple(engine, group, log)
    known.set(log, found)
    return found
  }
  const pointsOf = (terms: readonly Term[]): Uint8Array => {
    return concatenate(
      terms.map(({ log }) => pointOf(log)),
      POINT_BYTES[group],
    )
  }
  const scalarsOf = (terms: readonly Term[]): Uint8Array => {
    return concatenate(
      terms.map(({ scalar }) => littleEndian(scalar)),
      32,
    )
  }
  const sumOf = (terms: readonly Term[]): Uint8Array => {
    return engine.scoped(() => {
      const scalars = new Scalars(engine, terms.length)
      scalars.put(0, scalarsOf(terms))
      const places = Uint32Array.from(terms.keys())
      return multiply(engine, PointSet.create(engine, { group, points: pointsOf(terms), places }), scalars)
    })
  }
  const expectSum = (terms: readonly Term[], name: string): void => {
    const log = terms.reduce((total, term) => total + term.log * term.scalar, 0n)
    expect(sumOf(terms), `${name}, ${terms.length} points, seed ${SEED}`).toEqual(multiple(engine, group, log))
  }

  const logs = seededValues(SEED, R, 40)
  const scalars = seededValues(SEED + 1n, R, 300)
  const log = (index: number): bigint => (logs[index % 40] ?? 1n) + BigInt(index % 7)
  const random = scalars.map((scalar, index) => ({ scalar, log: log(index) }))

  test(`${group}: random sums of many sizes`, () => {
    for (const count of [0, 1, 2, 3, 4, 5, 7, 33, 100, 300]) expectSum(random.slice(0, count), 'random')
    // So many that windows come in more than one group.
    expectSum(
      Array.from({ length: 3000 }, (_, index) => ({ log: log(index), scalar: scalars[(index * 7) % 293] ?? 1n })),
      'random',
    )
  })

  test(`${group}: nothing is left of the scalars where the sum was worked out`, () => {
    const bytes = engine.scoped(() => {
      const all = new Scalars(engine, random.length)
      all.put(0, scalarsOf(random))
      const places = Uint32Array.from(random.keys())
      multiply(engine, PointSet.create(engine, { group, points: pointsOf(random), places }), all)
      // The result stood first in what it took, all behind was scratch.
      engine.allocate(POINT_BYTES[group])
      return engine.take(engine.allocate(2 ** 20), 2 ** 20)
    })
    expect(bytes.every((byte) => byte === 0)).toBe(true)
  })

  test(`${group}: once its scalars are cleared, memory is the same whatever they were`, () => {
    engine.scoped(() => {
      const taken = new Scalars(engine, 100)
      const set = PointSet.create(engine, {
        group,
        points: pointsOf(random.slice(0, 100)),
        places: Uint32Array.from({ length: 100 }, (_, index) => index),
      })
      const [first, second] = [random.slice(0, 100), random.slice(100, 200)].map((terms) => {
        taken.put(0, scalarsOf(terms))
        multiply(engine, set, taken)
        taken.clear()
        return Buffer.from(engine.take(0, engine.size))
      })
      expect(first?.equals(second ?? Buffer.of())).toBe(true)
    })
  })

  test(`${group}: the sum is ffjavascript's`, async () => {
    const bytes = scalarsOf(random)
    const sum = await reference[group === 'g1' ? 'G1' : 'G2'].multiExpAffine(pointsOf(random), bytes)
    const affine = reference[group === 'g1' ? 'G1' : 'G2'].toAffine(sum)
    expect(sumOf(random)).toEqual(affine)
  })

  test(`${group}: short and special scalars`, () => {
    const with_ = (scalar: (index: number) => bigint): Term[] =>
      random.slice(0, 60).map((term, index) => ({ log: term.log, scalar: scalar(index) }))
    for (const scalar of [0n, 1n, 2n, R - 1n, lambda, R - lambda, (R - 1n) / 2n, 2n ** 126n, 2n ** 127n - 1n]) {
      expectSum(
        with_(() => scalar),
        `all ${scalar}`,
      )
    }
    expectSum(
      with_((index) => BigInt(index % 2)),
      'bits',
    )
    expectSum(
      with_((index) => [0n, 1n, R - 1n][index % 3] ?? 0n),
      '0, 1 and r - 1',
    )
    expectSum(
      with_((index) => BigInt(index) * 0x1234_5678n),
      'short',
    )
  })

  test(`${group}: points that meet themselves, their negatives and their images under the endomorphism`, () => {
    const [p = 1n, q = 2n] = logs
    const [s = 1n, t = 2n] = scalars
    const meet = (name: string, ...terms: Term[]): void => {
      expectSum(terms, name)
      // The same among others, and many times over.
      expectSum([...random.slice(0, 9), ...terms, ...random.slice(9, 20)], `${name}, among others`)
      expectSum(
        Array.from({ length: 40 }, (_, index) => terms[index % terms.length] ?? { log: p, scalar: s }),
        `${name}, many`,
      )
    }
    meet('equal', { log: p, scalar: s }, { log: p, scalar: s })
    meet('equal, other scalars', { log: p, scalar: s }, { log: p, scalar: t })
    meet('opposite scalars', { log: p, scalar: s }, { log: p, scalar: R - s })
    meet('opposite points', { log: p, scalar: s }, { log: R - p, scalar: s })
    meet('both opposite', { log: p, scalar: s }, { log: R - p, scalar: R - s })
    meet('three', { log: p, scalar: s }, { log: R - p, scalar: s }, { log: p, scalar: s })
    meet('images', { log: p, scalar: s }, { log: (p * lambda) % R, scalar: s })
    meet(
      'all three images, which add up to infinity',
      ...[1n, lambda, lambda * lambda].map((power) => ({ log: (p * power) % R, scalar: s })),
    )
    meet(
      'images, short scalars',
      { log: p, scalar: 5n },
      { log: (p * lambda) % R, scalar: R - 5n },
      { log: p, scalar: lambda },
    )
    meet('infinity', { log: 0n, scalar: s }, { log: q, scalar: t }, { log: 0n, scalar: 1n })
    meet('a sum that is infinity', { log: p, scalar: q }, { log: q, scalar: R - p })
    meet(
      'one after the other',
      { log: 1n, scalar: 1n },
      { log: 2n, scalar: 1n },
      { log: 3n, scalar: 1n },
      { log: R - 6n, scalar: 1n },
    )
  })

  test(`${group}: differences of points with limbs at either end of their range`, () => {
    const coordinates = POINT_BYTES[group] / 32
    for (let ends = 0; ends < 2 ** (2 * coordinates); ends++) {
      const part = (index: number): bigint =>
        extremeElement((ends >> index) % 2 === 1, BigInt((ends + 37 * index) & 255))
      const left = Array.from({ length: coordinates }, (_, index) => part(index))
      const right = Array.from({ length: coordinates }, (_, index) => part(coordinates + index))
      const difference = engine.scoped(() => {
        const both = new Scalars(engine, 2)
        both.put(0, concatenate([littleEndian(1n), littleEndian(R - 1n)], 32))
        const points = concatenate([encodePoint(group, left), encodePoint(group, right)], POINT_BYTES[group])
        return decodePoint(
          multiply(engine, PointSet.create(engine, { group, points, places: Uint32Array.of(0, 1) }), both),
        )
      })
      expect(difference, `ends ${ends.toString(2)}`).toEqual(chordDifference(left, right))
    }
  })

  test(`${group}: every place counts, infinity is left out, scalars come by parts and go`, () => {
    const terms = [...random.slice(0, 20), { log: 0n, scalar: 7n }, ...random.slice(20, 30)]
    engine.scoped(() => {
      const all = new Scalars(engine, 2100)
      const places = Uint32Array.from(terms.keys(), (index) => (index * 977) % 2100)
      const set = PointSet.create(engine, { group, points: pointsOf(terms), places })
      expect(set.count).toBe(30)
      expect(multiply(engine, set, all)).toEqual(infinity)
      const bytes = new Uint8Array(32 * 2100).fill(0x11)
      for (const [index, { scalar }] of terms.entries()) bytes.set(littleEndian(scalar), 32 * ((index * 977) % 2100))
      all.put(1500, bytes.subarray(32 * 1500))
      all.put(0, bytes.subarray(0, 32 * 1500))
      expect(multiply(engine, set, all)).toEqual(sumOf(terms))
      all.clear()
      expect(multiply(engine, set, all)).toEqual(infinity)
    })
  })

  test(`${group}: the number of windows changes no sum`, () => {
    const terms = random.slice(0, 50)
    engine.scoped(() => {
      const all = new Scalars(engine, terms.length)
      all.put(0, scalarsOf(terms))
      const places = Uint32Array.from(terms.keys())
      const set = PointSet.create(engine, { group, points: pointsOf(terms), places })
      for (const windows of [10, 13, 18, 43, 64, 127]) {
        expect(multiply(engine, set, all, windows), `${windows} windows`).toEqual(sumOf(terms))
      }
    })
  })

  test(`${group}: what does not fit is refused`, () => {
    engine.scoped(() => {
      const two = new Scalars(engine, 2)
      const points = pointsOf(random.slice(0, 2))
      expect(() => PointSet.create(engine, { group, points, places: Uint32Array.of(0) })).toThrow(RangeError)
      expect(() => two.put(1, new Uint8Array(64))).toThrow(RangeError)
      expect(() => two.put(0, new Uint8Array(63))).toThrow(RangeError)
      const set = PointSet.create(engine, { group, points, places: Uint32Array.of(0, 2) })
      expect(() => multiply(engine, set, two)).toThrow(RangeError)
    })
  })
}
