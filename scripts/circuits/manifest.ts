import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeySetManifest } from '../../src/protocol/key-set.ts'
import { CIRCUIT_IDS, type CircuitId } from '../../src/protocol/signals.ts'
import { atMost, type Bar } from '../bar.ts'
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
  /** Length of the proving key; any key of the circuit has it, for it follows from the constraints. */
  zkeyBytes: number
  /** SHA-256 (hex) of the `.r1cs` file. */
  r1csSha256: string
}

export type CircuitManifest = { compiler: string; flags: string[]; circuits: Record<CircuitId, CircuitRecord> }

export const MANIFEST_FILE = join(PROJECT_ROOT, 'circuits/manifest.json')

export const BUDGETS: Readonly<Record<CircuitId, number>> = {
  'issue-v1': 1024,
  'login-v1': 1024,
  'group-v1': 8192,
  'present-v1': 16_384,
}

/**
 * The manifest of the circuits as compiled now.
 *
 * @param keySet any key set made for them
 */
export async function measureCircuits(
  compiled: Record<CircuitId, CompiledCircuit>,
  keySet: KeySetManifest,
): Promise<CircuitManifest> {
  const record = async (id: CircuitId): Promise<[CircuitId, CircuitRecord]> => {
    const { constraints, publicSignals, rows, wires, r1csPath } = compiled[id]
    const r1csSha256 = createHash('sha256')
      .update(await readFile(r1csPath))
      .digest('hex')
    const key = keySet.circuits[id]
    if (key?.r1cs !== r1csSha256) throw new Error(`the key set is not for ${id} as compiled`)
    const { zkeyBytes } = key
    return [id, { constraints, publicSignals, rows, budget: BUDGETS[id], wires, zkeyBytes, r1csSha256 }]
  }
  // One entry for each id.
  const circuits = Object.fromEntries(await Promise.all(CIRCUIT_IDS.map(record))) as Record<CircuitId, CircuitRecord>
  return { compiler: await compilerVersion(), flags: [...COMPILER_FLAGS], circuits }
}

/** Each circuit's rows against its budget. */
export function rowBars({ circuits }: CircuitManifest): Bar[] {
  return CIRCUIT_IDS.map((id) => {
    const { rows, budget } = circuits[id]
    return atMost(budget, { name: `${id} rows`, value: rows, unit: 'rows' })
  })
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

/** One line for each value that differs from the record; empty when all is well. */
export function differencesFromManifest(measured: CircuitManifest, recorded: CircuitManifest | undefined): string[] {
  return CIRCUIT_IDS.flatMap((id) => {
    const now = measured.circuits[id]
    const before = recorded?.circuits[id]
    return RECORD_KEYS.filter((key) => before?.[key] !== now[key]).map(
      (key) => `${id}: ${key} is ${now[key]}, recorded ${before?.[key] ?? 'nothing'}`,
    )
  })
}

const RECORD_KEYS = [
  'constraints',
  'publicSignals',
  'rows',
  'budget',
  'wires',
  'zkeyBytes',
  'r1csSha256',
] as const satisfies (keyof CircuitRecord)[]
