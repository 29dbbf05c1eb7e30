import { expect, test } from 'vitest'
import { createEngine, type Pointer } from '../../src/engine/load.ts'
import { LIMB_BITS, LIMBS, Q } from '../../src/engine/parameters.ts'
import { modulo, seededValues } from './field-values.ts'

const SEED = 7005n
const engine = await createEngine()
const LIMB = 1n << BigInt(LIMB_BITS)

/** An element of Fq2 as its limbs stand in memory. */
type Limbs = readonly [c0: readonly bigint[], c1: readonly bigint[]]

/** The last limb has the sign and carries the value, up to 4q either way. */
const TOP = (4n * Q) >> BigInt(LIMB_BITS * (LIMBS - 1))

/** Limbs at the ends of what operands may have, and at random. */
const limbs: bigint[][] = [
  ...[-4n, 0n, 1n, LIMB - 1n, LIMB + 3n].flatMap((limb) => [-TOP, 0n, TOP].map((top) => [...fill(limb), top])),
  ...seededValues(SEED, 1n << 261n, 12).map((value, index) => [
    ...fill(0n).map((_, at) => (value >> BigInt(LIMB_BITS * at)) % LIMB),
    (index % 2 === 0 ? 1n : -1n) * (value % TOP),
  ]),
]
const elements: Limbs[] = limbs.flatMap((c0, index) =>
  limbs
    .slice(index % 3)
    .filter((_, at) => at % 3 === 0)
    .map((c1): Limbs => [c0, c1]),
)

function fill(limb: bigint): bigint[] {
  return Array.from({ length: LIMBS - 1 }, () => limb)
}

function integerOf(parts: readonly bigint[]): bigint {
  return parts.reduceRight((sum, limb) => sum * LIMB + limb, 0n)
}

function write(pointer: Pointer, [c0, c1]: Limbs): void {
  const words = Int32Array.from([...c0, ...c1], Number)
  engine.view(pointer, 72).set(new Uint8Array(words.buffer))
}

function read(pointer: Pointer): [bigint[], bigint[]] {
  const words = new Int32Array(engine.take(pointer, 72).buffer)
  const all = Array.from(words, BigInt)
  return [all.slice(0, LIMBS), all.slice(LIMBS)]
}

type Pair = readonly [bigint, bigint]
const xi = ([c0, c1]: Pair): Pair => [9n * c0 - c1, c0 + 9n * c1]
const combine = (...terms: readonly (readonly [bigint, Pair])[]): Pair => [
  terms.reduce((sum, [factor, [c0]]) => sum + factor * c0, 0n),
  terms.reduce((sum, [factor, [, c1]]) => sum + factor * c1, 0n),
]

const SUMS: readonly (readonly [name: string, (x: Pair, y: Pair, z: Pair) => Pair])[] = [
  ['x + y', (x, y) => combine([1n, x], [1n, y])],
  ['x − y', (x, y) => combine([1n, x], [-1n, y])],
  ['x − y − z', (x, y, z) => combine([1n, x], [-1n, y], [-1n, z])],
  ['2x', (x) => combine([2n, x])],
  ['−x', (x) => combine([-1n, x])],
  ['3x', (x) => combine([3n, x])],
  ['−3x', (x) => combine([-3n, x])],
  ['3x − 2y', (x, y) => combine([3n, x], [-2n, y])],
  ['−3x + 2y', (x, y) => combine([-3n, x], [2n, y])],
  ['ξx', (x) => xi(x)],
  ['ξx + y', (x, y) => combine([1n, xi(x)], [1n, y])],
  ['ξx − y', (x, y) => combine([1n, xi(x)], [-1n, y])],
  ['ξx + y + z', (x, y, z) => combine([1n, xi(x)], [1n, y], [1n, z])],
  ['y − z − ξx', (x, y, z) => combine([-1n, xi(x)], [1n, y], [-1n, z])],
]

test.each(SUMS.map(([name, expected], kind) => ({ name, expected, kind })))(
  `$name of limbs at their bounds is carried and reduced (seed ${SEED})`,
  ({ expected, kind }) => {
    const pointers = [0, 1, 2].map(() => engine.allocate(72))
    const result = engine.allocate(72)
    for (const [index, first] of elements.entries()) {
      for (const step of [0, 1, 7, 31]) {
        const operands = [0, step, 2 * step].map((offset) => elements[(index + offset) % elements.length] ?? first)
        for (const [at, pointer] of pointers.entries()) write(pointer, operands[at] ?? first)
        engine.call('towerSum', kind, result, ...pointers)
        const zero: Pair = [0n, 0n]
        const [x = zero, y = zero, z = zero] = operands.map(([c0, c1]): Pair => [integerOf(c0), integerOf(c1)])
        const wanted = expected(x, y, z)
        for (const [part, found] of read(result).entries()) {
          expect(modulo(integerOf(found), Q)).toBe(modulo(wanted[part] ?? 0n, Q))
          expect(abs(integerOf(found)) * 100n < 51n * Q).toBe(true)
          expect(found.slice(0, -1).every((limb) => limb >= -4n && limb < LIMB + 4n)).toBe(true)
        }
      }
    }
  },
)

function abs(value: bigint): bigint {
  return value < 0n ? -value : value
}
