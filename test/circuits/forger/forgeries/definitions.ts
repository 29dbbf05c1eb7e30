import type { R1cs, SparseMatrix } from '../../../../src/setup/r1cs.ts'
import { scalarField } from '../../../../src/setup/scalar-field.ts'
import { modulo } from '../../constraint-system.ts'
import { type Hint, hintsOf } from './hints.ts'
import type { PlainCircuit } from './plain-circuit.ts'

/**
 * How each signal follows from those before it, in an order in which all can be computed: by its constraint, or where
 * the source has `<--`, by the hint.
 */
export type Definition =
  | { readonly wire: number; readonly row: number }
  | { readonly wire: number; readonly hint: Hint }

/**
 * Definitions of all wires but the constant and the inputs. Throws when some wire has none: then there is a hint that
 * `hints.ts` does not know.
 */
export function definitionsOf(circuit: PlainCircuit): Definition[] {
  const { r1cs, names, assertions } = circuit
  const hints = hintsOf(circuit)
  const hinted = new Set([...hints.values()].flat().map(({ wire }) => wire))
  const rowsOf = rowsByWire(r1cs)
  const unknown = Uint32Array.from({ length: r1cs.rows }, (_, row) => wiresOfRow(r1cs, row).size)
  const known = new Uint8Array(r1cs.wires)
  const definitions: Definition[] = []
  // Where a constraint says what a signal is (`x <== …`) and another could be solved for it, the first is meant.
  const assigning: number[] = []
  const solving: number[] = []

  const ask = (row: number): void => {
    if (unknown[row] === 1 && !assertions[row]) (isAssigning(r1cs, row, known) ? assigning : solving).push(row)
  }
  const learn = (wire: number): void => {
    const waiting = [wire]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (known[next]) continue
      known[next] = 1
      for (const row of rowsOf[next] ?? []) {
        unknown[row] = (unknown[row] ?? 0) - 1
        ask(row)
      }
      for (const hint of hints.get(next) ?? []) {
        if (known[hint.wire] || !hint.from.every((from) => known[from])) continue
        definitions.push({ wire: hint.wire, hint })
        waiting.push(hint.wire)
      }
    }
  }

  // `x <== 0` has no other wire, not even the constant.
  for (let row = 0; row < r1cs.rows; row++) ask(row)
  const firstComputed = 1 + r1cs.outputs + r1cs.publicInputs + r1cs.privateInputs
  for (let wire = 0; wire < firstComputed; wire++) {
    if (wire === 0 || wire > r1cs.outputs) learn(wire)
  }
  for (let row = assigning.pop() ?? solving.pop(); row !== undefined; row = assigning.pop() ?? solving.pop()) {
    const wire = [...wiresOfRow(r1cs, row)].find((candidate) => !known[candidate])
    if (wire === undefined || hinted.has(wire) || isQuadratic(r1cs, row, wire)) continue
    definitions.push({ wire, row })
    learn(wire)
  }
  const undefinedWire = known.indexOf(0)
  if (undefinedWire !== -1) throw new Error(`nothing defines ${names[undefinedWire]}`)
  return definitions
}

/** The value that makes the row hold; 0 where none or any does, as circom divides by 0. */
export function solveRow(r1cs: R1cs, row: number, wire: number, value: (wire: number) => bigint): bigint {
  const sides = [r1cs.a, r1cs.b, r1cs.c].map((matrix) => {
    let rest = 0n
    let coefficient = 0n
    for (let entry = matrix.starts[row] ?? 0; entry < (matrix.starts[row + 1] ?? 0); entry++) {
      const other = matrix.wires[entry] ?? 0
      if (other === wire) coefficient += matrix.coefficients[entry] ?? 0n
      else rest += (matrix.coefficients[entry] ?? 0n) * value(other)
    }
    return { rest, coefficient }
  })
  const [a, b, c] = sides
  if (!a || !b || !c) throw new Error('three sides')
  const slope = modulo(a.coefficient * b.rest + b.coefficient * a.rest - c.coefficient)
  const wanted = modulo(c.rest - a.rest * b.rest)
  if (slope === 0n) return 0n
  return slope === 1n ? wanted : scalarField.div(wanted, slope)
}

function isAssigning(r1cs: R1cs, row: number, known: Uint8Array): boolean {
  return [r1cs.a, r1cs.b].every((matrix) => entryWires(matrix, row).every((wire) => known[wire]))
}

function isQuadratic(r1cs: R1cs, row: number, wire: number): boolean {
  return [r1cs.a, r1cs.b].every((matrix) => entryWires(matrix, row).includes(wire))
}

function rowsByWire(r1cs: R1cs): number[][] {
  const rows: number[][] = Array.from({ length: r1cs.wires }, () => [])
  for (let row = 0; row < r1cs.rows; row++) {
    for (const wire of wiresOfRow(r1cs, row)) rows[wire]?.push(row)
  }
  return rows
}

export function wiresOfRow(r1cs: R1cs, row: number): Set<number> {
  return new Set([r1cs.a, r1cs.b, r1cs.c].flatMap((matrix) => entryWires(matrix, row)))
}

function entryWires(matrix: SparseMatrix, row: number): number[] {
  return [...matrix.wires.subarray(matrix.starts[row], matrix.starts[row + 1])]
}
