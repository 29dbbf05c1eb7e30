import * as snarkjs from 'snarkjs'
import type { ProofEngine } from './proof-engine.ts'
import { ProverError } from './prover-error.ts'
import { encodeWtns } from './witness.ts'

declare global {
  /** Where snarkjs's arithmetic looks for a curve before it builds one. */
  var curve_bn128: snarkjs.Curve | null | undefined
}

/**
 * {@link ProofEngine} on snarkjs, on one thread. Its own threads would be workers made from `data:` or `blob:`
 * addresses, which the wallet's content security policy refuses; here the whole engine runs inside our worker instead.
 */
export function createSnarkjsEngine(): ProofEngine {
  return {
    prepare: prepareCurve,
    prove: async (zkey, witness) => {
      await prepareCurve()
      const wtns = encodeWtns(witness)
      try {
        const result = await snarkjs.groth16.prove({ type: 'mem', data: zkey }, { type: 'mem', data: wtns })
        return { proof: readProof(result.proof), publicSignals: result.publicSignals.map(BigInt) }
      } catch (cause) {
        throw new ProverError('proof_failed', 'no proof could be made with this key and witness', { cause })
      } finally {
        wtns.fill(0)
      }
    },
  }
}

/**
 * With `singleThread` snarkjs builds a curve anew for each proof (0.2 s) and ends none; without it, it takes this
 * global. So a single-threaded curve is put there once.
 */
async function prepareCurve(): Promise<void> {
  globalThis.curve_bn128 ??= await snarkjs.curves.getCurveFromName('bn128', { singleThread: true })
}

function readProof({ pi_a, pi_b, pi_c }: snarkjs.ProofJson) {
  const pair = (point: readonly string[] | undefined): [bigint, bigint] => {
    const [x, y] = point ?? []
    if (x === undefined || y === undefined) throw new TypeError('a coordinate is missing')
    return [BigInt(x), BigInt(y)]
  }
  return { a: pair(pi_a), b: [pair(pi_b[0]), pair(pi_b[1])], c: pair(pi_c) } as const
}
