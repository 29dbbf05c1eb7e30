import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { inverse, LIMB_BITS, LIMBS, MONTGOMERY, Q } from '../../src/engine/parameters.ts'
import { fromLittleEndian, littleEndian, modulo, seededValues } from './field-values.ts'

const SEED = 51n
const engine = await createEngine()

/** Of 255 in digits of eight bits with a sign: −1, then 1. */
const SCALAR = 255n
const ENTRIES = 2
const POINT = 72
const FULL = (1n << BigInt(LIMB_BITS)) - 1n

/** An element as products may leave it, its lower limbs all full, and its value. */
function fullElement(top: bigint) {
  const limbs = Array.from({ length: LIMBS }, (_, index) => (index === LIMBS - 1 ? top : FULL))
  const raw = limbs.reduceRight((value, limb) => (value << BigInt(LIMB_BITS)) + limb, 0n)
  const bytes = new Uint8Array(Int32Array.from(limbs, Number).buffer)
  return { bytes, value: modulo(raw * inverse(MONTGOMERY % Q, Q), Q) }
}

test(`entries whose limbs are full are subtracted and added exactly (seed ${SEED})`, () => {
  const tops = [-4_000_000n, -1n, 0n, 1n, 3_171_405n, 6_000_000n, 9_000_000n]
  const xs = seededValues(SEED, Q, ENTRIES * tops.length * tops.length)
  for (const [first, top] of tops.entries()) {
    for (const [second, otherTop] of tops.entries()) {
      const [x0 = 1n, x1 = 2n] = xs.slice(ENTRIES * (first * tops.length + second))
      const [y0, y1] = [fullElement(top), fullElement(otherTop)]
      expect(difference([x0, x1], [y0.bytes, y1.bytes])).toEqual(expected([x0, -y0.value], [x1, y1.value]))
    }
  }
})

/** −entry₀ + entry₁ by inputSum, affine. */
function difference(xs: readonly bigint[], ys: readonly Uint8Array[]): bigint[] {
  return engine.scoped(() => {
    const tables = engine.allocate(engine.call('inputTablesBytes', 1))
    for (let entry = 0; entry < ENTRIES; entry++) {
      engine.call('fqFromBytes', tables + POINT * entry, engine.put(littleEndian(xs[entry] ?? 0n)))
      engine.view(tables + POINT * entry + POINT / 2, POINT / 2).set(ys[entry] ?? [])
    }
    const sum = engine.allocate(2 * POINT)
    engine.call('inputSum', sum, tables, 1, 0, engine.put(littleEndian(SCALAR)), 1)
    const [x = 0n, y = 0n, zz = 0n, zzz = 0n] = [0, 1, 2, 3].map((index) => {
      const bytes = engine.allocate(32)
      engine.call('fqToBytes', bytes, sum + (POINT / 2) * index)
      return fromLittleEndian(engine.view(bytes, 32))
    })
    return [modulo(x * inverse(zz, Q), Q), modulo(y * inverse(zzz, Q), Q)]
  })
}

/** The chord's third point, mirrored: the formula asks for no curve. */
function expected([x0 = 0n, y0 = 0n]: readonly bigint[], [x1 = 0n, y1 = 0n]: readonly bigint[]): bigint[] {
  const slope = modulo((y1 - y0) * inverse(modulo(x1 - x0, Q), Q), Q)
  const x = modulo(slope * slope - x0 - x1, Q)
  return [x, modulo(slope * (x0 - x) - y0, Q)]
}
