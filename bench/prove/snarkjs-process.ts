import { readFile } from 'node:fs/promises'
import * as snarkjs from 'snarkjs'
import type { WitnessInputs } from '../../src/prover/witness.ts'
import type { Sample } from './figures.ts'

/** snarkjs in a process of its own, with as many threads as the machine has cores, or one. */
export type SnarkjsRequest = { zkey: string; wasm: string; inputs: WitnessInputs; singleThread: boolean }

let files: { zkey: Uint8Array; wasm: Uint8Array } | undefined

async function prove({ zkey, wasm, inputs, singleThread }: SnarkjsRequest): Promise<Sample> {
  const start = performance.now()
  files ??= { zkey: new Uint8Array(await readFile(zkey)), wasm: new Uint8Array(await readFile(wasm)) }
  const wtns: { type: 'mem'; data?: Uint8Array } = { type: 'mem' }
  const witnessing = performance.now()
  await snarkjs.wtns.calculate(inputs, { type: 'mem', data: files.wasm }, wtns)
  const proving = performance.now()
  await snarkjs.groth16.prove({ type: 'mem', data: files.zkey }, wtns, undefined, { singleThread })
  const end = performance.now()
  return { fullMs: end - start, witnessMs: proving - witnessing, proveMs: end - proving }
}

process.on('message', async (request: SnarkjsRequest) => process.send?.(await prove(request)))
