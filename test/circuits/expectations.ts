import { expect } from 'vitest'
import { ProverError } from '../../src/prover/prover-error.ts'
import type { WitnessInputs } from '../../src/prover/witness.ts'
import type { Circuit } from './circuit.ts'

/** The inputs satisfy the statement: the program computes a witness, and the constraints agree. Returns it. */
export async function expectProvable(circuit: Circuit, inputs: WitnessInputs): Promise<bigint[]> {
  const witness = await circuit.prove(inputs)
  expect(circuit.system.firstViolated(witness)).toBe(-1)
  return witness
}

/**
 * The inputs do not satisfy the statement. The program refuses them with its code; and the coherent witness of a
 * program without assertions breaks constraints, every one of which belongs to the named check.
 *
 * @param check matched against the names of each broken constraint's signals; each must have one that fits
 */
export async function expectUnprovable(circuit: Circuit, inputs: WitnessInputs, check: RegExp): Promise<void> {
  const outcome = await circuit.prove(inputs).then(
    () => 'proved',
    (error: unknown) => (error instanceof ProverError ? error.code : error),
  )
  expect(outcome).toBe('witness_unsatisfied')
  const broken = circuit.system.violated(await circuit.forge(inputs))
  expect(broken.length).toBeGreaterThan(0)
  for (const row of broken) {
    expect(circuit.system.wiresOf(row).map((wire) => circuit.names[wire])).toEqual(
      expect.arrayContaining([expect.stringMatching(check)]),
    )
  }
}

/** A changed witness breaks at least one constraint. */
export function expectBroken(circuit: Circuit, witness: readonly bigint[]): void {
  expect(circuit.system.firstViolated(witness)).not.toBe(-1)
}

/** A copy of the witness with some wires replaced. */
export function withWires(witness: readonly bigint[], changes: ReadonlyMap<number, bigint>): bigint[] {
  return witness.map((value, wire) => changes.get(wire) ?? value)
}
