import type { WitnessInputs } from '../../../../src/prover/witness.ts'
import type { Reviewed } from '../target.ts'

export type LibraryTemplate = {
  readonly name: string
  readonly inputs: readonly WitnessInputs[]
  readonly known: readonly Reviewed[]
}

export const LIBRARY: readonly LibraryTemplate[] = []
