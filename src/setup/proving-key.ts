import { G1_BYTES, G2_BYTES, type SetupArithmetic } from './arithmetic.ts'
import { evaluateQap } from './qap.ts'
import { publicSignalCount, type R1cs } from './r1cs.ts'
import { scalarField } from './scalar-field.ts'
import type { Trapdoor } from './trapdoor.ts'
import { type VerificationKeyJson, verificationKeyOf } from './verification-key.ts'
import { type KeyPoints, zkeyOf } from './zkey.ts'

export type ProvingKeyOptions = {
  r1cs: R1cs
  /** Identifies the circuit inside the file. */
  r1csHash: Uint8Array
  trapdoor: Trapdoor
  arithmetic: SetupArithmetic
  /** `done` and `total` count points of the key. */
  onProgress?: (done: number, total: number) => void
}

export type KeyPair = {
  /** A complete `.zkey` file. */
  zkey: Uint8Array<ArrayBuffer>
  verificationKey: VerificationKeyJson
}

/**
 * The Groth16 key of a circuit (Groth 2016, §3.2), with γ = 1 and the points in the order of a `.zkey`:
 *
 * - A_w(τ), B_w(τ) for each wire;
 * - (β·A_w(τ) + α·B_w(τ) + C_w(τ)) for the constant and the public signals, the same over δ for all others;
 * - L_{2i+1}(τ)/δ over the double domain, for the quotient.
 */
export async function makeKeyPair(options: ProvingKeyOptions): Promise<KeyPair> {
  const { r1cs, r1csHash, trapdoor, arithmetic } = options
  const { tau, alpha, beta, delta } = trapdoor
  const qap = evaluateQap(r1cs, tau)
  const deltaInverse = scalarField.inv(delta)
  const mixed = qap.c.map((c, wire) => scalarField.create(beta * (qap.a[wire] ?? 0n) + alpha * (qap.b[wire] ?? 0n) + c))
  const firstPrivate = publicSignalCount(r1cs) + 1
  const overDelta = (value: bigint): bigint => scalarField.mul(value, deltaInverse)

  const multiply = batches(arithmetic, { total: 6 + 4 * r1cs.wires + qap.domain, onProgress: options.onProgress })
  const constants1 = await multiply('multiplyG1', [alpha, beta, delta], G1_BYTES)
  const constants2 = await multiply('multiplyG2', [beta, 1n, delta], G2_BYTES)
  const points: KeyPoints = {
    domain: qap.domain,
    alpha1: constants1.subarray(0, G1_BYTES),
    beta1: constants1.subarray(G1_BYTES, 2 * G1_BYTES),
    delta1: constants1.subarray(2 * G1_BYTES),
    beta2: constants2.subarray(0, G2_BYTES),
    gamma2: constants2.subarray(G2_BYTES, 2 * G2_BYTES),
    delta2: constants2.subarray(2 * G2_BYTES),
    ic: await multiply('multiplyG1', mixed.slice(0, firstPrivate), G1_BYTES),
    a: await multiply('multiplyG1', qap.a, G1_BYTES),
    b1: await multiply('multiplyG1', qap.b, G1_BYTES),
    b2: await multiply('multiplyG2', qap.b, G2_BYTES),
    c: await multiply('multiplyG1', mixed.slice(firstPrivate).map(overDelta), G1_BYTES),
    h: await multiply('multiplyG1', qap.h.map(overDelta), G1_BYTES),
  }
  return { zkey: zkeyOf(r1cs, points, r1csHash), verificationKey: verificationKeyOf(points) }
}

type Batch = (
  operation: keyof SetupArithmetic,
  scalars: readonly bigint[],
  bytesEach: number,
) => Promise<Uint8Array<ArrayBuffer>>

/** Scalars that share an inversion; some 20 ms. */
const BATCH = 2048

/** Long runs of multiplications in pieces, with the event loop let in between two of them. */
function batches(
  arithmetic: SetupArithmetic,
  progress: { total: number; onProgress: ProvingKeyOptions['onProgress'] },
): Batch {
  let done = 0
  return async (operation, scalars, bytesEach) => {
    const output = new Uint8Array(scalars.length * bytesEach)
    for (let start = 0; start < scalars.length; start += BATCH) {
      const part = scalars.slice(start, start + BATCH)
      output.set(arithmetic[operation](part), start * bytesEach)
      done += part.length
      progress.onProgress?.(done, progress.total)
      await new Promise((resolve) => setTimeout(resolve))
    }
    return output
  }
}
