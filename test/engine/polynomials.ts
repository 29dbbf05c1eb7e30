import type { Engine, Pointer } from '../../src/engine/load.ts'
import { ELEMENT_BYTES, inverse, power, R } from '../../src/engine/parameters.ts'
import { fromLittleEndian, littleEndian, modulo } from './field-values.ts'

/** The root of unity of order 2^log that the `.zkey` format means. */
export function rootOfUnity(log: number): bigint {
  return power(5n, (R - 1n) >> BigInt(log), R)
}

/** Elements of Fr one after another in the engine's memory. */
export class Elements {
  readonly pointer: Pointer
  readonly #engine: Engine
  readonly #count: number
  readonly #window: Pointer

  constructor(engine: Engine, count: number) {
    this.#engine = engine
    this.#count = count
    this.#window = engine.allocate(32)
    this.pointer = engine.allocate(ELEMENT_BYTES * count)
  }

  write(values: readonly bigint[]): void {
    for (const [index, value] of values.entries()) {
      this.#engine.view(this.#window, 32).set(littleEndian(value))
      this.#engine.call('frFromBytes', this.pointer + ELEMENT_BYTES * index, this.#window)
    }
  }

  /** Makes the rest a repetition of the first `period`. */
  repeat(period: number): void {
    const first = this.#engine.take(this.pointer, ELEMENT_BYTES * period)
    for (let index = period; index < this.#count; index += period) {
      this.#engine.view(this.pointer + ELEMENT_BYTES * index, first.length).set(first)
    }
  }

  read(): bigint[] {
    return Array.from({ length: this.#count }, (_, index) => this.at(index))
  }

  at(index: number): bigint {
    this.#engine.call('frToBytes', this.#window, this.pointer + ELEMENT_BYTES * index)
    return fromLittleEndian(this.#engine.view(this.#window, 32))
  }
}

/** Σ coefficientᵢ·xⁱ, by Horner. */
export function valueAt(coefficients: readonly bigint[], x: bigint): bigint {
  return coefficients.reduceRight((value, coefficient) => (value * x + coefficient) % R, 0n)
}

/** The values at the powers of `root`, whose order is the number of coefficients, by the recursion of the textbook. */
export function transform(coefficients: readonly bigint[], root: bigint): bigint[] {
  if (coefficients.length === 1) return [...coefficients]
  const square = (root * root) % R
  const even = transform(
    coefficients.filter((_, index) => index % 2 === 0),
    square,
  )
  const odd = transform(
    coefficients.filter((_, index) => index % 2 === 1),
    square,
  )
  const values = new Array<bigint>(coefficients.length)
  let power = 1n
  for (const [index, value] of even.entries()) {
    const term = power * (odd[index] ?? 0n)
    values[index] = modulo(value + term, R)
    values[index + even.length] = modulo(value - term, R)
    power = (power * root) % R
  }
  return values
}

/** The coefficients of the polynomial with these values at the powers of the root of their number's order. */
export function interpolate(values: readonly bigint[]): bigint[] {
  const count = inverse(BigInt(values.length), R)
  const root = rootOfUnity(Math.log2(values.length))
  return transform(values, inverse(root, R)).map((value) => (value * count) % R)
}

/** The values of the same polynomial at g·ω^j, g² = ω. */
export function cosetValues(values: readonly bigint[]): bigint[] {
  const log = Math.log2(values.length)
  const shift = rootOfUnity(log + 1)
  let power = 1n
  const shifted = interpolate(values).map((coefficient) => {
    const term = (coefficient * power) % R
    power = (power * shift) % R
    return term
  })
  return transform(shifted, rootOfUnity(log))
}
