/**
 * Tries to break circuits: witnesses with changed wires, wires that nothing determines, false witnesses made by hand,
 * signatures that must not verify, keys with a known trapdoor. Exit code 1 when a bar is not met.
 *
 *     npm run forge                                    all circuits, and circuits with planted bugs
 *     npm run forge -- <circuit>                       one of the project's
 *     npm run forge -- <file.circom> [--inputs <file>] any file with a `component main`; inputs as JSON, one or several
 *     npm run forge -- … --json                        one object
 *     npm run forge -- … --seed <n>                    other witnesses and other random forgeries, the same for the same n
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CIRCUIT_IDS, type CircuitId } from '../src/protocol/signals.ts'
import { surveyFile } from '../test/circuits/forger/file-target.ts'
import { type ForgeReport, problemsOf, reportOf, titleOf } from '../test/circuits/forger/report.ts'
import { type Finished, runTasks, tasksFor } from '../test/circuits/forger/run.ts'
import { barLine, barWidth } from './bar.ts'
import { compileCircuits } from './circuits/compile.ts'

type Options = { seed: number; inputsFile: string | undefined }

if (import.meta.main) await main()

async function main(): Promise<void> {
  const start = performance.now()
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, seed: { type: 'string' }, inputs: { type: 'string' } },
  })
  const seed = parseSeed(values.seed ?? '0')
  const report = await forge(positionals, { seed, inputsFile: values.inputs })
  const summary = { seed, seconds: Math.round((performance.now() - start) / 100) / 10 }
  process.stdout.write(values.json ? `${JSON.stringify({ ...summary, ...report }, null, 2)}\n` : table(report, summary))
  if (!report.bars.every(({ ok }) => ok)) process.exitCode = 1
}

async function forge([what, ...more]: readonly string[], options: Options): Promise<ForgeReport> {
  if (more.length > 0) throw new Error('one circuit at a time, or none for all')
  if (what?.endsWith('.circom')) return reportOf([await forgeFile(what, options)])
  const id = CIRCUIT_IDS.find((known) => known === what)
  if (what !== undefined && !id)
    throw new Error(`${what} is neither a .circom file nor one of ${CIRCUIT_IDS.join(', ')}`)
  if (options.inputsFile !== undefined)
    throw new Error('--inputs is for a .circom file; a circuit of the project has its own')
  return reportOf(await forgeCircuits(id, options))
}

async function forgeCircuits(id: CircuitId | undefined, { seed }: Options): Promise<Finished[]> {
  // Beforehand, so that no two processes wait for one compilation.
  await compileCircuits({ onProgress: ({ circuit, phase }) => process.stderr.write(`${phase} ${circuit}\n`) })
  const tasks = await tasksFor(id ? [id] : CIRCUIT_IDS, seed)
  return runTasks(id ? tasks : [{ part: 'planted', seed }, ...tasks], printProgress)
}

async function forgeFile(mainFile: string, options: Options): Promise<Finished> {
  const began = performance.now()
  const { name, survey } = await surveyFile(resolve(mainFile), options)
  return {
    part: 'survey',
    circuit: name,
    result: { part: 'survey', survey },
    seconds: (performance.now() - began) / 1000,
  }
}

function printProgress(finished: Finished): void {
  const problems = problemsOf(finished.result).length
  const outcome = problems === 0 ? 'well' : `${problems} not as they should be`
  process.stderr.write(`${titleOf(finished)}: ${outcome}, ${finished.seconds.toFixed(1)} s\n`)
}

function table({ bars, problems }: ForgeReport, { seed, seconds }: { seed: number; seconds: number }): string {
  const width = barWidth(bars)
  return [...problems, ...bars.map((bar) => barLine(bar, width)), `seed ${seed}, ${seconds} s`, ''].join('\n')
}

function parseSeed(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`a seed is a number from 0 to 999999999, not ${text}`)
  return Number(text)
}
