import { INVALID, isZero } from './coefficient-dictionary'
import { Rows } from './row-tables'

/*
 * Section 4 of a `.zkey`, the matrices A and B, on its way to the program of a quotient. Its entries come in blocks,
 * twice: first they are checked and those of each row counted, then each is put where its row's next one belongs, as a
 * term of 8 bytes. Of equal rows, and of rows that are each other's negatives, one alone is then computed.
 */

/** Bytes of an entry: matrix (0 is A, 1 is B), row, wire, each 32 bits; 32 of the coefficient times 2^512 mod r. */
const ENTRY: usize = 44
const COEFFICIENT: usize = 12

/** Bytes of the tables for so many entries and 2^log rows a matrix, possibly more than memory has. */
export function constraintBytes(log: i32, entries: u32): f64 {
  return Rows.bytes(log, entries)
}

/** Begins a compilation in {@link constraintBytes} bytes. */
export function constraintBegin(rows: usize, log: i32, wires: u32, entries: u32): void {
  changetype<Rows>(rows).begin(log, wires, entries)
}

/** Checks and counts a block of entries. How many stand before the first whose matrix, row or wire does not exist. */
export function constraintCount(at: usize, block: usize, count: u32): u32 {
  const rows = changetype<Rows>(at)
  const size = rows.rows / 2
  for (let index: u32 = 0; index < count; index++, block += ENTRY) {
    const matrix = load<u32>(block)
    const row = load<u32>(block, 4)
    if (matrix > 1 || row >= size || load<u32>(block, 8) >= rows.wires) return index
    if (!isZero(block + COEFFICIENT)) rows.count(matrix * size + row)
  }
  return count
}

/** To be called between the last block to count and the first to place. */
export function constraintSum(rows: usize): void {
  changetype<Rows>(rows).sum()
}

/** How many bytes have to be behind the tables before a block of so many entries, if they have to grow for it; or 0. */
export function constraintGrowth(rows: usize, count: u32): usize {
  const dictionary = changetype<Rows>(rows).dictionary
  return dictionary.room < count ? dictionary.growth : 0
}

/** Lets the tables grow, into {@link constraintGrowth} bytes behind them. */
export function constraintGrow(rows: usize): void {
  changetype<Rows>(rows).dictionary.grow()
}

/**
 * Puts a block of entries, which have been counted, in their rows. How many stand before the first that is not below r.
 */
export function constraintPlace(at: usize, block: usize, count: u32): u32 {
  const rows = changetype<Rows>(at)
  const size = rows.rows / 2
  for (let index: u32 = 0; index < count; index++, block += ENTRY) {
    const coefficient = rows.dictionary.identify(block + COEFFICIENT)
    if (coefficient === INVALID) return index
    if (coefficient >= 0) rows.put(load<u32>(block) * size + load<u32>(block, 4), coefficient, load<u32>(block, 8))
  }
  return count
}

/** Finds the value of every row; how many steps the program takes. */
export function constraintFind(at: usize): u32 {
  const rows = changetype<Rows>(at)
  for (let row: u32 = 0; row < rows.rows; row++) store<u32>(rows.numbers + 4 * <usize>row, rows.find(row))
  return rows.steps
}
