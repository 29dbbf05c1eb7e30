import type { WitnessInputs } from '../../../../src/prover/witness.ts'
import type { Circuit } from '../../circuit.ts'
import type { EvaluatedWitness } from '../../constraint-system.ts'
import type { Forgery } from '../target.ts'
import { realChanges } from './real-changes.ts'

/** Inputs that do not satisfy the statement, in one respect. */
export type FalseStatement = {
  readonly name: string
  readonly inputs: WitnessInputs
  /** The check that must refuse it, and no other. */
  readonly refusedBy: RegExp
}

/**
 * What the program without its assertions makes of them: a witness in which everything is coherent but what is false.
 *
 * @param honest an honest witness that shares much with them; only what differs is held against the constraints
 */
export async function* forgedStatements(
  circuit: Circuit,
  statements: Iterable<FalseStatement>,
  honest: EvaluatedWitness,
): AsyncGenerator<Forgery> {
  for (const { name, inputs, refusedBy } of statements) {
    const witness = await circuit.forge(inputs)
    yield { name, of: honest, changes: realChanges(honest.witness, witness.entries()) ?? new Map(), refusedBy }
  }
}
