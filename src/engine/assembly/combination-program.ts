import { reversed } from './bit-reversal'
import { quotientCoefficients } from './quotient'
import { MOST_TERMS, NO_VALUE, Rows, TERM } from './row-tables'

const ELEMENT: usize = 36
const COEFFICIENT = memory.data(32, 16)

/** Kinds of terms. */
const PRODUCT: i32 = 0
const ADDED: i32 = 1
const SUBTRACTED: i32 = 2

/** Where the next word is written, the addresses of coefficients and of values, and the number of 1. */
@unmanaged
class Writer {
  next: usize
  coefficients: usize
  values: usize
  one: u32
  /** Where to look for the next term of each kind. */
  product: usize
  added: usize
  subtracted: usize

  write(word: u32): void {
    store<u32>(this.next, word)
    this.next += 4
  }

  valueAt(value: u32): u32 {
    return <u32>(this.values + ELEMENT * <usize>value)
  }

  kind(coefficient: u32): i32 {
    return coefficient === this.one ? ADDED : (coefficient ^ 1) === this.one ? SUBTRACTED : PRODUCT
  }
}

const WRITER = memory.data(offsetof<Writer>(), 16)

/** Bytes of {@link constraintWrite}'s result but the coefficients. */
export function constraintProgramBytes(at: usize): usize {
  const rows = changetype<Rows>(at)
  return 4 * (<usize>rows.words + <usize>rows.rows)
}

/** Bytes of the coefficients in {@link constraintWrite}'s result. */
export function constraintCoefficientBytes(at: usize): usize {
  return ELEMENT * <usize>changetype<Rows>(at).coefficients
}

/**
 * Writes at `to` the coefficients of the program, then for the rows of A and of B the address of each one's value, in
 * bit-reversed order, then the program, as generated/fr-combination has it. Addresses are those for coefficients at
 * `coefficients` and for wires, steps and zero, one after another, at `values`.
 */
export function constraintWrite(at: usize, to: usize, coefficients: usize, values: usize, log: i32): void {
  const rows = changetype<Rows>(at)
  const writer = changetype<Writer>(WRITER)
  const addresses = to + constraintCoefficientBytes(at)
  writer.next = addresses + 4 * <usize>rows.rows
  writer.coefficients = coefficients
  writer.values = values
  writer.one = rows.dictionary.one
  writeCoefficients(rows, to)
  const size = rows.rows / 2
  let end = rows.wires
  for (let row: u32 = 0; row < rows.rows; row++) {
    const number = load<u32>(rows.numbers + 4 * <usize>row)
    const place = (row < size ? 0 : size) + reversed(row & (size - 1), log)
    const value = number === NO_VALUE ? rows.wires + rows.steps : number
    store<u32>(addresses + 4 * <usize>place, writer.valueAt(value))
    if (number === NO_VALUE || number < end) continue
    writeCombination(rows, row, end)
    end = number + 1
  }
}

function writeCoefficients(rows: Rows, to: usize): void {
  const dictionary = rows.dictionary
  for (let number: u32 = 0; number < 2 * dictionary.count; number++) {
    const use = load<u32>(dictionary.use(number))
    if (use === 0) continue
    dictionary.read(COEFFICIENT, number)
    quotientCoefficients(to + ELEMENT * <usize>(use - 1), COEFFICIENT, 1)
  }
}

/** The steps of the first row with its value; `value` is the first step's. */
function writeCombination(rows: Rows, row: u32, value: u32): void {
  const writer = changetype<Writer>(WRITER)
  const number = load<u32>(rows.numbers + 4 * <usize>row)
  const opposite = load<u32>(rows.opposites + 4 * <usize>row)
  // A value that came later is this one's negative, an earlier one is what this one is the negative of.
  if (opposite !== 0 && opposite < number) {
    writer.write(1 << 20)
    writer.write(writer.valueAt(opposite))
    return
  }
  writer.product = writer.added = writer.subtracted = rows.at(row)
  for (let first = value; value <= number; value++) writeStep(rows, rows.at(row + 1), value, value > first)
}

/** One step; `continued` where what came out so far is one more value to add. */
function writeStep(rows: Rows, end: usize, value: u32, continued: bool): void {
  const writer = changetype<Writer>(WRITER)
  const header = writer.next
  writer.next += 4
  writer.product = writeTerms(rows, PRODUCT, writer.product, end)
  const products = <u32>((writer.next - header - 4) / 8)
  const added = writer.next
  writer.added = writeTerms(rows, ADDED, writer.added, end)
  if (continued) writer.write(writer.valueAt(value - 1))
  const subtracted = writer.next
  writer.subtracted = writeTerms(rows, SUBTRACTED, writer.subtracted, end)
  const counts = ((<u32>(subtracted - added) / 4) << 10) | ((<u32>(writer.next - subtracted) / 4) << 20)
  store<u32>(header, products | counts)
}

/** The next terms of a kind, no more than a step may have. Where to go on. */
function writeTerms(rows: Rows, kind: i32, term: usize, end: usize): usize {
  const writer = changetype<Writer>(WRITER)
  for (let count: u32 = 0; term < end && count < MOST_TERMS; term += TERM) {
    const number = load<u32>(term)
    if (writer.kind(number) !== kind) continue
    if (kind === PRODUCT) {
      const use = load<u32>(rows.dictionary.use(number))
      writer.write(<u32>(writer.coefficients + ELEMENT * <usize>(use - 1)))
    }
    writer.write(writer.valueAt(load<u32>(term, 4)))
    count++
  }
  return term
}
