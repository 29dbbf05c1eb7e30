/**
 * Compiles the circuits and compares what came out with circuits/manifest.json.
 *
 *     npm run circuits                table of counts; exit code 1 when they differ from the record
 *     npm run circuits -- --json      the same as JSON
 *     npm run circuits -- --accept    writes the record
 *
 * A circuit over its budget fails with --accept too.
 */
import { parseArgs } from 'node:util'
import { CIRCUIT_IDS } from '../src/protocol/signals.ts'
import { type CompileProgress, compileCircuits } from './circuits/compile.ts'
import {
  type CircuitManifest,
  differencesFromManifest,
  measureCircuits,
  readManifest,
  writeManifest,
} from './circuits/manifest.ts'

export {
  type CompiledCircuit,
  type CompileOptions,
  type CompileProgress,
  compileCircuits,
} from './circuits/compile.ts'

if (import.meta.main) await main()

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, accept: { type: 'boolean' } } })
  const measured = await measureCircuits(await compileCircuits({ onProgress: printProgress }))
  if (values.accept) await writeManifest(measured)
  process.stdout.write(values.json ? `${JSON.stringify(measured, null, 2)}\n` : table(measured))
  const differences = differencesFromManifest(measured, values.accept ? measured : await readManifest())
  for (const line of differences) process.stderr.write(`${line}\n`)
  if (differences.length === 0) return
  process.stderr.write('circuits differ from circuits/manifest.json; if that is meant, run again with --accept\n')
  process.exitCode = 1
}

function printProgress({ circuit, phase, seconds }: CompileProgress): void {
  process.stderr.write(
    phase === 'compiling' ? `compiling ${circuit}\n` : `compiled ${circuit} in ${seconds.toFixed(1)} s\n`,
  )
}

function table({ circuits }: CircuitManifest): string {
  const lines = CIRCUIT_IDS.map((id) => {
    const { constraints, publicSignals, rows, budget, wires, r1csSha256 } = circuits[id]
    const counts = [constraints, publicSignals, rows, budget, wires].map((count) => String(count).padStart(11))
    return `${id.padEnd(11)}${counts.join('')}  ${r1csSha256}`
  })
  const heading = ['constraints', 'public', 'rows', 'budget', 'wires'].map((word) => word.padStart(11)).join('')
  return `${'circuit'.padEnd(11)}${heading}  r1cs SHA-256\n${lines.join('\n')}\n`
}
