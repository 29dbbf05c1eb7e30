/**
 * Compiles the circuits and compares what came out with circuits/manifest.json.
 *
 *     npm run circuits                table of counts; exit code 1 when they differ from the record
 *     npm run circuits -- --json      the same as one JSON object, with each circuit's rows against its budget
 *     npm run circuits -- --accept    writes the record
 *
 * A circuit over its budget fails with --accept too. The length of the proving keys is taken from the development key
 * set, which is made when it is not there.
 */
import { parseArgs } from 'node:util'
import { CIRCUIT_IDS } from '../src/protocol/signals.ts'
import { type CompileProgress, compileCircuits } from './circuits/compile.ts'
import {
  type CircuitManifest,
  differencesFromManifest,
  measureCircuits,
  readManifest,
  rowBars,
  writeManifest,
} from './circuits/manifest.ts'
import { ensureKeySet } from './keys.ts'
import { reportKeys } from './start/progress.ts'

if (import.meta.main) await main()

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, accept: { type: 'boolean' } } })
  const compiled = await compileCircuits({ onProgress: printProgress })
  const keySet = await ensureKeySet({ origin: 'development', onProgress: reportKeys(say) })
  const measured = await measureCircuits(compiled, keySet.manifest)
  const bars = rowBars(measured)
  if (values.accept) await writeManifest(measured)
  process.stdout.write(values.json ? `${JSON.stringify({ ...measured, bars }, null, 2)}\n` : table(measured))
  for (const { name, value, bound } of bars.filter(({ ok }) => !ok))
    say(`${name}: ${value} exceed the budget of ${bound}`)
  const differences = values.accept ? [] : differencesFromManifest(measured, await readManifest())
  for (const line of differences) say(line)
  if (differences.length > 0)
    say('circuits differ from circuits/manifest.json; if that is meant, run again with --accept')
  if (differences.length > 0 || bars.some(({ ok }) => !ok)) process.exitCode = 1
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

function printProgress({ circuit, phase, seconds }: CompileProgress): void {
  say(phase === 'compiling' ? `compiling ${circuit}` : `compiled ${circuit} in ${seconds.toFixed(1)} s`)
}

function table({ circuits }: CircuitManifest): string {
  const lines = CIRCUIT_IDS.map((id) => {
    const { constraints, publicSignals, rows, budget, wires, zkeyBytes, r1csSha256 } = circuits[id]
    const counts = [constraints, publicSignals, rows, budget, wires, zkeyBytes].map((count) =>
      String(count).padStart(11),
    )
    return `${id.padEnd(11)}${counts.join('')}  ${r1csSha256}`
  })
  const words = ['constraints', 'public', 'rows', 'budget', 'wires', 'zkey bytes']
  const heading = words.map((word) => word.padStart(11)).join('')
  return `${'circuit'.padEnd(11)}${heading}  r1cs SHA-256\n${lines.join('\n')}\n`
}
