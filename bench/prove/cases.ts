import { dirname } from 'node:path'
import { ensureKeySet } from '../../scripts/keys.ts'
import type { CircuitId } from '../../src/protocol/signals.ts'
import type { WitnessInputs } from '../../src/prover/witness.ts'
import { acceptedGroupCase, groupInputs } from '../../test/circuits/group-case.ts'
import { acceptedCase, presentInputs } from '../../test/circuits/present-case.ts'
import type { ProveCase } from './figures.ts'

const INPUTS: Readonly<Record<CircuitId, WitnessInputs>> = {
  'issue-v1': { context: 5n, issuerScope: 6n, holderSecret: 7n, holderBlinding: 8n },
  'login-v1': { context: 5n, scope: 6n, holderSecret: 7n, deviceKey: 8n, deviceSalt: 9n },
  'group-v1': groupInputs(acceptedGroupCase()),
  'present-v1': presentInputs(acceptedCase()),
}

/** A circuit of the product under the development keys, made where they are missing. */
export async function productCase(id: CircuitId): Promise<ProveCase> {
  const keySet = await ensureKeySet({ origin: 'development' })
  const rows = keySet.manifest.circuits[id]?.rows
  if (rows === undefined) throw new Error(`the key set has no ${id}`)
  return { id, rows, keys: dirname(keySet.directory), keySetHash: keySet.hash, inputs: INPUTS[id] }
}
