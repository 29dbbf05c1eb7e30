import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, test } from 'vitest'
import { createEngine, type Pointer } from '../../src/engine/load.ts'
import { Q } from '../../src/engine/parameters.ts'
import { seededValues } from './field-values.ts'
import { type Element12, fq12Bytes, littleEndians } from './pairing-points.ts'

const { Fp2, Fp6, Fp12 } = bn254.fields
const SEED = 7001n
const engine = await createEngine()

function allocate(): Pointer {
  return engine.allocate(432)
}

function write(value: Element12): Pointer {
  const pointer = allocate()
  engine.scoped(() => engine.call('fq12FromBytes', pointer, engine.put(fq12Bytes(value))))
  return pointer
}

function read(pointer: Pointer): Uint8Array {
  return engine.scoped(() => {
    const bytes = engine.allocate(384)
    engine.call('fq12ToBytes', bytes, pointer)
    return engine.take(bytes, 384)
  })
}

function fq2Of(parts: readonly bigint[], at: number) {
  return Fp2.create({ c0: parts[at] ?? 0n, c1: parts[at + 1] ?? 0n })
}

function fq12Of(parts: readonly bigint[]): Element12 {
  const fq6 = (at: number) => Fp6.create({ c0: fq2Of(parts, at), c1: fq2Of(parts, at + 2), c2: fq2Of(parts, at + 4) })
  return Fp12.create({ c0: fq6(0), c1: fq6(6) })
}

/** Random elements, and those at the ends of the range, sparse ones, zero. */
const elements = [
  ...Array.from({ length: 6 }, (_, index) => fq12Of(seededValues(SEED + BigInt(index), Q, 12))),
  fq12Of(Array.from({ length: 12 }, () => Q - 1n)),
  fq12Of(Array.from({ length: 12 }, (_, index) => (index === 9 ? Q - 1n : 0n))),
  fq12Of(Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? Q - 1n : 1n))),
  fq12Of([]),
]
const pairs = elements.flatMap((a, index) => elements.slice(index).map((b) => [a, b] as const))

/** In the cyclotomic subgroup: f^((q⁶ − 1)(q² + 1)). */
function cyclotomic(f: Element12): Element12 {
  const g = Fp12.mul(Fp12.conjugate(f), Fp12.inv(f))
  return Fp12.mul(Fp12.frobeniusMap(g, 2), g)
}

describe(`Fq12 agrees with an independent implementation (seed ${SEED})`, () => {
  test('products', () => {
    for (const [a, b] of pairs) {
      const result = allocate()
      engine.call('fq12Mul', result, write(a), write(b))
      expect(read(result)).toEqual(fq12Bytes(Fp12.mul(a, b)))
    }
  })

  test('squares', () => {
    for (const a of elements) {
      const result = allocate()
      engine.call('fq12Sqr', result, write(a))
      expect(read(result)).toEqual(fq12Bytes(Fp12.sqr(a)))
    }
  })

  test('inverses; that of zero is zero', () => {
    for (const a of elements) {
      const result = allocate()
      engine.call('fq12Inverse', result, write(a))
      expect(read(result)).toEqual(fq12Bytes(Fp12.is0(a) ? Fp12.ZERO : Fp12.inv(a)))
    }
  })

  test.each([1, 2, 3])('powers of q^%i', (power) => {
    for (const a of elements) {
      const result = allocate()
      engine.call('fq12Frobenius', result, write(a), power)
      expect(read(result)).toEqual(fq12Bytes(Fp12.frobeniusMap(a, power)))
    }
  })

  test('conjugates', () => {
    for (const a of elements) {
      const result = allocate()
      engine.call('fq12Conjugate', result, write(a))
      expect(read(result)).toEqual(fq12Bytes(Fp12.conjugate(a)))
    }
  })

  test('squares in the cyclotomic subgroup, and only there', () => {
    for (const a of elements.slice(0, 5)) {
      const unit = cyclotomic(a)
      const result = allocate()
      engine.call('fq12CyclotomicSqr', result, write(unit))
      expect(read(result)).toEqual(fq12Bytes(Fp12.sqr(unit)))
      engine.call('fq12CyclotomicSqr', result, write(a))
      expect(read(result)).not.toEqual(fq12Bytes(Fp12.sqr(a)))
    }
  })

  test('products by lines l0 + l1·w + l3·w³, and by those with l0 = 1', () => {
    for (const [index, a] of elements.entries()) {
      for (const values of [seededValues(SEED + 100n + BigInt(index), Q, 6), [Q - 1n, Q - 1n, 0n, 0n, Q - 1n, 1n]]) {
        const parts = [0, 2, 4].map((at) => writeFq2(values.slice(at, at + 2)))
        const [l0 = 0, l1 = 0, l3 = 0] = parts
        const line = (first: readonly bigint[]) =>
          fq12Of([...first, 0n, 0n, 0n, 0n, ...values.slice(2, 4), ...values.slice(4, 6), 0n, 0n])
        const full = write(a)
        engine.call('fq12MulByLine', full, l0, l1, l3)
        expect(read(full)).toEqual(fq12Bytes(Fp12.mul(a, line(values.slice(0, 2)))))
        const unit = write(a)
        engine.call('fq12MulByLine', unit, 0, l1, l3)
        expect(read(unit)).toEqual(fq12Bytes(Fp12.mul(a, line([1n, 0n]))))
      }
    }
  })
})

test('operands may be the result', () => {
  const [a = Fp12.ONE, b = Fp12.ONE] = elements
  const left = write(a)
  engine.call('fq12Mul', left, left, write(b))
  expect(read(left)).toEqual(fq12Bytes(Fp12.mul(a, b)))
  const right = write(b)
  engine.call('fq12Mul', right, write(a), right)
  expect(read(right)).toEqual(fq12Bytes(Fp12.mul(a, b)))
  const both = write(a)
  engine.call('fq12Mul', both, both, both)
  expect(read(both)).toEqual(fq12Bytes(Fp12.sqr(a)))
  for (const [call, expected] of [
    ['fq12Sqr', Fp12.sqr(a)],
    ['fq12Inverse', Fp12.inv(a)],
    ['fq12Conjugate', Fp12.conjugate(a)],
  ] as const) {
    const self = write(a)
    engine.call(call, self, self)
    expect(read(self)).toEqual(fq12Bytes(expected))
  }
  const unit = cyclotomic(a)
  const self = write(unit)
  engine.call('fq12CyclotomicSqr', self, self)
  expect(read(self)).toEqual(fq12Bytes(Fp12.sqr(unit)))
})

test('long chains stay in their bounds', () => {
  let expected = elements[6] ?? Fp12.ONE
  const value = write(expected)
  const factor = write(elements[8] ?? Fp12.ONE)
  for (let round = 0; round < 60; round++) {
    engine.call('fq12Sqr', value, value)
    engine.call('fq12Mul', value, value, factor)
    expected = Fp12.mul(Fp12.sqr(expected), elements[8] ?? Fp12.ONE)
  }
  expect(read(value)).toEqual(fq12Bytes(expected))
})

function writeFq2(parts: readonly bigint[]): Pointer {
  const pointer = engine.allocate(72)
  engine.scoped(() => engine.call('fq2FromBytes', pointer, engine.put(littleEndians(...parts))))
  return pointer
}

test('elements come back as they were', () => {
  for (const a of elements) expect(read(write(a))).toEqual(fq12Bytes(a))
})
