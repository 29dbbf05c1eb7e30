import type { WitnessInputs } from '../../../src/prover/witness.ts'
import type { Circuit } from '../circuit.ts'
import { seeded } from './seeded.ts'

/** Random inputs are drawn this often. */
const ATTEMPTS = 400

/**
 * Inputs that satisfy a circuit of which nothing is known: random ones of several sizes, for as long as the witness
 * program takes them. Few or none where the statement is one that chance does not meet.
 *
 * @param wanted how many at most
 */
export async function guessInputs(
  circuit: Circuit,
  { seed, wanted }: { seed: number; wanted: number },
): Promise<WitnessInputs[]> {
  const { field, below, pick } = seeded(seed, 'inputs')
  const sizes = [() => 0n, () => 1n, () => below(2n), () => below(2n ** 8n), () => below(2n ** 32n), field]
  const found: WitnessInputs[] = []
  for (let attempt = 0; attempt < ATTEMPTS && found.length < wanted; attempt++) {
    // Every third attempt takes all inputs of one size; the others mix the sizes.
    const size = attempt % 3 === 0 ? pick(sizes) : undefined
    const value = () => (size ?? pick(sizes))()
    const inputs = Object.fromEntries(
      [...circuit.inputs].map(([name, length]) => [name, Array.from({ length }, () => value())]),
    )
    const satisfied = await circuit.prove(inputs).then(
      (witness) => circuit.system.firstViolated(witness) === -1,
      () => false,
    )
    if (satisfied) found.push(inputs)
  }
  return found
}
