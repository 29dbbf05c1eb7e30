import { scalarField } from '../../../src/setup/scalar-field.ts'
import { modulo } from '../constraint-system.ts'
import { Elimination, type Pivot, type Row } from './elimination.ts'
import type { LinearRow } from './jacobian.ts'
import { seeded } from './seeded.ts'

/**
 * The unknowns that are not 0 in every solution of these equations over the scalar field.
 *
 * First what follows equation by equation: one with a single unknown makes it 0. Of what is left, sparse elimination.
 * Last, one solution is made from random values of the free unknowns: an unknown that any solution moves is 0 in this
 * one with a chance of 1/r.
 *
 * @param known 1 for each wire that is 0 from the beginning, by wire
 */
export function kernelSupport(equations: readonly LinearRow[], known: Uint8Array): number[] {
  const determined = propagate(equations, known)
  const unknowns = [...determined.entries()].filter(([, done]) => done === 0).map(([wire]) => wire)
  const rows: Row[] = []
  for (const { wires, coefficients } of equations) {
    const left = wires.map((wire, index) => [wire, coefficients[index] ?? 0n] as const)
    const row = new Map(left.filter(([wire]) => determined[wire] === 0))
    if (row.size > 0) rows.push(row)
  }
  return randomSolution(new Elimination(rows).pivots(), unknowns)
}

/** 1 for each wire that is 0 by equations with a single unknown, taken one after the other. */
function propagate(equations: readonly LinearRow[], known: Uint8Array): Uint8Array {
  const determined = known.slice()
  const rowsOf: number[][] = Array.from({ length: known.length }, () => [])
  const unknowns = new Int32Array(equations.length)
  const ready: number[] = []
  for (const [row, { wires }] of equations.entries()) {
    for (const wire of wires) rowsOf[wire]?.push(row)
    unknowns[row] = wires.length
    if (wires.length === 1) ready.push(row)
  }
  for (let row = ready.pop(); row !== undefined; row = ready.pop()) {
    const wire = equations[row]?.wires.find((candidate) => determined[candidate] === 0)
    if (wire === undefined) continue
    determined[wire] = 1
    for (const other of rowsOf[wire] ?? []) {
      unknowns[other] = (unknowns[other] ?? 0) - 1
      if (unknowns[other] === 1) ready.push(other)
    }
  }
  return determined
}

/** The unknowns that are not 0 in a solution whose free unknowns are random; none when there is no free one. */
function randomSolution(pivots: readonly Pivot[], unknowns: readonly number[]): number[] {
  const dependent = new Set(pivots.map(({ wire }) => wire))
  const random = seeded(0, 'kernel')
  const solution = new Map<number, bigint>()
  for (const wire of unknowns) if (!dependent.has(wire)) solution.set(wire, random.field())
  // Backwards: a pivot's equation has, beside its own, only unknowns that were still there after it.
  for (const { wire, row } of pivots.toReversed()) {
    let sum = 0n
    for (const [other, coefficient] of row) sum += coefficient * (solution.get(other) ?? 0n)
    const value = modulo(-sum)
    if (value !== 0n) solution.set(wire, scalarField.div(value, row.get(wire) ?? 0n))
  }
  return [...solution.keys()].sort((one, other) => one - other)
}
