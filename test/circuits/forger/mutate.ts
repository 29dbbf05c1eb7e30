import { scalarField } from '../../../src/setup/scalar-field.ts'
import { type ConstraintSystem, type EvaluatedWitness, modulo } from '../constraint-system.ts'

/** What came of changing single wires of one satisfying witness. */
export type Mutated = {
  /** Changed witnesses that were held against the constraints. */
  readonly tried: number
  /** Wires that took another value while every constraint still held. */
  readonly survivors: readonly number[]
}

/**
 * Changes every wire but the constant, alone, to five other values and to the one that no trial may miss: a constraint
 * of degree two in the wire has at most one other root (the other bit, the other sign of a square root), so where all
 * the wire's constraints leave that choice it is tried too. The answer is thereby exact for changes of a single wire.
 *
 * @param evaluated a witness that satisfies the system
 */
export function mutateWires(system: ConstraintSystem, evaluated: EvaluatedWitness): Mutated {
  let tried = 0
  const survivors: number[] = []
  for (const [wire, value] of evaluated.witness.entries()) {
    if (wire === 0) continue
    const broken = breaksAlone(system, evaluated, wire)
    const differences = otherValues(value).map((other) => modulo(other - value))
    if (broken.root !== undefined) differences.push(broken.root)
    tried += differences.length
    if (differences.some((difference) => !broken.by(difference))) survivors.push(wire)
  }
  return { tried, survivors }
}

/** Values tried for every wire. */
export const MUTANTS = 5

/** {@link MUTANTS} values other than this one, and different from each other. */
function otherValues(value: bigint): bigint[] {
  const candidates = [value + 1n, -value, value + 2n ** 251n + 7n, 0n, 2n * value + 3n, 5n, 7n, 11n, 13n]
  return [...new Set(candidates.map(modulo))].filter((other) => other !== value).slice(0, MUTANTS)
}

/**
 * With a·b = c before, a change of the wire by d leaves (a + d·a′)(b + d·b′) − (c + d·c′) = d·(linear + d·square) in
 * each of its rows.
 */
function breaksAlone(
  system: ConstraintSystem,
  evaluated: EvaluatedWitness,
  wire: number,
): { by: (difference: bigint) => boolean; root?: bigint } {
  const rows: { linear: bigint; square: bigint }[] = []
  for (const { row, a, b, c } of system.occurrences(wire)) {
    const linear = modulo(a * (evaluated.b[row] ?? 0n) + b * (evaluated.a[row] ?? 0n) - c)
    const square = modulo(a * b)
    // No change at all satisfies such a row; the wire's other rows need not be looked at.
    if (square === 0n && linear !== 0n) return { by: () => true }
    if (square !== 0n || linear !== 0n) rows.push({ linear, square })
  }
  const by = (difference: bigint) => rows.some(({ linear, square }) => modulo(linear + difference * square) !== 0n)
  const [first] = rows
  if (!first || first.linear === 0n) return { by }
  return { by, root: scalarField.neg(scalarField.div(first.linear, first.square)) }
}
