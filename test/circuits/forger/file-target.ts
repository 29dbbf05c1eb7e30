import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { FIELD_ORDER } from '../../../src/protocol/field.ts'
import type { WitnessInputs } from '../../../src/prover/witness.ts'
import { loadCircuitFile } from '../circuit.ts'
import { guessInputs } from './guess-inputs.ts'
import { findPatterns } from './patterns.ts'
import { surveyWires, WITNESSES, type WireSurvey } from './survey.ts'
import type { ForgeTarget } from './target.ts'

/** Witnesses at which the slower patterns are tried. */
const PROBED = 2

/**
 * What is found in a circuit of which nobody has reviewed anything: free wires, and what {@link findPatterns} adds, an
 * output that another choice of hints changes among it. Not every finding is a bug.
 *
 * Throws as {@link fileTarget}.
 */
export async function surveyFile(
  mainFile: string,
  options: { inputsFile?: string | undefined; seed: number },
): Promise<{ name: string; survey: WireSurvey }> {
  const { target, witnesses } = await fileTarget(mainFile, options)
  // Its seeds are the numbers of its inputs.
  const survey = await surveyWires(target, { seed: 0, witnesses, inputsToo: false })
  const inputs = Array.from({ length: Math.min(PROBED, witnesses) }, (_, index) => target.inputs(index))
  const found = (await findPatterns(await target.load(), { inputs }))
    // Of the others the survey has seen more.
    .filter(({ part }) => part === 'structural' || part === 'vectors')
    .map(({ signal, reason }) => `${signal}: ${reason}`)
  return { name: target.name, survey: { ...survey, unexplained: [...survey.unexplained, ...found] } }
}

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
