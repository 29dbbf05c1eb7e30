import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { readProgram, writeProgram } from './circom-program.ts'
import { foldConstantRuns } from './constant-runs.ts'
import { compileInverse, replaceInverse } from './inverse.ts'
import { emptyUnreachable } from './reachable.ts'
import { leaveOutUnmentioned } from './unmentioned.ts'
import { readModule, writeModule } from './wasm-module.ts'

/**
 * A circom 2 witness program that computes the same witnesses behind the same exports, smaller and quicker: constants
 * are copied from a table, inverses computed by a quicker function, and what nothing leads to is left out, circom's
 * names of functions among it. The same input gives the same bytes.
 *
 * @throws WasmFormatError for what circom does not write
 */
export async function optimiseWitnessProgram(wasm: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const module = readModule(wasm)
  const stock = readProgram(module)
  inverse ??= compileInverse()
  const inverted = { ...stock, bodies: replaceInverse(stock, await inverse) }
  const { bodies, table } = foldConstantRuns(stock, emptyUnreachable(inverted))
  return writeModule(writeProgram(module, { bodies, segments: leaveOutUnmentioned(stock, bodies), table }))
}

let inverse: Promise<Uint8Array> | undefined

/** SHA-256 (hex) of what the result depends on besides its input: this folder's sources, AssemblyScript's version. */
export function optimiserHash(): Promise<string> {
  hash ??= hashOptimiser()
  return hash
}

let hash: Promise<string> | undefined

async function hashOptimiser(): Promise<string> {
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json') as { version: string }
  const hash = createHash('sha256').update(version)
  const names = await readdir(import.meta.dirname, { recursive: true })
  for (const name of names.filter((name) => name.endsWith('.ts')).sort()) {
    hash.update(`\n${name}\n`).update(await readFile(join(import.meta.dirname, name)))
  }
  return hash.digest('hex')
}
