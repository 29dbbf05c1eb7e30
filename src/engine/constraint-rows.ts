import { CoefficientDictionary, MINUS_ONE, ONE, ZERO } from './coefficient-dictionary.ts'
import { EngineError } from './engine-error.ts'

/** 32-bit words of an entry: matrix, row, wire, eight of the coefficient. */
const ENTRY_WORDS = 11
const COEFFICIENT = 3

/** A row Σ coefficient · wire: its products, and the wires that stand with 1 and −1. */
export type Combination = {
  /** Number of a coefficient, number of a wire, in turns. */
  readonly products: number[]
  readonly added: number[]
  readonly subtracted: number[]
}

/** The matrices A and B, with whatever occurs more than once kept once. */
export type ConstraintRows = {
  /** The coefficients other than 0 and ±1, times 2^512 mod r, 32 bytes little-endian each. */
  readonly coefficients: Uint8Array
  /** The rows that are more than one wire with the coefficient 1. */
  readonly combinations: readonly Combination[]
  /** What each row is: a wire's number; `wires` + a combination's; −1 for zero. */
  readonly a: Int32Array
  readonly b: Int32Array
}

export type ConstraintEntries = {
  /** There are 2^domainLog rows. */
  readonly domainLog: number
  readonly wires: number
  /**
   * Section 4 of a `.zkey` behind its count: for each entry the matrix (0 is A, 1 is B), the row and the wire as 32-bit
   * words and the coefficient times 2^512 mod r, 32 bytes; all little-endian.
   */
  readonly entries: Uint8Array
}

/**
 * Reads the entries and finds what rows share: Poseidon's S-box x⁵, for one, multiplies the same combination of wires
 * three times.
 *
 * Throws an {@link EngineError}: `coefficients_malformed` where the bytes are no whole number of entries,
 * `coefficient_out_of_range` where there is no such matrix, row, wire or field element.
 */
export function readConstraintRows({ domainLog, wires, entries }: ConstraintEntries): ConstraintRows {
  const words = readWords(entries)
  const rowCount = 2 ** domainLog
  const starts = countRows(words, rowCount, wires)
  const order = sortByRow(words, starts, rowCount)
  const dictionary = new CoefficientDictionary(words, order.length)
  const combinations: Combination[] = []
  const known = new Map<string, number>()

  const rowAt = (row: number): number => {
    const combination = readRow(words, order.subarray(starts[row], starts[row + 1]), dictionary)
    const { products, added, subtracted } = combination
    if (products.length === 0 && subtracted.length === 0 && added.length <= 1) return added[0] ?? -1
    const key = `${products}|${added}|${subtracted}`
    const found = known.get(key) ?? wires + combinations.length
    if (found === wires + combinations.length) {
      known.set(key, found)
      combinations.push(combination)
    }
    return found
  }
  const a = Int32Array.from({ length: rowCount }, (_, row) => rowAt(row))
  const b = Int32Array.from({ length: rowCount }, (_, row) => rowAt(rowCount + row))
  return { coefficients: dictionary.bytes(), combinations, a, b }
}

/** The platforms that run WebAssembly are little-endian, as the format is. */
function readWords(entries: Uint8Array): Uint32Array {
  if (entries.length % (4 * ENTRY_WORDS) !== 0) {
    throw new EngineError('coefficients_malformed', `${entries.length} bytes are no entries of ${4 * ENTRY_WORDS}`)
  }
  return new Uint32Array(new Uint8Array(entries).buffer)
}

/** Where each row of A, then of B, begins once entries are in order. Every entry is checked here. */
function countRows(words: Uint32Array, rowCount: number, wires: number): Uint32Array {
  const starts = new Uint32Array(2 * rowCount + 1)
  for (let at = 0; at < words.length; at += ENTRY_WORDS) {
    const matrix = words[at] ?? 0
    const row = words[at + 1] ?? 0
    const wire = words[at + 2] ?? 0
    if (matrix > 1 || row >= rowCount || wire >= wires) {
      const place = `matrix ${matrix}, row ${row}, wire ${wire}`
      throw new EngineError('coefficient_out_of_range', `${place}: there are 2 of ${rowCount} rows and ${wires} wires`)
    }
    const next = matrix * rowCount + row + 1
    starts[next] = (starts[next] ?? 0) + 1
  }
  for (let row = 0; row < 2 * rowCount; row++) starts[row + 1] = (starts[row + 1] ?? 0) + (starts[row] ?? 0)
  return starts
}

/** Where the entries' words begin, row by row (a counting sort). */
function sortByRow(words: Uint32Array, starts: Uint32Array, rowCount: number): Uint32Array {
  const next = starts.slice()
  const order = new Uint32Array(words.length / ENTRY_WORDS)
  for (let at = 0; at < words.length; at += ENTRY_WORDS) {
    const row = (words[at] ?? 0) * rowCount + (words[at + 1] ?? 0)
    const place = next[row] ?? 0
    order[place] = at
    next[row] = place + 1
  }
  return order
}

function readRow(words: Uint32Array, places: Uint32Array, dictionary: CoefficientDictionary): Combination {
  const combination: Combination = { products: [], added: [], subtracted: [] }
  for (const at of places) {
    const wire = words[at + 2] ?? 0
    const coefficient = dictionary.index(at + COEFFICIENT)
    if (coefficient === undefined) {
      throw new EngineError('coefficient_out_of_range', `the coefficient of wire ${wire} is no field element`)
    }
    if (coefficient === ONE) combination.added.push(wire)
    else if (coefficient === MINUS_ONE) combination.subtracted.push(wire)
    else if (coefficient !== ZERO) combination.products.push(coefficient, wire)
  }
  return combination
}
