import { R } from './parameters.ts'

/** What {@link CoefficientDictionary.index} says of coefficients that need no multiplication. */
export const ZERO = -1
export const ONE = -2
export const MINUS_ONE = -3

/** 32-bit words of a coefficient. */
const WORDS = 8

/** Coefficients in a `.zkey` are times 2^512 mod r. */
const UNIT = 2n ** 512n % R
const ORDER = wordsOf(R)
const SPECIAL: readonly (readonly [Uint32Array, number])[] = [
  [wordsOf(0n), ZERO],
  [wordsOf(UNIT), ONE],
  [wordsOf(R - UNIT), MINUS_ONE],
]

/** Numbers the distinct coefficients of a constraint system in the order of their first occurrence. */
export class CoefficientDictionary {
  readonly #words: Uint32Array
  /** Hash table with open addresses: where a coefficient's words begin, and its number; −1 is free. */
  readonly #firsts: Int32Array
  readonly #numbers: Int32Array
  readonly #distinct: number[] = []

  /** Of coefficients that stand in `words`, at most `count` of them. */
  constructor(words: Uint32Array, count: number) {
    const capacity = 2 ** Math.ceil(Math.log2(2 * count + 2))
    this.#words = words
    this.#firsts = new Int32Array(capacity).fill(-1)
    this.#numbers = new Int32Array(capacity)
  }

  /**
   * The number of the coefficient whose eight words begin at `at`, or {@link ZERO}, {@link ONE}, {@link MINUS_ONE};
   * undefined where it is not below r.
   */
  index(at: number): number | undefined {
    const mask = this.#firsts.length - 1
    for (let slot = this.#hash(at) & mask; ; slot = (slot + 1) & mask) {
      const first = this.#firsts[slot] ?? -1
      if (first >= 0 && !this.#equal(first, at)) continue
      if (first >= 0) return this.#numbers[slot]
      const number = this.#number(at)
      if (number === undefined) return undefined
      this.#firsts[slot] = at
      this.#numbers[slot] = number
      return number
    }
  }

  /** The numbered coefficients, 32 bytes little-endian each. */
  bytes(): Uint8Array<ArrayBuffer> {
    const words = new Uint32Array(WORDS * this.#distinct.length)
    for (const [index, at] of this.#distinct.entries()) words.set(this.#words.subarray(at, at + WORDS), WORDS * index)
    return new Uint8Array(words.buffer)
  }

  #number(at: number): number | undefined {
    const coefficient = this.#words.subarray(at, at + WORDS)
    for (const [special, number] of SPECIAL) if (compare(coefficient, special) === 0) return number
    if (compare(coefficient, ORDER) >= 0) return undefined
    return this.#distinct.push(at) - 1
  }

  #hash(at: number): number {
    let hash = 0
    for (let word = 0; word < WORDS; word++) hash = Math.imul(hash ^ (this.#words[at + word] ?? 0), 0x9e3779b1)
    return (hash ^ (hash >>> 15)) >>> 0
  }

  #equal(a: number, b: number): boolean {
    for (let word = 0; word < WORDS; word++) if (this.#words[a + word] !== this.#words[b + word]) return false
    return true
  }
}

/** The sign of a − b, low word first. */
function compare(a: Uint32Array, b: Uint32Array): number {
  for (let word = WORDS - 1; word >= 0; word--) {
    const difference = (a[word] ?? 0) - (b[word] ?? 0)
    if (difference !== 0) return Math.sign(difference)
  }
  return 0
}

function wordsOf(value: bigint): Uint32Array {
  return Uint32Array.from({ length: WORDS }, (_, word) => Number((value >> BigInt(32 * word)) & 0xffffffffn))
}
