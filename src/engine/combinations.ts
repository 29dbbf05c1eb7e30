import { CoefficientDictionary, ZERO } from './coefficient-dictionary.ts'
import { EngineError } from './engine-error.ts'
import { WordSequences } from './word-sequences.ts'

/** 32-bit words of an entry before its coefficient, and among them the place of the wire. */
const COEFFICIENT = 3
const WIRE = 2

/** A sum of multiples of values. A value's number is a wire's, or `wires` + that of an earlier combination. */
export type Combination = {
  /** Index of a coefficient, number of a value, in turns. */
  readonly products: readonly number[]
  readonly added: readonly number[]
  readonly subtracted: readonly number[]
}

/** Collects the combinations of a constraint system, those that are equal or each other's negatives once. */
export class Combinations {
  readonly #wires: number
  readonly #dictionary = new CoefficientDictionary()
  /** Rows as a coefficient's number and a wire in turns, the first number even. */
  readonly #rows = new WordSequences()
  readonly #list: Combination[] = []
  /** For each of the rows, by its sign, the number of its value. */
  readonly #values: [positive: number | undefined, negative: number | undefined][] = []
  #terms = new Uint32Array(64)

  constructor(wires: number) {
    this.#wires = wires
  }

  /**
   * The number of the value of a row, −1 for zero.
   *
   * @param words of all entries.
   * @param places where the words of this row's entries begin. Throws {@link EngineError} `coefficient_out_of_range`
   *   for a coefficient that is not below r.
   */
  number(words: Uint32Array, places: Uint32Array): number {
    const length = this.#read(words, places)
    if (length === 0) return -1
    const [first = 0, wire = 0] = this.#terms
    if (length === 2 && first === this.#dictionary.one) return wire
    const sign = first & 1
    if (sign === 1) for (let at = 0; at < length; at += 2) this.#terms[at] = (this.#terms[at] ?? 0) ^ 1
    const row = this.#rows.intern(this.#terms, length)
    this.#values[row] ??= [undefined, undefined]
    const values = this.#values[row]
    const opposite = values[1 - sign]
    values[sign] ??= this.#push(
      opposite === undefined ? this.#sort(row, sign) : { products: [], added: [], subtracted: [opposite] },
    )
    return values[sign]
  }

  /** The list, and the coefficients that it uses as `.zkey` files hold them. */
  finish(): { combinations: readonly Combination[]; coefficients: Uint8Array } {
    const used = new Map<number, number>()
    const combinations = this.#list.map((combination) => {
      const products = combination.products.map((value, at) => {
        if (at % 2 === 1) return value
        const index = used.get(value) ?? used.size
        used.set(value, index)
        return index
      })
      return { ...combination, products }
    })
    const coefficients = new Uint8Array(32 * used.size)
    for (const [number, index] of used) coefficients.set(this.#dictionary.bytes(number), 32 * index)
    return { combinations, coefficients }
  }

  /** Fills the terms; how many words. */
  #read(words: Uint32Array, places: Uint32Array): number {
    if (this.#terms.length < 2 * places.length) this.#terms = new Uint32Array(4 * places.length)
    let length = 0
    for (const place of places) {
      const wire = words[place + WIRE] ?? 0
      const coefficient = this.#dictionary.identify(words, place + COEFFICIENT)
      if (coefficient === undefined) {
        throw new EngineError('coefficient_out_of_range', `the coefficient of wire ${wire} is no field element`)
      }
      if (coefficient === ZERO) continue
      this.#terms[length] = coefficient
      this.#terms[length + 1] = wire
      length += 2
    }
    return length
  }

  #sort(row: number, sign: number): Combination {
    const [products, added, subtracted]: [number[], number[], number[]] = [[], [], []]
    const terms = this.#rows.at(row)
    for (let at = 0; at < terms.length; at += 2) {
      const coefficient = (terms[at] ?? 0) ^ sign
      const wire = terms[at + 1] ?? 0
      if (coefficient === this.#dictionary.one) added.push(wire)
      else if (coefficient === (this.#dictionary.one ^ 1)) subtracted.push(wire)
      else products.push(coefficient, wire)
    }
    return { products, added, subtracted }
  }

  #push(combination: Combination): number {
    return this.#wires + this.#list.push(combination) - 1
  }
}
