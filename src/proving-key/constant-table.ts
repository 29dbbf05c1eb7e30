import { R } from '../engine/parameters.ts'
import { FIELD_BYTES } from './zkey-format.ts'

/** Where a value is listed, and whether negated. */
type Found = { index: number; negated: 0 | 1 }

/**
 * Lists each constant once, up to its sign: of c and r − c the even one. Keys of strangers are read, too, whose values
 * may have been chosen to stand in each other's way, so places are found by random sums. The list depends on the
 * values alone.
 */
export class ConstantTable {
  readonly #view: DataView
  /** The first place of each value, by its sum or, where another has that one, the next that is free. */
  readonly #places = new Map<number, Found & { at: number }>()
  readonly #factors = randomFactors()
  /** The even ones, in the order of their indices; and these, by what engines hash with a key of their own. */
  readonly #values: bigint[] = []
  readonly #indices = new Map<string, number>()

  /** `view` holds the values, 32 bytes each. */
  constructor(view: DataView) {
    this.#view = view
  }

  find(at: number): Found {
    let key = this.#sum(at)
    for (; ; key++) {
      const known = this.#places.get(key)
      if (!known) break
      if (this.#equal(known.at, at)) return known
    }
    const found = { ...this.#list(this.#read(at)), at }
    this.#places.set(key, found)
    return found
  }

  take(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#values.length * FIELD_BYTES)
    const view = new DataView(bytes.buffer)
    let at = 0
    for (const value of this.#values) {
      for (let word = 0; word < 4; word++, at += 8) {
        view.setBigUint64(at, (value >> BigInt(64 * word)) & (2n ** 64n - 1n), true)
      }
    }
    return bytes
  }

  #list(value: bigint): Found {
    // A value that is not below r has no other form in the file; it is listed as it stands.
    const negated = (value & 1n) === 1n && value < R ? 1 : 0
    const even = negated ? R - value : value
    const name = `x${even.toString(16)}`
    const index = this.#indices.get(name) ?? this.#values.length
    if (index === this.#values.length) {
      this.#indices.set(name, index)
      this.#values.push(even)
    }
    return { index, negated }
  }

  /**
   * Two values have the same with a chance of 2^−32 (Carter and Wegman, "Universal classes of hash functions", 1979).
   */
  #sum(at: number): number {
    let sum = 0
    for (let index = 0; index < FIELD_BYTES / 2; index++) {
      sum += this.#view.getUint16(at + 2 * index, true) * (this.#factors[index] ?? 0)
    }
    // Sixteen products of 48 bits: exact in a double.
    return sum % PRIME
  }

  #read(at: number): bigint {
    const word = (index: number): bigint => this.#view.getBigUint64(at + 8 * index, true) << BigInt(64 * index)
    return word(0) | word(1) | word(2) | word(3)
  }

  #equal(a: number, b: number): boolean {
    for (let offset = 0; offset < FIELD_BYTES; offset += 4) {
      if (this.#view.getUint32(a + offset, true) !== this.#view.getUint32(b + offset, true)) return false
    }
    return true
  }
}

/** The largest prime below 2^32. */
const PRIME = 4_294_967_291

/** One for each two bytes of a value. */
function randomFactors(): Float64Array {
  return Float64Array.from(crypto.getRandomValues(new Uint32Array(FIELD_BYTES / 2)), (factor) => factor % PRIME)
}
