import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { addPoints, multiply, multiplyPoint, POINT_BYTES, PointSet, Scalars } from '../../src/engine/msm.ts'
import { R } from '../../src/engine/parameters.ts'
import { littleEndian, seededValues } from './field-values.ts'
import { concatenate, encodePoint, GROUPS, multiple, referenceMultiple } from './group-points.ts'

const SEED = 31n
const engine = await createEngine()
const infinity = { g1: encodePoint('g1', undefined), g2: encodePoint('g2', undefined) }

/** Of what is multiplied: the point `log · generator` by `scalar`. */
type Term = { readonly log: bigint; readonly scalar: bigint }

for (const group of GROUPS) {
  const known = new Map<bigint, Uint8Array>()
  const pointOf = (log: bigint): Uint8Array => {
    const found = known.get(log) ?? multiple(engine, group, log)
    known.set(log, found)
    return found
  }

  const sumOf = (terms: readonly Term[]): Uint8Array => {
    const points = concatenate(
      terms.map(({ log }) => pointOf(log)),
      POINT_BYTES[group],
    )
    return engine.scoped(() => {
      const scalars = new Scalars(engine, terms.length)
      scalars.put(
        0,
        concatenate(
          terms.map(({ scalar }) => littleEndian(scalar)),
          32,
        ),
      )
      const places = Uint32Array.from(terms.keys())
      return multiply(engine, PointSet.create(engine, { group, points, places }), scalars)
    })
  }
  const expected = (terms: readonly Term[]): Uint8Array =>
    multiple(
      engine,
      group,
      terms.reduce((total, { log, scalar }) => total + log * scalar, 0n),
    )

  test(`${group}: multiples of the generator are @noble/curves'`, () => {
    for (const scalar of [0n, 1n, 2n, 3n, R - 1n, ...seededValues(SEED, R, 4)]) {
      expect(multiple(engine, group, scalar)).toEqual(referenceMultiple(group, scalar))
    }
    expect(multiplyPoint(engine, group, pointOf(5n), R)).toEqual(infinity[group])
    expect(multiplyPoint(engine, group, pointOf(5n), R + 2n)).toEqual(pointOf(10n))
  })

  test(`${group}: sums of two points, in every case`, () => {
    expect(addPoints(engine, group, pointOf(3n), pointOf(4n))).toEqual(pointOf(7n))
    expect(addPoints(engine, group, pointOf(3n), pointOf(3n))).toEqual(pointOf(6n))
    expect(addPoints(engine, group, pointOf(3n), pointOf(R - 3n))).toEqual(infinity[group])
    expect(addPoints(engine, group, pointOf(3n), infinity[group])).toEqual(pointOf(3n))
    expect(addPoints(engine, group, infinity[group], pointOf(3n))).toEqual(pointOf(3n))
    expect(addPoints(engine, group, infinity[group], infinity[group])).toEqual(infinity[group])
  })

  test(`${group}: random sums of many sizes`, () => {
    const logs = seededValues(SEED + 1n, R, 40)
    const scalars = seededValues(SEED + 2n, R, 300)
    for (const count of [0, 1, 2, 3, 5, 33, 100, 300]) {
      const terms = scalars
        .slice(0, count)
        .map((scalar, index) => ({ scalar, log: (logs[index % 40] ?? 1n) + BigInt(index % 7) }))
      expect(sumOf(terms), `${count} points, seed ${SEED}`).toEqual(expected(terms))
    }
  })
}
