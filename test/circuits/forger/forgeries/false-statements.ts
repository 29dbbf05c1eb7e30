import type { WitnessInputs } from '../../../../src/prover/witness.ts'
import type { Circuit } from '../../circuit.ts'
import type { Forgery } from '../target.ts'

/** Inputs that do not satisfy the statement, in one respect. */
export type FalseStatement = {
  readonly name: string
  readonly inputs: WitnessInputs
  /** The check that must refuse it, and no other. */
  readonly refusedBy: RegExp
}

/** What the program without its assertions makes of them: a witness in which everything is coherent but what is false. */
export async function* forgedStatements(
  circuit: Circuit,
  statements: Iterable<FalseStatement>,
): AsyncGenerator<Forgery> {
  for (const { name, inputs, refusedBy } of statements) {
    yield { name, witness: await circuit.forge(inputs), refusedBy }
  }
}
