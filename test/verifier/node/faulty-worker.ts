/** A pool's thread that does what the first byte of a proof says, and counts in shared memory what it was asked. */
import { parentPort, workerData } from 'node:worker_threads'
import type { PoolRequest, PoolResponse } from '../../../src/verifier/node/pool-messages.ts'
import { COUNTS, DEEDS } from './faulty-worker-deeds.ts'

// The test's own buffer: nothing else starts this program.
const counts = new Int32Array(workerData as SharedArrayBuffer)

parentPort?.on('message', (tasks: PoolRequest) => {
  Atomics.add(counts, COUNTS.requests, 1)
  Atomics.add(counts, COUNTS.proofs, tasks.length)
  if (tasks.length > Atomics.load(counts, COUNTS.largest)) Atomics.store(counts, COUNTS.largest, tasks.length)
  for (const { proof } of tasks) {
    if (proof[0] === DEEDS.wait) Atomics.wait(counts, COUNTS.gate, 0)
    if (proof[0] === DEEDS.exit) process.exit(1)
    if (proof[0] === DEEDS.fail) throw new Error('a fault')
    if (proof[0] === DEEDS.failOnce && Atomics.add(counts, COUNTS.failures, 1) === 0) process.exit(1)
  }
  answer(tasks.map(({ proof }) => (proof[0] === DEEDS.refuse ? 'PROOF_INVALID' : 'VALID')))
})

Atomics.add(counts, COUNTS.starts, 1)
answer('ready')

function answer(response: PoolResponse): void {
  parentPort?.postMessage(response)
}
