import { R } from './parameters.ts'
import { WordSequences } from './word-sequences.ts'

/** 32-bit words of a coefficient. */
const WORDS = 8

/** Coefficients in a `.zkey` are times 2^512 mod r. */
const UNIT = wordsOf(2n ** 512n % R)
const ORDER = wordsOf(R)
const HALF = wordsOf((R - 1n) / 2n)

/** What {@link CoefficientDictionary.identify} says of zero. */
export const ZERO = -1

/** Gives coefficients numbers: 2k and 2k + 1 are each other's negatives. */
export class CoefficientDictionary {
  readonly #sequences = new WordSequences()
  readonly #buffer = new Uint32Array(WORDS)
  /** The number of 1; that of −1 differs in the lowest bit. */
  readonly one: number

  constructor() {
    this.one = this.identify(UNIT, 0) ?? ZERO
  }

  /** The number of the coefficient whose eight words begin at `at`, or {@link ZERO}; undefined where it is not below r. */
  identify(words: Uint32Array, at: number): number | undefined {
    const buffer = this.#buffer
    let any = 0
    for (let word = 0; word < WORDS; word++) {
      const value = words[at + word] ?? 0
      buffer[word] = value
      any |= value
    }
    if (any === 0) return ZERO
    const negative = compare(buffer, HALF) > 0
    if (negative && compare(buffer, ORDER) >= 0) return undefined
    if (negative) negate(buffer)
    return 2 * this.#sequences.intern(buffer, WORDS) + (negative ? 1 : 0)
  }

  /** The coefficient of a number, 32 bytes little-endian. */
  bytes(number: number): Uint8Array<ArrayBuffer> {
    const words = this.#sequences.at(number >> 1).slice()
    if (number % 2 === 1) negate(words)
    return new Uint8Array(words.buffer)
  }
}

/** r less eight words that are neither zero nor above r. */
function negate(words: Uint32Array): void {
  let borrow = 0
  for (let word = 0; word < WORDS; word++) {
    const difference = (ORDER[word] ?? 0) - (words[word] ?? 0) - borrow
    borrow = difference < 0 ? 1 : 0
    words[word] = difference
  }
}

/** The sign of a − b, low words first. */
function compare(a: Uint32Array, b: Uint32Array): number {
  for (let word = WORDS - 1; word >= 0; word--) {
    const difference = (a[word] ?? 0) - (b[word] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function wordsOf(value: bigint): Uint32Array {
  return Uint32Array.from({ length: WORDS }, (_, word) => Number((value >> BigInt(32 * word)) & 0xffffffffn))
}
