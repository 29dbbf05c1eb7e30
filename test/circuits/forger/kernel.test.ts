import { expect, test } from 'vitest'
import { scalarField } from '../../../src/setup/scalar-field.ts'
import type { LinearRow } from './jacobian.ts'
import { kernelSupport } from './kernel.ts'
import { type Seeded, seeded } from './seeded.ts'

test('agrees with elimination of the dense matrix', () => {
  let free = 0
  for (let seed = 0; seed < 300; seed++) {
    const random = seeded(seed, 'kernel test')
    const wires = 2 + Number(random.below(12n))
    const matrix = randomMatrix(wires, random)
    const known = Uint8Array.from({ length: wires }, () => Number(random.below(5n) === 0n))
    const expected = denseSupport(matrix, known)
    expect(
      kernelSupport(
        matrix.map((row) => sparse(row, known)),
        known,
      ),
      `seed ${seed}`,
    ).toEqual(expected)
    free += expected.length
  }
  // The comparison is about something.
  expect(free).toBeGreaterThan(300)
})

test('an equation of one unknown makes it 0, one of two leaves both free', () => {
  const known = Uint8Array.of(1, 0, 0, 0)
  expect(kernelSupport([{ wires: [1], coefficients: [5n] }], known)).toEqual([2, 3])
  expect(kernelSupport([{ wires: [1, 2], coefficients: [5n, 1n] }], known)).toEqual([1, 2, 3])
})

/** Short rows, as circuits have them, and some that follow from others. */
function randomMatrix(wires: number, { below, field, pick }: Seeded): bigint[][] {
  const rows = Array.from({ length: 1 + Number(below(12n)) }, () => {
    const row: bigint[] = Array.from({ length: wires }, () => 0n)
    for (let entry = 0n; entry <= below(4n); entry++) row[Number(below(BigInt(wires)))] = 1n + (field() % 3n)
    return row
  })
  const [one, other] = [pick(rows), pick(rows)]
  rows.push(one.map((value, wire) => scalarField.add(value, other[wire] ?? 0n)))
  return rows
}

function sparse(row: readonly bigint[], known: Uint8Array): LinearRow {
  const entries = [...row.entries()].filter(([wire, value]) => value !== 0n && known[wire] === 0)
  return { wires: entries.map(([wire]) => wire), coefficients: entries.map(([, value]) => value) }
}

/** By the reduced echelon form: an unknown is 0 in every solution where its row has it alone. */
function denseSupport(matrix: readonly bigint[][], known: Uint8Array): number[] {
  const rows = matrix.map((row) => row.map((value, wire) => (known[wire] === 1 ? 0n : value)))
  const pivotRow = new Map<number, readonly bigint[]>()
  for (const wire of known.keys()) {
    const at = rows.findIndex((row) => row[wire] !== 0n)
    const [pivot] = at === -1 ? [] : rows.splice(at, 1)
    if (!pivot) continue
    const scaled = pivot.map((value) => scalarField.div(value, pivot[wire] ?? 0n))
    const reduce = (row: readonly bigint[]) =>
      row.map((value, column) => scalarField.sub(value, scalarField.mul(row[wire] ?? 0n, scaled[column] ?? 0n)))
    for (const [index, row] of rows.entries()) rows[index] = reduce(row)
    for (const [other, row] of pivotRow) pivotRow.set(other, reduce(row))
    pivotRow.set(wire, scaled)
  }
  return [...known.keys()].filter((wire) => {
    if (known[wire] === 1) return false
    const row = pivotRow.get(wire)
    return row === undefined || row.filter((value) => value !== 0n).length > 1
  })
}
