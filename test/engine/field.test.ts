import { expect, test } from 'vitest'
import { COLUMNS } from '../../src/engine/build/columns.ts'
import { limbs } from '../../src/engine/build/limbs.ts'
import { createEngine } from '../../src/engine/load.ts'
import { inverse, LIMB_BITS, LIMBS, MONTGOMERY, power, Q, R } from '../../src/engine/parameters.ts'
import { FieldBench, modulo, seededValues } from './field-values.ts'

const SEED = 20n
const engine = await createEngine()

test.each([
  ['q', Q, 21888242871839275222246405745257275088696311157297823662689037894645226208583n],
  ['r', R, 21888242871839275222246405745257275088548364400416034343698204186575808495617n],
])('%s is the prime that EIP-197 names', (_name, computed, published) => {
  expect(computed).toBe(published)
})

for (const [field, order] of [
  ['fq', Q],
  ['fr', R],
] as const) {
  const edges = [0n, 1n, 2n, order - 1n, order - 2n, (order - 1n) / 2n, 2n ** 253n, 2n ** 29n - 1n, 2n ** 232n]
  const values = [...edges, ...seededValues(SEED, order, 40)]
  const bench = new FieldBench(engine, field)
  const [a, b, result] = [bench.allocate(), bench.allocate(), bench.allocate()]

  test(`${field}: products, sums and differences are those of integers`, () => {
    for (const x of values) {
      for (const y of values) {
        bench.write(a, [x])
        bench.write(b, [y])
        const found = (operation: string): bigint | undefined => {
          bench.call(operation, result, a, b)
          return bench.read(result)[0]
        }
        expect([found('Mul'), found('Add'), found('Sub')]).toEqual([
          (x * y) % order,
          (x + y) % order,
          modulo(x - y, order),
        ])
      }
      bench.call('Sqr', result, a)
      expect(bench.read(result)).toEqual([(x * x) % order])
    }
  })

  test(`${field}: an inverse times its value is one; zero has zero`, () => {
    for (const x of values) {
      bench.write(a, [x])
      bench.call('Inverse', result, a)
      expect(bench.read(result)).toEqual([x === 0n ? 0n : inverse(x, order)])
    }
  })

  test(`${field}: bytes of any 256-bit value are reduced`, () => {
    for (const x of [order, order + 1n, 2n ** 256n - 1n]) {
      bench.write(a, [x])
      expect(bench.read(a)).toEqual([x % order])
    }
  })

  test(`${field}: a result may stand where an operand stood`, () => {
    const [x = 0n, y = 0n] = values.slice(-2)
    bench.write(a, [x])
    bench.write(b, [y])
    bench.call('Mul', a, a, b)
    bench.call('Mul', b, a, b)
    bench.call('Sqr', b, b)
    expect(bench.read(b)).toEqual([power(x * y * y, 2n, order)])
  })
}

test('fq: sums and differences may be multiplied, subtracted and compared before anything is carried', () => {
  const bench = new FieldBench(engine, 'fq')
  const [a, b, c, sum, difference, result] = Array.from({ length: 6 }, () => bench.allocate())
  if (!(a && b && c && sum && difference && result)) throw new Error('no memory')
  const values = [0n, 1n, Q - 1n, (Q - 1n) / 2n, ...seededValues(SEED + 1n, Q, 12)]
  for (const x of values) {
    for (const y of values) {
      for (const z of values.slice(0, 6)) {
        bench.write(a, [x])
        bench.write(b, [y])
        bench.write(c, [z])
        bench.call('Add', sum, a, b)
        bench.call('Sub', difference, a, b)
        bench.call('MulSub', result, sum, difference, sum)
        expect(bench.read(result)).toEqual([modulo((x + y) * (x - y) - (x + y), Q)])
        bench.call('SqrSub', result, difference, sum)
        expect(bench.read(result)).toEqual([modulo((x - y) ** 2n - (x + y), Q)])
        // A product of z, so that zero also comes as a multiple of q.
        bench.call('MulSub', result, difference, c, difference)
        expect(bench.call('IsZero', result) === 1).toBe(modulo((x - y) * (z - 1n), Q) === 0n)
        expect(bench.call('IsZero', difference) === 1).toBe(x === y)
      }
    }
  }
})

test('fq2: products, squares and inverses are those of i² = −1', () => {
  const bench = new FieldBench(engine, 'fq2')
  const [a, b, e, result] = Array.from({ length: 4 }, () => bench.allocate())
  if (!(a && b && e && result)) throw new Error('no memory')
  const parts = [0n, 1n, Q - 1n, ...seededValues(SEED + 2n, Q, 4)]
  const elements = parts.flatMap((c0) => parts.map((c1) => [c0, c1] as const))
  for (const [x0, x1] of elements) {
    bench.write(a, [x0, x1])
    for (const [y0, y1] of elements.filter((_, index) => index % 5 === 0)) {
      bench.write(b, [y0, y1])
      bench.write(e, [y1, x0])
      const product = [x0 * y0 - x1 * y1, x0 * y1 + x1 * y0] as const
      bench.call('Mul', result, a, b)
      expect(bench.read(result)).toEqual(product.map((part) => modulo(part, Q)))
      bench.call('MulSub', result, a, b, e)
      expect(bench.read(result)).toEqual([modulo(product[0] - y1, Q), modulo(product[1] - x0, Q)])
      bench.call('SqrSub', result, a, e)
      expect(bench.read(result)).toEqual([modulo(x0 * x0 - x1 * x1 - y1, Q), modulo(2n * x0 * x1 - x0, Q)])
    }
    bench.call('Inverse', result, a)
    bench.call('Mul', result, result, a)
    expect(bench.read(result)).toEqual([x0 === 0n && x1 === 0n ? 0n : 1n, 0n])
  }
})

test.each([
  ['Fq', Q],
  ['Fr', R],
])('%s: no column of a product overflows 63 bits, and products stay in the range that is promised', (_name, p) => {
  const limb = 2n ** BigInt(LIMB_BITS)
  const n = limbs(p * (limb - power(p, limb / 2n - 1n, limb)), LIMBS + 1)
  expect(n[0]).toBe(limb - 1n)
  const highest = (weight: number): bigint => {
    let carry = 0n
    let worst = 0n
    for (let column = 0; column < COLUMNS; column++) {
      const pairs = Math.min(column, LIMBS - 1) - Math.max(0, column - LIMBS + 1) + 1
      const sum =
        (BigInt(Math.round(pairs * weight * 16)) * limb * limb) / 16n + reductionBound(n, p, column, limb) + carry
      worst = sum > worst ? sum : worst
      carry = sum / limb + limb
    }
    return worst
  }
  // Weights of the two operands multiplied, as src/engine/README.md says.
  expect(highest(2.5)).toBeLessThan(2n ** 63n)
  // Fq2 sums two products in a column.
  expect(highest(2 * 1.2)).toBeLessThan(2n ** 63n)
  // |ab| ≤ 169 p² leaves less than p, the eight steps by N less than p, the last less than p.
  expect(169n * p).toBeLessThan(MONTGOMERY)
  const eight = limb ** 8n * n.reduce((sum, value, index) => sum + value * limb ** BigInt(index), 0n)
  expect(eight).toBeLessThan(p * MONTGOMERY)
})

function reductionBound(n: readonly bigint[], p: bigint, column: number, limb: bigint): bigint {
  let sum = 0n
  for (let step = 0; step < LIMBS; step++) {
    const multiple = step < LIMBS - 1 ? n : limbs(p)
    sum += (limb - 1n) * (multiple[column - step] ?? 0n)
  }
  return sum
}
