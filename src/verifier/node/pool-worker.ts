/** The program of a pool's thread. What it throws ends it, and the pool sees to its proofs. */
import { parentPort, workerData } from 'node:worker_threads'
import { randomBytes } from '../../protocol/bytes.ts'
import type { CircuitId } from '../../protocol/signals.ts'
import { type KeySet, loadKeySet } from '../key-set.ts'
import type { ProofTask } from '../proof-verifier.ts'
import { verifyProofs } from '../verify-proofs.ts'
import type { PoolRequest, PoolResponse, PoolWorkerData } from './pool-messages.ts'

if (!parentPort) throw new Error('this program is a thread of a verifier pool')
const port = parentPort
// The pool's own words: nothing else starts this program.
const { keySets } = workerData as PoolWorkerData

const loaded = new Map<string, KeySet>()
for (const { manifest, verificationKeys } of keySets) {
  // Whether development keys are allowed was the pool's to decide, before it started any thread.
  const readVerificationKey = async (circuit: CircuitId) => verificationKeys.get(circuit) ?? new Uint8Array()
  const keySet = await loadKeySet({ manifest, readVerificationKey, allowDevelopment: true })
  loaded.set(keySet.hash, keySet)
}

function keyOf({ keySet, circuit }: ProofTask) {
  const found = loaded.get(keySet)
  if (!found) throw new Error(`no key set ${keySet}`)
  return found.keys[circuit]
}

port.on('message', (tasks: PoolRequest) => {
  const items = tasks.map((task) => ({ key: keyOf(task), signals: task.signals, proof: task.proof }))
  answer(verifyProofs(items, { randomBytes }))
})
answer('ready')

function answer(response: PoolResponse): void {
  port.postMessage(response)
}
