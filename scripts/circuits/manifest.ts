import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CIRCUIT_IDS, type CircuitId } from '../../src/protocol/signals.ts'
import { type CompiledCircuit, PROJECT_ROOT } from './compile.ts'
import { COMPILER_FLAGS, compilerVersion } from './compiler.ts'

/** What is recorded of a circuit; a change of any of it must be accepted in the commit that causes it. */
export type CircuitRecord = {
  constraints: number
  publicSignals: number
  rows: number
  /** The power of two that rows must not exceed: beyond it a proof takes twice as long. */
  budget: number
  wires: number
  /** SHA-256 (hex) of the `.r1cs` file. */
  r1csSha256: string
}

export type CircuitManifest = { compiler: string; flags: string[]; circuits: Record<CircuitId, CircuitRecord> }

export const MANIFEST_FILE = join(PROJECT_ROOT, 'circuits/manifest.json')

export const BUDGETS: Readonly<Record<CircuitId, number>> = { 'issue-v1': 1024, 'login-v1': 1024, 'present-v1': 16_384 }

/** The manifest of the circuits as compiled now. */
export async function measureCircuits(compiled: Record<CircuitId, CompiledCircuit>): Promise<CircuitManifest> {
  const record = async (id: CircuitId): Promise<CircuitRecord> => {
    const { constraints, publicSignals, rows, wires, r1csPath } = compiled[id]
    const r1csSha256 = createHash('sha256')
      .update(await readFile(r1csPath))
      .digest('hex')
    return { constraints, publicSignals, rows, budget: BUDGETS[id], wires, r1csSha256 }
  }
  return {
    compiler: await compilerVersion(),
    flags: [...COMPILER_FLAGS],
    circuits: {
      'issue-v1': await record('issue-v1'),
      'login-v1': await record('login-v1'),
      'present-v1': await record('present-v1'),
    },
  }
}

/** The manifest as recorded, or undefined when there is none yet. */
export async function readManifest(file: string = MANIFEST_FILE): Promise<CircuitManifest | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  // Written by writeManifest and reviewed in the repository: trusted as a source file is.
  return text === undefined ? undefined : (JSON.parse(text) as CircuitManifest)
}

export async function writeManifest(manifest: CircuitManifest, file: string = MANIFEST_FILE): Promise<void> {
  await writeFile(file, `${JSON.stringify(manifest, null, 2)}\n`)
}

/** One line for each value that differs from the record, and for each circuit over its budget; empty when all is well. */
export function differencesFromManifest(measured: CircuitManifest, recorded: CircuitManifest | undefined): string[] {
  const lines: string[] = []
  for (const id of CIRCUIT_IDS) {
    const now = measured.circuits[id]
    if (now.rows > now.budget) lines.push(`${id}: ${now.rows} rows exceed the budget of ${now.budget}`)
    const before = recorded?.circuits[id]
    for (const key of RECORD_KEYS) {
      if (before?.[key] !== now[key]) lines.push(`${id}: ${key} is ${now[key]}, recorded ${before?.[key] ?? 'nothing'}`)
    }
  }
  return lines
}

const RECORD_KEYS = ['constraints', 'publicSignals', 'rows', 'budget', 'wires', 'r1csSha256'] as const
