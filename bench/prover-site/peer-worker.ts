import * as snarkjs from 'snarkjs'
import type { PeerAnswer, PeerRequest } from './peer-page.ts'

/** snarkjs as its users run it: in a worker, with as many threads of its own as the machine has cores, or one. */
const cached = async (address: string): Promise<Uint8Array<ArrayBuffer>> => {
  const response = await (await caches.open('peer')).match(address)
  if (!response) throw new Error(`${address} is not in the cache`)
  return new Uint8Array(await response.arrayBuffer())
}

let files: { zkey: Uint8Array<ArrayBuffer>; wasm: Uint8Array<ArrayBuffer> } | undefined

async function prove({ base, circuit, inputs, singleThread }: PeerRequest): Promise<PeerAnswer> {
  files ??= { zkey: await cached(`${base}/${circuit}.zkey`), wasm: await cached(`${base}/${circuit}.wasm`) }
  const { zkey, wasm } = files
  const wtns: { type: 'mem'; data?: Uint8Array } = { type: 'mem' }
  const witnessed = performance.now()
  await snarkjs.wtns.calculate(inputs, { type: 'mem', data: wasm }, wtns)
  const proving = performance.now()
  // A curve of one thread is built anew and ended with each proof; of several, it stays.
  const result = await snarkjs.groth16.prove({ type: 'mem', data: zkey }, wtns, undefined, { singleThread })
  const end = performance.now()
  return {
    proof: result.proof,
    publicSignals: result.publicSignals,
    milliseconds: 0,
    witnessMs: proving - witnessed,
    proveMs: end - proving,
  }
}

addEventListener('message', async ({ data }: MessageEvent<PeerRequest>) => {
  try {
    postMessage(await prove(data))
  } catch (error) {
    postMessage({ failure: String(error) })
  }
})
