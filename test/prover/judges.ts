import * as snarkjs from 'snarkjs'
import { encodeProof } from '../../src/protocol/proof.ts'
import type { EngineProof } from '../../src/prover/proof-engine.ts'
import { createNobleVerifier, readKeyPoints } from '../verifier/noble-verifier.ts'

/** What each of the two independent verifiers says of a proof. */
export type Verdict = { snarkjs: boolean; noble: boolean }

export const ACCEPTED: Verdict = { snarkjs: true, noble: true }
export const REFUSED: Verdict = { snarkjs: false, noble: false }

/** Asks snarkjs and noble-curves under one verification key, in snarkjs's JSON. Neither shares code with the engine. */
export async function createJudges(
  verificationKey: snarkjs.VerificationKeyJson,
): Promise<(made: EngineProof) => Promise<Verdict>> {
  // snarkjs's own threads would outlive a test.
  globalThis.curve_bn128 ??= await snarkjs.curves.getCurveFromName('bn128', { singleThread: true })
  const noble = createNobleVerifier(readKeyPoints(verificationKey))
  return async ({ proof, publicSignals }) => ({
    snarkjs: await snarkjs.groth16.verify(verificationKey, publicSignals.map(String), toJson(proof)),
    noble: noble.verify(publicSignals, encodeProof(proof)) === 'VALID',
  })
}

function toJson({ a, b, c }: EngineProof['proof']): snarkjs.ProofJson {
  const text = (pair: readonly bigint[]): string[] => pair.map(String)
  return {
    pi_a: [...text(a), '1'],
    pi_b: [text(b[0]), text(b[1]), ['1', '0']],
    pi_c: [...text(c), '1'],
    protocol: 'groth16',
    curve: 'bn128',
  }
}
