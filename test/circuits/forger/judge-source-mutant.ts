import { createHash } from 'node:crypto'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compileMain, PROJECT_ROOT } from '../../../scripts/circuits/compile.ts'
import { CircuitCompileError } from '../../../scripts/circuits/compiler.ts'
import { type CircuitId, PUBLIC_SIGNALS } from '../../../src/protocol/signals.ts'
import { ProverError } from '../../../src/prover/prover-error.ts'
import type { WitnessInputs } from '../../../src/prover/witness.ts'
import { type Circuit, loadCircuitFile } from '../circuit.ts'
import { forgedPublicSignals } from './forgeries/public-signals.ts'
import { loadTarget } from './load-target.ts'
import { makeMutantFolder } from './mutant-folder.ts'
import { type Trials, trialsOf } from './source-mutant-trials.ts'
import type { SourceMutant } from './source-mutants.ts'
import { seedsOf, surveyWires } from './survey.ts'

export type MutantJob = { readonly circuit: CircuitId; readonly mutant: SourceMutant; readonly seed: number }

/**
 * `stillborn` does not compile, `same` has the same constraints as before; neither is a circuit that could be mistaken
 * for the right one. `killed` was noticed, `by` the named test.
 */
export type Verdict = {
  readonly id: string
  readonly line: string
  readonly outcome: 'stillborn' | 'same' | 'killed' | 'survived'
  readonly by?: string
}

/** Compiles the changed circuit and puts it before the tests, the quickest first. */
export async function judgeMutant({ circuit: id, mutant, seed }: MutantJob): Promise<Verdict> {
  const verdict = (outcome: Verdict['outcome'], by?: string): Verdict => ({
    id: mutant.id,
    line: mutant.line,
    outcome,
    ...(by !== undefined && { by }),
  })
  const { folder, mainFile } = await writeMutant(id, mutant)
  const cache = join(folder, 'compiled')
  const trials = trialsOf(id, seed)
  try {
    const [changed, right] = await Promise.all([
      compileMain(mainFile, { cache }),
      compileMain(`circuits/main/${id}.circom`),
    ])
    const [ours, theirs] = await Promise.all([readFile(changed.r1csPath), readFile(right.r1csPath)])
    const circuit = await loadCircuitFile(mainFile, { cache })
    const dishonoured = await failsHonest(id, circuit, trials)
    if (dishonoured !== undefined) return verdict('killed', dishonoured)
    if (ours.equals(theirs)) return verdict('same')
    const by =
      (await acceptsPublicSignals(circuit, trials)) ??
      (await hasFreeWires(id, circuit, seed)) ??
      (await acceptsFalse(circuit, trials))
    return by === undefined ? verdict('survived') : verdict('killed', by)
  } catch (error) {
    if (error instanceof CircuitCompileError) return verdict('stillborn')
    throw error
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The project's circuits with one file changed; the main file has a name of its own. */
async function writeMutant(id: CircuitId, { path, text }: SourceMutant): Promise<{ folder: string; mainFile: string }> {
  const hash = createHash('sha256').update(`${id}\n${path}\n${text}`).digest('hex').slice(0, 12)
  const folder = await makeMutantFolder(`${id}-${hash}`)
  await cp(join(PROJECT_ROOT, 'circuits'), folder, { recursive: true })
  await writeFile(join(folder, path.replace(/^circuits\//, '')), text)
  const main = await readFile(join(folder, 'main', `${id}.circom`), 'utf8')
  const mainFile = join(folder, 'main', `${id}-${hash}.circom`)
  await writeFile(mainFile, main)
  return { folder, mainFile }
}

async function failsHonest(id: CircuitId, circuit: Circuit, { honest }: Trials): Promise<string | undefined> {
  const names: readonly string[] = PUBLIC_SIGNALS[id]
  for (const { inputs, outputs } of honest) {
    const witness = await honestWitness(circuit, inputs)
    if (!witness) return 'an honest witness'
    const signals = circuit.publicSignals(witness)
    const expected = { ...inputs, ...outputs }
    // By place, for a verifier knows no names.
    const given = Object.values(signals)
    if (given.length !== names.length || names.some((name, place) => expected[name] !== given[place])) {
      return 'the public signals'
    }
  }
  return undefined
}

async function acceptsPublicSignals(circuit: Circuit, { honest }: Trials): Promise<string | undefined> {
  const [one, other] = await Promise.all(
    honest.slice(0, 2).map(async ({ inputs }) => ({ evaluated: circuit.system.evaluate(await circuit.prove(inputs)) })),
  )
  if (!one || !other) throw new Error('two honest witnesses')
  // Of changes that may be true only one is needed: a signal that is in no constraint takes all of them.
  for (const forgery of forgedPublicSignals({ circuit, honest: one, other })) {
    if (!/another session's/.test(forgery.name) || !('changes' in forgery)) continue
    if (circuit.system.brokenBy(forgery.of, forgery.changes).length === 0) return `forged witness: ${forgery.name}`
  }
  return undefined
}

async function hasFreeWires(id: CircuitId, circuit: Circuit, seed: number): Promise<string | undefined> {
  const target = { ...(await loadTarget(id)), load: async () => circuit }
  const witnesses = 3
  for (const witnessSeed of seedsOf(seed, witnesses)) {
    if (!(await honestWitness(circuit, target.inputs(witnessSeed)))) return 'an honest witness'
  }
  const { survivors, undetermined } = await surveyWires(target, { seed, witnesses })
  const survivor = survivors.find(({ reason }) => reason === undefined)
  if (survivor) return `mutation: ${survivor.signal}`
  const free = undetermined.find(({ reason }) => reason === undefined)
  return free && `uniqueness: ${free.signal}`
}

async function honestWitness(circuit: Circuit, inputs: WitnessInputs): Promise<bigint[] | undefined> {
  const witness = await circuit.prove(inputs).catch((error: unknown) => {
    if (error instanceof ProverError) return undefined
    throw error
  })
  return witness && circuit.system.firstViolated(witness) === -1 ? witness : undefined
}

async function acceptsFalse(circuit: Circuit, trials: Trials): Promise<string | undefined> {
  for (const { name, inputs } of trials.false) {
    if (circuit.system.firstViolated(await circuit.forge(inputs)) === -1) return `forged witness: ${name}`
  }
  return undefined
}
