import { FIELD_ORDER } from '../../src/protocol/field.ts'
import type { R1cs, SparseMatrix } from '../../src/setup/r1cs.ts'

/** What each wire adds to the three sides of a row. */
type Occurrence = { row: number; a: bigint; b: bigint; c: bigint }

/** The constraints of a circuit, to be checked directly, without any program of the compiler's. */
export class ConstraintSystem {
  readonly r1cs: R1cs
  /** Wires of the circuit's inputs, public and private. An input that nothing uses has none. */
  readonly inputs: readonly number[]
  readonly #occurrences: Occurrence[][]

  constructor(r1cs: R1cs) {
    this.r1cs = r1cs
    this.inputs = inputsOf(r1cs)
    this.#occurrences = occurrencesOf(r1cs)
  }

  /** Index of the first constraint that the witness breaks, or -1 when it satisfies all. */
  firstViolated(witness: readonly bigint[]): number {
    return this.violated(witness, 1)[0] ?? -1
  }

  /** Indices of the constraints that the witness breaks, at most `limit`. */
  violated(witness: readonly bigint[], limit = Number.POSITIVE_INFINITY): number[] {
    if (witness.length !== this.r1cs.wires || witness[0] !== 1n) throw new Error('not a witness of this circuit')
    const rows: number[] = []
    for (let row = 0; row < this.r1cs.rows && rows.length < limit; row++) {
      const { a, b, c } = this.r1cs
      if (modulo(sum(a, row, witness) * sum(b, row, witness) - sum(c, row, witness)) !== 0n) rows.push(row)
    }
    return rows
  }

  /** The constraints that these changes of a satisfying witness break. Looks only at rows that have a changed wire. */
  brokenBy(evaluated: EvaluatedWitness, changes: ReadonlyMap<number, bigint>): number[] {
    const touched = new Map<number, { a: bigint; b: bigint; c: bigint }>()
    for (const [wire, value] of changes) {
      const difference = value - (evaluated.witness[wire] ?? 0n)
      for (const { row, a, b, c } of this.occurrences(wire)) {
        const sides = touched.get(row) ?? {
          a: evaluated.a[row] ?? 0n,
          b: evaluated.b[row] ?? 0n,
          c: evaluated.c[row] ?? 0n,
        }
        touched.set(row, { a: sides.a + difference * a, b: sides.b + difference * b, c: sides.c + difference * c })
      }
    }
    return [...touched].filter(([, { a, b, c }]) => modulo(a * b - c) !== 0n).map(([row]) => row)
  }

  /** The rows in which a wire occurs, with its coefficients there. */
  occurrences(wire: number): readonly Occurrence[] {
    return this.#occurrences[wire] ?? []
  }

  evaluate(witness: readonly bigint[]): EvaluatedWitness {
    const side = (matrix: SparseMatrix) =>
      Array.from({ length: this.r1cs.rows }, (_, row) => modulo(sum(matrix, row, witness)))
    return { witness, a: side(this.r1cs.a), b: side(this.r1cs.b), c: side(this.r1cs.c) }
  }

  /** The wires of a row, each once. */
  wiresOf(row: number): number[] {
    const wires = new Set<number>()
    for (const matrix of [this.r1cs.a, this.r1cs.b, this.r1cs.c]) {
      for (const [wire] of entries(matrix, row)) wires.add(wire)
    }
    return [...wires]
  }
}

/** A witness with the value of each side of each row. */
export type EvaluatedWitness = {
  witness: readonly bigint[]
  a: readonly bigint[]
  b: readonly bigint[]
  c: readonly bigint[]
}

/** The representative in `0 … r − 1`. */
export function modulo(value: bigint): bigint {
  const remainder = value % FIELD_ORDER
  return remainder < 0n ? remainder + FIELD_ORDER : remainder
}

function* entries(matrix: SparseMatrix, row: number): Generator<[wire: number, coefficient: bigint]> {
  const end = matrix.starts[row + 1] ?? 0
  for (let entry = matrix.starts[row] ?? 0; entry < end; entry++) {
    yield [matrix.wires[entry] ?? 0, matrix.coefficients[entry] ?? 0n]
  }
}

function sum(matrix: SparseMatrix, row: number, witness: readonly bigint[]): bigint {
  let total = 0n
  for (const [wire, coefficient] of entries(matrix, row)) total += coefficient * (witness[wire] ?? 0n)
  return total
}

/**
 * The header counts declared inputs, and private ones that nothing uses have no wire: so not by their number but by
 * their labels, which run from 1 through outputs, public and private inputs to all else.
 */
function inputsOf({ wires, wireLabels, outputs, publicInputs, privateInputs }: R1cs): number[] {
  const last = BigInt(outputs + publicInputs + privateInputs)
  return Array.from({ length: wires }, (_, wire) => wire).filter((wire) => {
    const label = wireLabels[wire] ?? 0n
    return label > outputs && label <= last
  })
}

function occurrencesOf(r1cs: R1cs): Occurrence[][] {
  const byWire: Map<number, Occurrence>[] = Array.from({ length: r1cs.wires }, () => new Map())
  for (const side of ['a', 'b', 'c'] as const) {
    for (let row = 0; row < r1cs.rows; row++) {
      for (const [wire, coefficient] of entries(r1cs[side], row)) {
        const occurrence = byWire[wire]?.get(row) ?? { row, a: 0n, b: 0n, c: 0n }
        occurrence[side] += coefficient
        byWire[wire]?.set(row, occurrence)
      }
    }
  }
  return byWire.map((rows) => [...rows.values()])
}
