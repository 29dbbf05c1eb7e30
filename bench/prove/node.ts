import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { CircuitId } from '../../src/protocol/signals.ts'
import { createNodeProver } from '../../src/prover/node.ts'
import type { ProvePhase, Prover } from '../../src/prover/prove.ts'
import type { Pair, ProveCase, Sample } from './figures.ts'
import type { SnarkjsRequest } from './snarkjs-process.ts'

/** Warm: one proof each that is not counted, then in turn. Cold: each proof the first of a new process or prover. */
export async function measureNode(
  what: ProveCase,
  { workers, runs, state }: { workers: number; runs: number; state: 'warm' | 'cold' },
): Promise<Pair<Sample[]>> {
  const samples: Pair<Sample[]> = { ours: [], snarkjs: [] }
  const open = () => {
    const location = { base: what.keys, keySetHash: what.keySetHash }
    return { prover: createNodeProver({ location, workers }), peer: startPeer() }
  }
  let sides = open()
  const close = (): void => {
    sides.prover.close()
    sides.peer.kill()
  }
  for (let run = state === 'warm' ? -1 : 0; run < runs; run++) {
    if (state === 'cold' && run > 0) {
      close()
      sides = open()
    }
    const pair = { ours: await proveOurs(sides.prover, what), snarkjs: await provePeer(sides.peer, what, workers) }
    if (run < 0) continue
    samples.ours.push(pair.ours)
    samples.snarkjs.push(pair.snarkjs)
  }
  close()
  return samples
}

async function proveOurs(prover: Prover, { id, inputs }: ProveCase): Promise<Sample> {
  const starts: Partial<Record<ProvePhase, number>> = {}
  const begin = performance.now()
  // A key set of other sizes has circuits that the product does not know by name.
  await prover.prove(id as CircuitId, inputs, {
    onProgress: ({ phase }) => {
      starts[phase] ??= performance.now()
    },
  })
  const end = performance.now()
  if (starts.witness === undefined || starts.prove === undefined) throw new Error(`${id}: a phase is missing`)
  return { fullMs: end - begin, witnessMs: starts.prove - starts.witness, proveMs: end - starts.prove }
}

function startPeer(): ChildProcess {
  return fork(join(import.meta.dirname, 'snarkjs-process.ts'), { execArgv: [], serialization: 'advanced' })
}

async function provePeer(peer: ChildProcess, { id, inputs, keys, keySetHash }: ProveCase, workers: number) {
  const file = (end: string): string => join(keys, keySetHash, `${id}.${end}`)
  const request: SnarkjsRequest = { zkey: file('zkey'), wasm: file('wasm'), inputs, singleThread: workers === 1 }
  peer.send(request)
  const [sample] = await once(peer, 'message')
  return sample as Sample
}
