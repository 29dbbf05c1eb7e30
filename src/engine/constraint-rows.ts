import { EngineError } from './engine-error.ts'
import type { Engine, Pointer } from './load.ts'
import { ELEMENT_BYTES } from './parameters.ts'

/** Bytes of an entry: matrix, row and wire, 32 bits each, 32 bytes of the coefficient. */
const ENTRY_BYTES = 44

/** Entries that are brought into the engine's memory at once. */
const BLOCK = 1024

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

/** The matrices A and B as a program, in the engine's memory for as long as that lives. */
export type ConstraintProgram = {
  /** What `quotientCombine` runs: a linear combination of wires or of earlier results in each step. */
  readonly program: Pointer
  readonly steps: number
  /** 36 bytes for each wire, the result of each step and 0: not yet written. */
  readonly values: Pointer
  /** For each row of A, and of B, the address of its value, 32-bit, in the order of `Domain.place`. */
  readonly a: Pointer
  readonly b: Pointer
}

/**
 * Compiles the entries; finds what rows share: Poseidon's S-box x⁵, for one, multiplies the same combination of wires
 * three times, and the compiler negates it in one of the two matrices.
 *
 * While it runs it takes 8 bytes of the engine's memory an entry, 48 to 96 a distinct coefficient, some 32 a row, and
 * gives them back; the entries never are there as a whole.
 *
 * Throws an {@link EngineError}: `coefficients_malformed` where the bytes are no whole number of entries,
 * `coefficient_out_of_range` where there is no such matrix, row, wire or field element.
 */
export function compileConstraints(engine: Engine, constraints: ConstraintEntries): ConstraintProgram {
  const { domainLog, wires } = constraints
  // What is kept will stand where the tables begin, and every address in it is written for that place.
  const kept = engine.allocate(0)
  const { steps, coefficientBytes, length } = engine.scoped(() => {
    const tables = fillTables(engine, constraints)
    const steps = engine.call('constraintFind', tables)
    const coefficientBytes = engine.call('constraintCoefficientBytes', tables)
    const length = coefficientBytes + engine.call('constraintProgramBytes', tables)
    const written = engine.allocate(length)
    engine.call('constraintWrite', tables, written, kept, kept + length, domainLog)
    engine.view(kept, written + length - kept).copyWithin(0, written - kept)
    return { steps, coefficientBytes, length }
  })
  engine.allocate(length + ELEMENT_BYTES * (wires + steps + 1))
  const a = kept + coefficientBytes
  const b = a + 4 * 2 ** domainLog
  return { a, b, program: b + 4 * 2 ** domainLog, steps, values: kept + length }
}

/** The entries row by row, in tables that are the last thing allocated. */
function fillTables(engine: Engine, { domainLog, wires, entries }: ConstraintEntries): Pointer {
  const count = entries.length / ENTRY_BYTES
  if (!Number.isInteger(count)) {
    throw new EngineError('coefficients_malformed', `${entries.length} bytes are no entries of ${ENTRY_BYTES}`)
  }
  const window = engine.allocate(ENTRY_BYTES * Math.min(BLOCK, count))
  const tables = engine.allocate(engine.call('constraintBytes', domainLog, count))
  engine.call('constraintBegin', tables, domainLog, wires, count)
  const inBlocks = (step: 'constraintCount' | 'constraintPlace'): void => {
    for (let done = 0; done < count; done += BLOCK) {
      const size = Math.min(BLOCK, count - done)
      if (step === 'constraintPlace') makeRoom(engine, tables, size)
      const block = entries.subarray(ENTRY_BYTES * done, ENTRY_BYTES * (done + size))
      engine.view(window, block.length).set(block)
      const good = engine.call(step, tables, window, size)
      if (good < size) throw outOfRange(block.subarray(ENTRY_BYTES * good), 2 ** domainLog, wires)
    }
  }
  inBlocks('constraintCount')
  engine.call('constraintSum', tables)
  inBlocks('constraintPlace')
  return tables
}

/** For as many new coefficients. */
function makeRoom(engine: Engine, tables: Pointer, count: number): void {
  const growth = engine.call('constraintGrowth', tables, count)
  if (growth === 0) return
  engine.allocate(growth)
  engine.call('constraintGrow', tables)
}

function outOfRange(entry: Uint8Array, rows: number, wires: number): EngineError {
  const view = new DataView(entry.buffer, entry.byteOffset)
  const [matrix, row, wire] = [0, 4, 8].map((at) => view.getUint32(at, true))
  const place = `matrix ${matrix}, row ${row}, wire ${wire}`
  const known = `there are 2 of ${rows} rows and ${wires} wires`
  return new EngineError('coefficient_out_of_range', `${place}: ${known}, and coefficients are below r`)
}
