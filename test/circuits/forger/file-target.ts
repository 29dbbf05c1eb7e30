import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { FIELD_ORDER } from '../../../src/protocol/field.ts'
import type { WitnessInputs } from '../../../src/prover/witness.ts'
import { loadCircuitFile } from '../circuit.ts'
import { guessInputs } from './guess-inputs.ts'
import { WITNESSES } from './survey.ts'
import type { ForgeTarget } from './target.ts'

/**
 * Any circom file with a `component main`, of which nobody has reviewed anything.
 *
 * @param inputsFile JSON as snarkjs takes it, one object of inputs or an array of several; random inputs are tried
 *   where it is not given
 * @returns the target and how many different witnesses it has, at most {@link WITNESSES}
 * @throws CircuitCompileError, ZodError for other JSON, or Error when no inputs satisfy it
 */
export async function fileTarget(
  mainFile: string,
  { inputsFile, seed }: { inputsFile?: string | undefined; seed: number },
): Promise<{ target: ForgeTarget; witnesses: number }> {
  const circuit = await loadCircuitFile(mainFile)
  const inputs =
    inputsFile === undefined
      ? await guessInputs(circuit, { seed, wanted: WITNESSES })
      : parseInputs(JSON.parse(await readFile(inputsFile, 'utf8')))
  if (inputs.length === 0) throw new Error(`no random inputs satisfy ${mainFile}; give some with --inputs <file>`)
  const target: ForgeTarget = {
    name: basename(mainFile, '.circom'),
    load: async () => circuit,
    inputs: (index) => inputs[index % inputs.length] ?? {},
    survivors: [],
    undetermined: [],
    async *forgeries() {},
  }
  return { target, witnesses: Math.min(inputs.length, WITNESSES) }
}

const value = z.union([z.int(), z.string().regex(/^-?\d+$/)]).transform((number) => {
  const reduced = BigInt(number) % FIELD_ORDER
  return reduced < 0n ? reduced + FIELD_ORDER : reduced
})

type Nested = bigint | Nested[]
const nested: z.ZodType<Nested> = z.lazy(() => z.union([value, z.array(nested)]))
const witnessInputs = z.record(z.string(), nested)

function parseInputs(json: unknown): WitnessInputs[] {
  const several = z.union([z.array(witnessInputs), witnessInputs.transform((one) => [one])]).parse(json)
  return several.map((inputs) => Object.fromEntries(Object.entries(inputs).map(([name, given]) => [name, flat(given)])))
}

function flat(given: Nested): bigint | bigint[] {
  return Array.isArray(given) ? given.flatMap(flat) : given
}
