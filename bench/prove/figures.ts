import type { CircuitId } from '../../src/protocol/signals.ts'
import type { WitnessInputs } from '../../src/prover/witness.ts'
import { median } from '../median.ts'

/** A circuit to prove, with the folder of key sets and the key set that holds it. */
export type ProveCase = {
  /** A circuit of ours, or one of another size that only the benches know. */
  id: CircuitId | (string & {})
  rows: number
  keys: string
  keySetHash: string
  inputs: WitnessInputs
}

/** One proof, in milliseconds. `fullMs` is all of it: also reading and compiling, the first time. */
export type Sample = { fullMs: number; witnessMs: number; proveMs: number }

/** The samples of both sides, taken in turn. */
export type Pair<Value> = { ours: Value; snarkjs: Value }

/** What was compared where; medians in milliseconds, and snarkjs' over ours. */
export type Comparison = {
  circuit: string
  rows: number
  place: 'Chromium' | 'Node'
  workers: number
  state: 'warm' | 'cold'
  runs: number
  medians: Pair<Sample>
  fullRatio: number
  proveRatio: number
}

export function compare(
  setting: Pick<Comparison, 'circuit' | 'rows' | 'place' | 'workers' | 'state'>,
  samples: Pair<Sample[]>,
): Comparison {
  const medians = { ours: medianSample(samples.ours), snarkjs: medianSample(samples.snarkjs) }
  return {
    ...setting,
    runs: samples.ours.length,
    medians,
    fullRatio: ratio(medians.snarkjs.fullMs, medians.ours.fullMs),
    proveRatio: ratio(medians.snarkjs.proveMs, medians.ours.proveMs),
  }
}

/** `a / b` to two places. */
export function ratio(a: number, b: number): number {
  return Math.round((100 * a) / b) / 100
}

function medianSample(samples: readonly Sample[]): Sample {
  const of = (read: (sample: Sample) => number): number => Math.round(10 * median(samples.map(read))) / 10
  return {
    fullMs: of(({ fullMs }) => fullMs),
    witnessMs: of(({ witnessMs }) => witnessMs),
    proveMs: of(({ proveMs }) => proveMs),
  }
}
