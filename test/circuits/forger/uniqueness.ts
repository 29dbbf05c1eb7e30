import type { ConstraintSystem, EvaluatedWitness } from '../constraint-system.ts'
import { jacobianRows } from './jacobian.ts'
import { kernelSupport } from './kernel.ts'

/**
 * Wires that the inputs do not determine, as far as a first derivative tells: with every input held fixed, the wires
 * that have a part in some direction along which all constraints stay satisfied to the first order.
 *
 * What it sees: a signal that is assigned but not constrained, however many constraints it passes through together
 * with others; the hint whose constraint vanishes at this very witness, such as an inverse of 0 (so witnesses should
 * include special ones). A wire that is named can be harmless or even unique: x² = 0 has the one solution 0 and a
 * derivative that is 0 there.
 *
 * What it does not see: a second solution apart from the first. A bit held by b(b − 1) = 0 counts as determined, for
 * 2b − 1 is never 0; that all the bits together may spell k + r in place of k is another matter, and so is the other
 * sign of a square root. Mutation finds those of a single wire; for those of many there are hand-made forgeries.
 *
 * @param evaluated a witness that satisfies the system
 */
export function undeterminedWires(system: ConstraintSystem, evaluated: EvaluatedWitness): number[] {
  const known = new Uint8Array(system.r1cs.wires)
  for (const wire of [0, ...system.inputs]) known[wire] = 1
  return kernelSupport(jacobianRows(system, evaluated, known), known)
}
