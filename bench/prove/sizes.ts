import { dirname } from 'node:path'
import { ensureSizeCircuit, SIZES } from '../size-circuits.ts'
import type { ProveCase } from './figures.ts'

/** The circuits of chosen sizes whose name holds `only`, made where they are missing (minutes for the largest). */
export async function sizeCases(only = ''): Promise<ProveCase[]> {
  const cases: ProveCase[] = []
  for (const size of SIZES) {
    if (!`size-${size}k-v1`.includes(only)) continue
    process.stderr.write(`size-${size}k-v1: circuit and keys …\n`)
    const { id, constraints, keySet, inputs } = await ensureSizeCircuit(size)
    const keys = { keys: dirname(keySet.directory), keySetHash: keySet.hash }
    cases.push({ id, rows: constraints, ...keys, inputs: inputs(7n) })
  }
  return cases
}
