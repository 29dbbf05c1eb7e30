import * as snarkjs from 'snarkjs'
import { expect, test } from 'vitest'
import { Domain } from '../../src/engine/domain.ts'
import { createEngine } from '../../src/engine/load.ts'
import { inverse, power, R } from '../../src/engine/parameters.ts'
import { codeOf } from '../expect-code.ts'
import { fromLittleEndian, littleEndian, modulo, seededValues } from './field-values.ts'
import { Elements, rootOfUnity, valueAt } from './polynomials.ts'

const SEED = 41n
const engine = await createEngine()

/** A domain with room for one polynomial, in natural order on both sides. */
function open(log: number) {
  const domain = Domain.create(engine, log)
  const elements = new Elements(engine, domain.size)
  const places = Array.from({ length: domain.size }, (_, index) => domain.place(index))
  const reorder = (values: readonly bigint[]): bigint[] => places.map((place) => values[place] ?? 0n)
  const forward = (step: (at: number) => void, coefficients: readonly bigint[]): bigint[] => {
    elements.write(coefficients)
    step(elements.pointer)
    return reorder(elements.read())
  }
  return {
    size: domain.size,
    values: (coefficients: readonly bigint[]) => forward((at) => domain.toValues(at), coefficients),
    cosetValues: (coefficients: readonly bigint[]) => forward((at) => domain.toCosetValues(at), coefficients),
    coefficients: (values: readonly bigint[]): bigint[] => {
      elements.write(reorder(values))
      domain.toScaledCoefficients(elements.pointer)
      const factor = inverse(BigInt(domain.size), R)
      return elements.read().map((coefficient) => (coefficient * factor) % R)
    },
  }
}

/** Random ones, and those that carry furthest. */
function polynomials(count: number): bigint[][] {
  const full = (value: bigint) => new Array<bigint>(count).fill(value)
  const single = (place: number) => full(0n).with(place, R - 1n)
  const alternating = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? R - 1n : 1n))
  const fixed = [full(0n), full(1n), full(R - 1n), full((R - 1n) / 2n), alternating, single(0), single(count - 1)]
  return [...fixed, seededValues(SEED, R, count)]
}

test.each([1, 2, 3, 4, 5, 6])('2^%i points: values are those of the polynomial', (log) => {
  const domain = open(log)
  for (const coefficients of polynomials(domain.size)) {
    const root = rootOfUnity(log)
    const points = coefficients.map((_, index) => root ** BigInt(index) % R)
    expect(domain.values(coefficients)).toEqual(points.map((x) => valueAt(coefficients, x)))
    const shift = rootOfUnity(log + 1)
    expect(domain.cosetValues(coefficients)).toEqual(points.map((x) => valueAt(coefficients, (shift * x) % R)))
  }
})

test.each([1, 2, 5, 8, 11])('2^%i points: values become their coefficients again', (log) => {
  const domain = open(log)
  for (const coefficients of polynomials(domain.size)) {
    expect(domain.coefficients(domain.values(coefficients))).toEqual(coefficients)
    expect(domain.values(domain.coefficients(coefficients))).toEqual(coefficients)
  }
})

test('2^18 points, where values are reduced after sixteen layers', () => {
  const period = 8
  const domain = Domain.create(engine, 18)
  const elements = new Elements(engine, domain.size)
  for (const first of [seededValues(SEED, R, period), new Array<bigint>(period).fill(R - 1n)]) {
    elements.write(first)
    elements.repeat(period)
    domain.toCosetValues(elements.pointer)
    // Σ xⁱ over the multiples i of the period is (x^n − 1)/(x^period − 1), and x^n = −1 on the coset.
    for (const index of [0, 1, 77_777, domain.size - 1]) {
      const x = (rootOfUnity(19) * power(rootOfUnity(18), BigInt(index), R)) % R
      const repetitions = (-2n * inverse(power(x, BigInt(period), R) - 1n, R)) % R
      expect(elements.at(domain.place(index))).toBe(modulo(valueAt(first, x) * repetitions, R))
    }
  }
  const [one = 0n, two = 0n] = seededValues(SEED + 1n, R, 2)
  elements.write([one, two])
  elements.repeat(2)
  domain.toScaledCoefficients(elements.pointer)
  domain.toValues(elements.pointer)
  const size = BigInt(domain.size)
  expect([0, 1, 100_000, 100_001].map((place) => elements.at(place))).toEqual(
    [one, two, one, two].map((value) => (value * size) % R),
  )
})

test('transforms are linear', () => {
  const domain = open(9)
  const [a, b] = [seededValues(SEED, R, domain.size), seededValues(SEED + 1n, R, domain.size)]
  const sum = (x: readonly bigint[], y: readonly bigint[]) =>
    x.map((value, index) => modulo(value - 7n * (y[index] ?? 0n), R))
  expect(domain.cosetValues(sum(a, b))).toEqual(sum(domain.cosetValues(a), domain.cosetValues(b)))
  expect(domain.coefficients(sum(a, b))).toEqual(sum(domain.coefficients(a), domain.coefficients(b)))
})

/** What the tests use of ffjavascript's field, which has no types. */
type ReferenceField = {
  fft(values: Uint8Array): Promise<Uint8Array>
  ifft(values: Uint8Array): Promise<Uint8Array>
  batchToMontgomery(values: Uint8Array): Promise<Uint8Array>
  batchFromMontgomery(values: Uint8Array): Promise<Uint8Array>
}

test.each([1, 4, 10, 13, 16])('2^%i points: values are those that ffjavascript computes', async (log) => {
  const curve = await snarkjs.curves.getCurveFromName('bn128', { singleThread: true })
  // snarkjs's declarations leave the scalar field out.
  const { Fr } = curve as unknown as { Fr: ReferenceField }
  const domain = open(log)
  const input = seededValues(SEED, R, domain.size)
  const reference = async (step: (values: Uint8Array) => Promise<Uint8Array>): Promise<bigint[]> => {
    const bytes = new Uint8Array(Buffer.concat(input.map(littleEndian)))
    const result = await Fr.batchFromMontgomery(await step(await Fr.batchToMontgomery(bytes)))
    return input.map((_, index) => fromLittleEndian(result.subarray(32 * index, 32 * index + 32)))
  }
  expect(domain.values(input)).toEqual(await reference((values) => Fr.fft(values)))
  expect(domain.coefficients(input)).toEqual(await reference((values) => Fr.ifft(values)))
})

test('a domain that the field does not have is refused', () => {
  expect(Domain.create(engine, 1).size).toBe(2)
  for (const log of [0, 28, 1.5, Number.NaN]) expect(codeOf(() => Domain.create(engine, log))).toBe('domain_size')
})
