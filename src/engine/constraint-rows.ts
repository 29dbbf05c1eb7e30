import { type Combination, Combinations } from './combinations.ts'
import { EngineError } from './engine-error.ts'

/** 32-bit words of an entry: matrix, row, wire, eight of the coefficient. */
const ENTRY_WORDS = 11
/** The matrices A and B, with whatever occurs more than once kept once. */
export type ConstraintRows = {
  /** The coefficients of the products, times 2^512 mod r, 32 bytes little-endian each. */
  readonly coefficients: Uint8Array
  readonly combinations: readonly Combination[]
  /** For each row the number of its value; −1 for zero. */
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
 * three times, and the compiler negates it in one of the two matrices.
 *
 * Throws an {@link EngineError}: `coefficients_malformed` where the bytes are no whole number of entries,
 * `coefficient_out_of_range` where there is no such matrix, row, wire or field element.
 */
export function readConstraintRows({ domainLog, wires, entries }: ConstraintEntries): ConstraintRows {
  const words = readWords(entries)
  const rowCount = 2 ** domainLog
  const starts = countRows(words, rowCount, wires)
  const order = sortByRow(words, starts, rowCount)
  const combinations = new Combinations(wires)
  const rowAt = (row: number): number => combinations.number(words, order.subarray(starts[row], starts[row + 1]))
  const a = Int32Array.from({ length: rowCount }, (_, row) => rowAt(row))
  const b = Int32Array.from({ length: rowCount }, (_, row) => rowAt(rowCount + row))
  return { ...combinations.finish(), a, b }
}

/** The platforms that run WebAssembly are little-endian, as the format is. */
function readWords(entries: Uint8Array): Uint32Array {
  if (entries.length % (4 * ENTRY_WORDS) !== 0) {
    throw new EngineError('coefficients_malformed', `${entries.length} bytes are no entries of ${4 * ENTRY_WORDS}`)
  }
  // A view where that is possible: the entries are more than half of a key.
  const { buffer, byteOffset } = entries.byteOffset % 4 === 0 ? entries : new Uint8Array(entries)
  return new Uint32Array(buffer, byteOffset, entries.length / 4)
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
