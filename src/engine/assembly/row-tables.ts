import { Dictionary, mixed } from './coefficient-dictionary'

/** Bytes of a term: a coefficient's number and a wire, 32 bits each. */
export const TERM: usize = 8
/** Terms of each kind that one step of a program may have besides the result so far. */
export const MOST_TERMS: u32 = 255
/** The number of the value of an empty row. */
export const NO_VALUE: u32 = 0xffffffff
/** The dictionary's room at first. */
const CAPACITY: u32 = 2048

/** The tables of a compilation, which stand behind one another; rows are those of A, then those of B. */
@unmanaged
export class Rows {
  rows: u32
  wires: u32
  /** Steps, 32-bit words and distinct coefficients of the program. */
  steps: u32
  words: u32
  coefficients: u32
  private mask: u32
  /** Where each row's terms begin; one more, and before that the same one row further while terms are being put. */
  private starts: usize
  /**
   * For each row the number of its value: a wire's, or `wires` + the step that ends it, or {@link NO_VALUE}. Among
   * rows with a value of a step's, the first computes it.
   */
  numbers: usize
  /** For the first of equal rows the value of the negative, 0 for none; for the first negative the value it negates. */
  opposites: usize
  /** Open addresses, each 1 + the first of equal rows or 0; no more than half of them taken. */
  private slots: usize
  private terms: usize
  private end: usize

  /** Bytes of the tables for so many entries and 2^log rows a matrix: a float, for it may be more than memory has. */
  static bytes(log: u32, entries: u32): f64 {
    const each = 12 * <f64>((<u64>2) << log) + 4 * <f64>slotCount(log, entries) + <f64>TERM * <f64>entries
    return <f64>(offsetof<Rows>() + 8 + Dictionary.bytes(CAPACITY)) + each
  }

  /** Lays the tables out behind this; the dictionary, which may grow, is the last. */
  begin(log: u32, wires: u32, entries: u32): void {
    const slots = slotCount(log, entries)
    this.rows = 2 << log
    this.wires = wires
    this.steps = this.words = this.coefficients = 0
    this.mask = slots - 1
    this.starts = changetype<usize>(this) + offsetof<Rows>()
    this.numbers = this.starts + 4 * (<usize>this.rows + 2)
    this.opposites = this.numbers + 4 * <usize>this.rows
    this.slots = this.opposites + 4 * <usize>this.rows
    this.terms = this.slots + 4 * <usize>slots
    this.end = this.terms + TERM * <usize>entries
    memory.fill(this.starts, 0, this.terms - this.starts)
    this.dictionary.begin(CAPACITY)
  }

  get dictionary(): Dictionary {
    return changetype<Dictionary>(this.end)
  }

  /** Where the terms of a row begin; those of the row before end there. */
  at(row: u32): usize {
    return this.terms + TERM * <usize>load<u32>(this.starts + 4 * <usize>row)
  }

  /** One term more of a row, to be counted. */
  count(row: u32): void {
    const count = this.starts + 4 * (<usize>row + 2)
    store<u32>(count, load<u32>(count) + 1)
  }

  /** From how many terms rows have to where each row's begin, kept one further. */
  sum(): void {
    let sum: u32 = 0
    for (let at = this.starts, end = this.numbers; at < end; at += 4) store<u32>(at, (sum += load<u32>(at)))
  }

  /** The next term of a row. Afterwards, what was kept one further is where the next row begins. */
  put(row: u32, coefficient: u32, wire: u32): void {
    const next = this.starts + 4 * (<usize>row + 1)
    const position = load<u32>(next)
    store<u32>(next, position + 1)
    const term = this.terms + TERM * <usize>position
    store<u32>(term, coefficient)
    store<u32>(term, wire, 4)
  }

  /** Finds the value of a row and, where no row before has it, makes room for it in the program. */
  find(row: u32): u32 {
    const from = this.at(row)
    const to = this.at(row + 1)
    if (from === to) return NO_VALUE
    if (to - from === TERM && load<u32>(from) === this.dictionary.one) return load<u32>(from, 4)
    const slot = this.slotOf(from, to)
    const found = load<u32>(slot)
    if (found === 0) {
      store<u32>(slot, row + 1)
      this.measure(from, to)
      return this.last()
    }
    const first = found - 1
    const value = load<u32>(this.numbers + 4 * <usize>first)
    if (((load<u32>(from) ^ load<u32>(this.at(first))) & 1) === 0) return value
    const opposite = this.opposites + 4 * <usize>first
    if (load<u32>(opposite) === 0) {
      this.steps++
      this.words += 2
      store<u32>(this.opposites + 4 * <usize>row, value)
      store<u32>(opposite, this.last())
    }
    return load<u32>(opposite)
  }

  private last(): u32 {
    return this.wires + this.steps - 1
  }

  /** Counts what a combination adds to the program. */
  private measure(from: usize, to: usize): void {
    const dictionary = this.dictionary
    const one = <u32>dictionary.one
    let products: u32 = 0
    let added: u32 = 0
    for (let term = from; term < to; term += TERM) {
      const number = load<u32>(term)
      if (number === one) added++
      if ((number ^ one) <= 1) continue
      products++
      const use = dictionary.use(number)
      if (load<u32>(use) === 0) store<u32>(use, ++this.coefficients)
    }
    const sums = <u32>((to - from) / TERM) - products
    const steps = max<u32>(1, (max(products, max(added, sums - added)) + MOST_TERMS - 1) / MOST_TERMS)
    this.steps += steps
    // The counts of each step, and the result so far for all but the first.
    this.words += 2 * products + sums + 2 * steps - 1
  }

  /** Where a row's first equal or negative stands, or would stand: rows count with their first sign taken away. */
  private slotOf(from: usize, to: usize): usize {
    const sign = load<u64>(from) & 1
    let state: u64 = 0
    for (let term = from; term < to; term += TERM) state = mixed(state, load<u64>(term) ^ sign)
    let at = <u32>state & this.mask
    while (true) {
      const slot = this.slots + 4 * <usize>at
      const found = load<u32>(slot)
      if (found === 0 || this.matches(found - 1, from, to)) return slot
      at = (at + 1) & this.mask
    }
  }

  private matches(row: u32, from: usize, to: usize): bool {
    let other = this.at(row)
    if (this.at(row + 1) - other !== to - from) return false
    const sign = (load<u64>(from) ^ load<u64>(other)) & 1
    for (let term = from; term < to; term += TERM, other += TERM) {
      if ((load<u64>(term) ^ load<u64>(other)) !== sign) return false
    }
    return true
  }
}

/** At least twice as many as there can be rows with terms, a power of two. */
function slotCount(log: u32, entries: u32): u32 {
  const most = min<u64>((<u64>2) << log, entries)
  return (<u32>1) << (<u32>(65 - clz<u64>(most)))
}
