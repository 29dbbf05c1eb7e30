import { expect, test } from 'vitest'
import { Domain } from '../../src/engine/domain.ts'
import { createEngine } from '../../src/engine/load.ts'
import { ELEMENT_BYTES, LIMB_BITS, LIMBS, MONTGOMERY, R } from '../../src/engine/parameters.ts'
import { modulo, seededValues } from './field-values.ts'

const SEED = 67n
const engine = await createEngine()
const domain = Domain.create(engine, 6)
const [A, B] = [engine.allocate(ELEMENT_BYTES), engine.allocate(ELEMENT_BYTES)]
const ROOTS = Array.from({ length: domain.size }, (_, index) => domain.roots + 2 * ELEMENT_BYTES * index)

function readLimbs(pointer: number): number[] {
  const view = new DataView(engine.take(pointer, ELEMENT_BYTES).buffer)
  return Array.from({ length: LIMBS }, (_, limb) => view.getInt32(4 * limb, true))
}

function read(pointer: number): bigint {
  return readLimbs(pointer).reduceRight((value, limb) => value * 2n ** BigInt(LIMB_BITS) + BigInt(limb), 0n)
}

function write(pointer: number, limbs: readonly number[]): void {
  engine.view(pointer, ELEMENT_BYTES).set(new Uint8Array(Int32Array.from(limbs).buffer))
}

/** Carried limbs whose value is about `multiple` times r: all ones, all zeros, seeded. */
function operands(multiple: number): number[][] {
  const top = Math.trunc(multiple * (Number(R) / 2 ** (LIMB_BITS * (LIMBS - 1))))
  const low = (limb: (index: number) => number) => [
    ...Array.from({ length: LIMBS - 1 }, (_, index) => limb(index)),
    top,
  ]
  const seeded = seededValues(SEED, 2n ** BigInt(LIMB_BITS), LIMBS).map(Number)
  return [
    low(() => 2 ** LIMB_BITS - 1),
    low(() => 0),
    low((index) => (index % 2) * (2 ** LIMB_BITS - 1)),
    low((index) => seeded[index] ?? 0),
  ]
}

/** Thousandths of r. */
const thousandths = (value: bigint): number => Math.abs(Number((value * 1000n) / R))

function expectCarried(pointer: number): void {
  for (const limb of readLimbs(pointer).slice(0, -1)) {
    expect(limb).toBeGreaterThanOrEqual(0)
    expect(limb).toBeLessThan(2 ** LIMB_BITS)
  }
}

test('a root stands beside its quotient, both with balanced limbs', () => {
  for (const root of ROOTS) {
    const [w, s] = [read(root), read(root + ELEMENT_BYTES)]
    expect(thousandths(w)).toBeLessThan(510)
    expect(thousandths(s * R - w * MONTGOMERY)).toBeLessThan(510)
    for (const limb of [...readLimbs(root).slice(0, -1), ...readLimbs(root + ELEMENT_BYTES).slice(0, -1)]) {
      expect(Math.abs(limb)).toBeLessThanOrEqual(2 ** (LIMB_BITS - 1))
    }
  }
})

test('(a + wb, a − wb) is right at the bounds of its operands, and grows no more than it says', () => {
  for (const [x, y] of [
    [79, 79],
    [-79, 79],
    [79, -79],
    [-79, -79],
    [0, 79],
  ] as const) {
    for (const a of operands(x)) {
      for (const b of operands(y)) {
        for (const root of ROOTS) {
          write(A, a)
          write(B, b)
          const [valueA, product] = [read(A), read(root) * read(B)]
          engine.call('fftCooleyTukey', A, B, root)
          expect(modulo(read(A) - valueA - product, R)).toBe(0n)
          expect(modulo(read(B) - valueA + product, R)).toBe(0n)
          expect(thousandths(read(A) - valueA)).toBeLessThan(4800)
          expect(read(A) - valueA).toBe(valueA - read(B))
        }
        expectCarried(A)
        expectCarried(B)
      }
    }
  }
})

test.each([
  ['fftGentlemanSande', 160],
  ['fftGentlemanSandeReduced', 0.51],
] as const)('%s: (a + b, (b − a)w) is right at the bounds of its operands', (name, most) => {
  for (const [x, y] of [
    [79, 79],
    [-79, 79],
    [79, -79],
    [0, 79],
  ] as const) {
    for (const a of operands(x)) {
      for (const b of operands(y)) {
        for (const root of ROOTS) {
          write(A, a)
          write(B, b)
          const [sum, product] = [read(A) + read(B), (read(B) - read(A)) * read(root)]
          engine.call(name, A, B, root)
          expect(modulo(read(A) - sum, R)).toBe(0n)
          expect(modulo(read(B) - product, R)).toBe(0n)
          expect(thousandths(read(A))).toBeLessThan(1000 * most)
          expect(thousandths(read(B))).toBeLessThan(5100)
        }
        expectCarried(A)
        expectCarried(B)
      }
    }
  }
})
