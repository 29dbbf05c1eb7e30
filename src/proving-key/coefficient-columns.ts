import { R } from '../engine/parameters.ts'
import { ConstantTable } from './constant-table.ts'
import { fromSigned, type NumberReader, NumberWriter, toSigned } from './numbers.ts'
import { ENTRY_BYTES, FIELD_BYTES } from './zkey-format.ts'

/**
 * The entries of section 4, column by column. Constraints repeat each other: the same constants in the same order, on
 * wires that stand alike. So each column says by how much an entry differs from what was to be expected:
 *
 * - its row from that of the entry before: 2·difference + matrix;
 * - its wire from that of the entry before or, where a row of a matrix begins, from where its last one began;
 * - its constant from the one that follows that of the entry before: 2·difference + 1 where it stands negated.
 *
 * Of c and r − c, as integers of 32 bytes, one is even: that one is listed.
 */
export type CoefficientColumns = {
  /** Each constant once, 32 bytes, in the order in which entries first have them. */
  constants: Uint8Array
  /** The three columns one behind the other, a number for each entry. */
  columns: Uint8Array
}

/** Takes the entries of section 4 apart. */
export function splitEntries(entries: Uint8Array): CoefficientColumns {
  const view = viewOf(entries)
  const [rows, wires, indices] = [new NumberWriter(), new NumberWriter(), new NumberWriter()]
  const table = new ConstantTable(view)
  const expected = new WireExpectation()
  let [lastRow, nextIndex] = [0, 0]
  for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
    const matrix = view.getUint32(at, true)
    const row = view.getUint32(at + 4, true)
    const wire = view.getUint32(at + 8, true)
    const { index, negated } = table.find(at + 12)
    rows.number(2 * fromSigned(row - lastRow) + matrix)
    wires.number(fromSigned(wire - expected.wire(matrix, row)))
    indices.number(2 * fromSigned(index - nextIndex) + negated)
    expected.saw(matrix, wire)
    lastRow = row
    nextIndex = index + 1
  }
  const columns = new NumberWriter()
  for (const column of [rows, wires, indices]) columns.bytes(column.take())
  return { constants: table.take(), columns: columns.take() }
}

/**
 * Fills `entries` from their constants and from `columns`, which it reads on. False where a constant is named that is
 * not listed; rows and wires are whatever the columns make of them.
 */
export function joinEntries(entries: Uint8Array, constants: Uint8Array, columns: NumberReader): boolean {
  const view = viewOf(entries)
  for (let at = 0, row = 0; at < entries.length; at += ENTRY_BYTES) {
    const number = columns.number()
    row += toSigned(number >>> 1)
    view.setUint32(at, number & 1, true)
    view.setUint32(at + 4, row, true)
  }
  const expected = new WireExpectation()
  for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
    const matrix = view.getUint32(at, true)
    const wire = expected.wire(matrix, view.getUint32(at + 4, true)) + toSigned(columns.number())
    view.setUint32(at + 8, wire, true)
    expected.saw(matrix, wire)
  }
  const negatives = negated(constants)
  for (let at = 0, index = 0; at < entries.length; at += ENTRY_BYTES, index++) {
    const number = columns.number()
    index += toSigned(number >>> 1)
    const place = index * FIELD_BYTES
    if (place < 0 || place >= constants.length) return false
    entries.set((number & 1 ? negatives : constants).subarray(place, place + FIELD_BYTES), at + 12)
  }
  return true
}

/** Which wire an entry is likely to have. */
class WireExpectation {
  #matrix = -1
  #row = -1
  #wire = 0
  #begins = false
  readonly #beginnings = [0, 0]

  wire(matrix: number, row: number): number {
    this.#begins = matrix !== this.#matrix || row !== this.#row
    this.#matrix = matrix
    this.#row = row
    return this.#begins ? (this.#beginnings[matrix] ?? 0) : this.#wire
  }

  saw(matrix: number, wire: number): void {
    if (this.#begins) this.#beginnings[matrix] = wire
    this.#wire = wire
  }
}

/** r − c for each constant. */
function negated(constants: Uint8Array): Uint8Array {
  const words = Array.from({ length: 8 }, (_, index) => Number((R >> BigInt(32 * index)) & 0xffffffffn))
  const from = viewOf(constants)
  const negatives = new Uint8Array(constants.length)
  const to = viewOf(negatives)
  for (let at = 0; at < constants.length; at += FIELD_BYTES) {
    let borrow = 0
    for (const [index, word] of words.entries()) {
      const difference = word - from.getUint32(at + 4 * index, true) - borrow
      borrow = difference < 0 ? 1 : 0
      to.setUint32(at + 4 * index, difference, true)
    }
  }
  return negatives
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
