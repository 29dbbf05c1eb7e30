import { expect, test } from 'vitest'
import { endomorphism } from '../../src/engine/build/glv.ts'
import { createEngine } from '../../src/engine/load.ts'
import { R } from '../../src/engine/parameters.ts'
import { fromLittleEndian, littleEndian, modulo, seededValues } from './field-values.ts'

const SEED = 41n
const engine = await createEngine()
const { lambda, basis } = endomorphism()
const [first, second] = basis

/** What the engine makes of a scalar: both halves. */
function split(scalar: bigint): [bigint, bigint] {
  return engine.scoped(() => {
    const halves = engine.allocate(32)
    engine.call('recodeScalars', halves, engine.put(littleEndian(scalar)), 1)
    const half = (offset: number): bigint => BigInt.asIntN(128, fromLittleEndian(engine.view(halves + offset, 16)))
    expect([half(0) & 1n, half(16) & 1n]).toEqual([0n, 0n])
    return [half(0) >> 1n, half(16) >> 1n]
  })
}

test('λ is a cube root of one, and the basis consists of relations', () => {
  expect((lambda * lambda + lambda + 1n) % R).toBe(0n)
  for (const { a, b } of basis) expect(modulo(a + b * lambda, R)).toBe(0n)
})

/** Scalars around where the nearest point of the lattice changes: halves of sums of the basis' vectors. */
function boundaries(): bigint[] {
  const found: bigint[] = []
  for (const [m, n] of [
    [1n, 0n],
    [0n, 1n],
    [1n, 1n],
    [1n, -1n],
    [3n, 1n],
    [second.b, first.b],
  ] as const) {
    const half = (m * first.a + n * second.a) / 2n + ((m * first.b + n * second.b) / 2n) * lambda
    for (const offset of [-2n, -1n, 0n, 1n, 2n, lambda, -lambda, 2n ** 100n]) found.push(modulo(half + offset, R))
  }
  for (const denominator of [first.b, -second.b]) {
    for (const turns of [0n, 1n, 2n, 1000n, denominator - 1n]) {
      const middle = ((2n * turns + 1n) * R) / (2n * denominator)
      for (let offset = -2n; offset <= 2n; offset++) found.push(modulo(middle + offset, R))
    }
  }
  return found
}

test('halves add up to the scalar and have 126 bits', () => {
  for (const scalar of [
    ...boundaries(),
    ...seededValues(SEED, R, 2000),
    lambda,
    R - lambda,
    lambda + 1n,
    2n ** 256n - 1n,
  ]) {
    const [k1, k2] = split(scalar)
    expect(modulo(k1 + k2 * lambda, R), `${scalar}, seed ${SEED}`).toBe(scalar % R)
    for (const half of [k1, k2]) expect(half < 2n ** 126n && half > -(2n ** 126n), `${scalar}, seed ${SEED}`).toBe(true)
  }
})

test('short scalars, and those short of r, stay what they are', () => {
  const limit = 2n ** 125n
  for (const short of [0n, 1n, 2n, 255n, 2n ** 64n, limit - 1n, ...seededValues(SEED + 1n, limit, 500)]) {
    expect(split(short), `${short}, seed ${SEED}`).toEqual([short, 0n])
    if (short > 0n) expect(split(R - short), `r - ${short}, seed ${SEED}`).toEqual([-short, 0n])
  }
})
