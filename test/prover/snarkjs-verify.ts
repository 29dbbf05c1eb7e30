import { readFile } from 'node:fs/promises'
import * as snarkjs from 'snarkjs'
import { decodeProof } from '../../src/protocol/proof.ts'

/** What snarkjs makes of a proof of 128 bytes under a verification key's file. */
export async function verifyWithSnarkjs(
  keyFile: string,
  proof: Uint8Array,
  publicSignals: readonly (bigint | string)[],
): Promise<boolean> {
  const { a, b, c } = decodeProof(proof)
  const text = (pair: readonly [bigint, bigint]): string[] => pair.map(String)
  // snarkjs's own threads would outlive the test.
  globalThis.curve_bn128 ??= await snarkjs.curves.getCurveFromName('bn128', { singleThread: true })
  return snarkjs.groth16.verify(JSON.parse(await readFile(keyFile, 'utf8')), publicSignals.map(String), {
    pi_a: [...text(a), '1'],
    pi_b: [text(b[0]), text(b[1]), ['1', '0']],
    pi_c: [...text(c), '1'],
    protocol: 'groth16',
    curve: 'bn128',
  })
}
