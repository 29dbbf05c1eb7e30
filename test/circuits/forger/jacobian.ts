import type { SparseMatrix } from '../../../src/setup/r1cs.ts'
import { type ConstraintSystem, type EvaluatedWitness, modulo } from '../constraint-system.ts'

/** One linear equation in the wires that are not known: Σ coefficient·wire = 0. No coefficient is 0. */
export type LinearRow = { wires: number[]; coefficients: bigint[] }

/**
 * The derivative of every constraint at a witness, (B·w)·A + (A·w)·B − C, in the wires that are not known.
 *
 * @param known 1 for each wire that is held fixed, by wire
 */
export function jacobianRows({ r1cs }: ConstraintSystem, evaluated: EvaluatedWitness, known: Uint8Array): LinearRow[] {
  const sums: bigint[] = Array.from({ length: r1cs.wires }, () => 0n)
  const seenIn = new Int32Array(r1cs.wires).fill(-1)
  return Array.from({ length: r1cs.rows }, (_, row) => {
    const touched: number[] = []
    const add = (matrix: SparseMatrix, factor: bigint) => {
      if (factor === 0n) return
      const end = matrix.starts[row + 1] ?? 0
      for (let entry = matrix.starts[row] ?? 0; entry < end; entry++) {
        const wire = matrix.wires[entry] ?? 0
        if (known[wire] === 1) continue
        if (seenIn[wire] !== row) {
          seenIn[wire] = row
          sums[wire] = 0n
          touched.push(wire)
        }
        sums[wire] = (sums[wire] ?? 0n) + factor * (matrix.coefficients[entry] ?? 0n)
      }
    }
    add(r1cs.a, evaluated.b[row] ?? 0n)
    add(r1cs.b, evaluated.a[row] ?? 0n)
    add(r1cs.c, -1n)
    const wires: number[] = []
    const coefficients: bigint[] = []
    for (const wire of touched) {
      const coefficient = modulo(sums[wire] ?? 0n)
      if (coefficient === 0n) continue
      wires.push(wire)
      coefficients.push(coefficient)
    }
    return { wires, coefficients }
  })
}
