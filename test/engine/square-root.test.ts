import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { power, Q } from '../../src/engine/parameters.ts'
import { FieldBench, modulo, seededValues } from './field-values.ts'

const SEED = 41n
const engine = await createEngine()

test('fq: a square has a root, and no other value has one', () => {
  const bench = new FieldBench(engine, 'fq')
  const [a, root] = [bench.allocate(), bench.allocate()]
  for (const x of [0n, 1n, 2n, 3n, Q - 1n, Q - 3n, ...seededValues(SEED, Q, 40)]) {
    bench.write(a, [x])
    const found = bench.call('SquareRoot', root, a) === 1
    expect(found).toBe(x === 0n || power(x, (Q - 1n) / 2n, Q) === 1n)
    if (found) expect(((bench.read(root)[0] ?? 0n) ** 2n - x) % Q).toBe(0n)
    // The root may stand where the value stood.
    expect(bench.call('SquareRoot', a, a) === 1).toBe(found)
    if (found) expect(bench.read(a)).toEqual(bench.read(root))
  }
})

test('fq2: a square has a root, and no other value has one', () => {
  const bench = new FieldBench(engine, 'fq2')
  const [a, root] = [bench.allocate(), bench.allocate()]
  const parts = [0n, 1n, 2n, 3n, Q - 1n, Q - 3n, ...seededValues(SEED + 1n, Q, 8)]
  let squares = 0
  for (const x0 of parts) {
    for (const x1 of parts) {
      bench.write(a, [x0, x1])
      const found = bench.call('SquareRoot', root, a) === 1
      // In Fq2 a value is a square exactly when its norm is one in Fq.
      const norm = modulo(x0 * x0 + x1 * x1, Q)
      expect(found).toBe(norm === 0n || power(norm, (Q - 1n) / 2n, Q) === 1n)
      if (!found) continue
      squares++
      const [y0 = 0n, y1 = 0n] = bench.read(root)
      expect([modulo(y0 * y0 - y1 * y1, Q), modulo(2n * y0 * y1, Q)]).toEqual([x0, x1])
      expect(bench.call('SquareRoot', a, a)).toBe(1)
      expect(bench.read(a)).toEqual([y0, y1])
    }
  }
  expect(squares).toBeGreaterThan(parts.length)
  expect(squares).toBeLessThan(parts.length ** 2)
})

test('fq2: a square of anything has its root or the other one', () => {
  const bench = new FieldBench(engine, 'fq2')
  const [a, root] = [bench.allocate(), bench.allocate()]
  const values = seededValues(SEED + 2n, Q, 60)
  const elements = values.map((x0, index) => [x0, values[(index * 7 + 1) % values.length] ?? 0n] as const)
  for (const [x0, x1] of [...elements, [0n, 5n], [5n, 0n], [0n, 0n]] as const) {
    bench.write(a, [x0, x1])
    bench.call('Sqr', a, a)
    expect(bench.call('SquareRoot', root, a)).toBe(1)
    const [y0 = 0n, y1 = 0n] = bench.read(root)
    expect([
      [x0, x1],
      [modulo(-x0, Q), modulo(-x1, Q)],
    ]).toContainEqual([y0, y1])
  }
})
