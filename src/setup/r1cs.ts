import { FIELD_ORDER } from '../protocol/field.ts'
import { ByteCursor } from '../proving-key/byte-cursor.ts'
import { SetupError } from './setup-error.ts'

/** One of the three matrices of a constraint system, row by row. */
export type SparseMatrix = {
  /** `rows + 1` offsets: the entries of row i are `starts[i] … starts[i + 1] − 1`. */
  starts: Uint32Array
  /** The wire of each entry. */
  wires: Uint32Array
  /** The coefficient of each entry, `0 ≤ c < r`. */
  coefficients: bigint[]
}

/**
 * A rank-1 constraint system over BN254's scalar field: for each row, (A·w)(B·w) = C·w. Wire 0 is the constant one;
 * then come the outputs, the public inputs, the private inputs, and what the circuit computes between.
 */
export type R1cs = {
  wires: number
  outputs: number
  publicInputs: number
  /** As declared: circom gives no wire to one that nothing uses. */
  privateInputs: number
  /** Signals the compiler knew before it simplified. */
  labels: bigint
  /** Number of constraints; 0 where the compiler saw nothing but assignments. */
  rows: number
  a: SparseMatrix
  b: SparseMatrix
  c: SparseMatrix
  /** For each wire, the label of the signal it carries, as in the `.sym` file. */
  wireLabels: BigUint64Array
}

/** Larger than any circuit a 32-bit prover can hold; stops a crafted header from reserving memory. */
const MAX_WIRES = 1 << 24
const MAX_ENTRIES = 1 << 26

const HEADER = 1
const CONSTRAINTS = 2
const WIRE_LABELS = 3

/**
 * Reads an iden3 `.r1cs` file, version 1, strictly: exactly the header, the constraints and the wire labels, once
 * each, and no byte left over. Custom gates, which Groth16 cannot prove, are refused with the rest.
 *
 * Throws {@link SetupError} `r1cs_malformed`, or `r1cs_field` for another prime than BN254's.
 */
export function readR1cs(bytes: Uint8Array): R1cs {
  const file = cursorOver(bytes, 'the file')
  if (file.ascii(4) !== 'r1cs') throw malformed('the file does not begin with "r1cs"')
  if (file.u32() !== 1) throw malformed('only version 1 is known')
  const sections = readSections(file)
  const header = readHeader(section(sections, HEADER))
  const constraints = readConstraints(section(sections, CONSTRAINTS), header)
  const wireLabels = readWireLabels(section(sections, WIRE_LABELS), header)
  return { ...header, ...constraints, wireLabels }
}

/** The number of public signals: outputs, then public inputs. */
export function publicSignalCount(r1cs: Pick<R1cs, 'outputs' | 'publicInputs'>): number {
  return r1cs.outputs + r1cs.publicInputs
}

type Header = Pick<R1cs, 'wires' | 'outputs' | 'publicInputs' | 'privateInputs' | 'labels' | 'rows'>

function readSections(file: ByteCursor): Map<number, ByteCursor> {
  const count = file.u32()
  if (count !== 3) throw malformed(`expected 3 sections, not ${count}`)
  const sections = new Map<number, ByteCursor>()
  for (let index = 0; index < count; index++) {
    const type = file.u32()
    const length = file.length()
    if (sections.has(type)) throw malformed(`section ${type} stands twice`)
    sections.set(type, cursorOver(file.take(length), `section ${type}`))
  }
  file.end()
  return sections
}

function section(sections: Map<number, ByteCursor>, type: number): ByteCursor {
  const found = sections.get(type)
  if (!found) throw malformed(`section ${type} is missing`)
  return found
}

function readHeader(file: ByteCursor): Header {
  const width = file.u32()
  if (width !== 32) throw new SetupError('r1cs_field', `expected field elements of 32 bytes, not ${width}`)
  if (file.u256() !== FIELD_ORDER) throw new SetupError('r1cs_field', 'the circuit is not over the BN254 scalar field')
  const header = {
    wires: file.u32(),
    outputs: file.u32(),
    publicInputs: file.u32(),
    privateInputs: file.u32(),
    labels: file.bigU64(),
    rows: file.u32(),
  }
  file.end()
  if (header.wires < 1 || header.wires > MAX_WIRES) throw malformed(`${header.wires} wires are out of range`)
  const publicWires = 1 + header.outputs + header.publicInputs
  if (publicWires > header.wires) throw malformed('there are fewer wires than outputs and public inputs')
  if (publicWires + header.privateInputs > header.labels)
    throw malformed('there are fewer labels than inputs and outputs')
  if (header.rows > MAX_WIRES) throw malformed(`${header.rows} constraints are out of range`)
  return header
}

function readConstraints(file: ByteCursor, header: Header): Pick<R1cs, 'a' | 'b' | 'c'> {
  const a = new MatrixBuilder(header)
  const b = new MatrixBuilder(header)
  const c = new MatrixBuilder(header)
  for (let row = 0; row < header.rows; row++) {
    a.addRow(file)
    b.addRow(file)
    c.addRow(file)
  }
  file.end()
  return { a: a.build(), b: b.build(), c: c.build() }
}

function readWireLabels(file: ByteCursor, header: Header): BigUint64Array {
  const labels = new BigUint64Array(header.wires)
  for (let wire = 0; wire < header.wires; wire++) {
    const label = file.bigU64()
    if (label >= header.labels) throw malformed(`wire ${wire} has a label out of range`)
    labels[wire] = label
  }
  file.end()
  return labels
}

class MatrixBuilder {
  readonly #header: Header
  readonly #starts: number[] = [0]
  readonly #wires: number[] = []
  readonly #coefficients: bigint[] = []

  constructor(header: Header) {
    this.#header = header
  }

  addRow(file: ByteCursor): void {
    const entries = file.u32()
    if (entries > this.#header.wires || this.#wires.length + entries > MAX_ENTRIES) {
      throw malformed(`a constraint has ${entries} entries`)
    }
    for (let entry = 0; entry < entries; entry++) {
      const wire = file.u32()
      if (wire >= this.#header.wires) throw malformed(`a constraint names wire ${wire}, which does not exist`)
      const coefficient = file.u256()
      if (coefficient >= FIELD_ORDER) throw malformed('a coefficient is not reduced')
      this.#wires.push(wire)
      this.#coefficients.push(coefficient)
    }
    this.#starts.push(this.#wires.length)
  }

  build(): SparseMatrix {
    return {
      starts: Uint32Array.from(this.#starts),
      wires: Uint32Array.from(this.#wires),
      coefficients: this.#coefficients,
    }
  }
}

function cursorOver(bytes: Uint8Array, what: string): ByteCursor {
  return new ByteCursor(bytes, (reason) => {
    throw malformed(`${what} ${reason}`)
  })
}

function malformed(message: string): SetupError {
  return new SetupError('r1cs_malformed', `r1cs: ${message}`)
}
