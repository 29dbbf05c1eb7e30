import { G1_BYTES } from './arithmetic.ts'
import { g1ToJson, g2ToJson } from './points.ts'
import type { KeyPoints } from './zkey.ts'

/**
 * A Groth16 verification key in the JSON shape that iden3's tools read: decimal coordinates, points projective with
 * z = 1, a coordinate over Fq2 its real part, then its imaginary part.
 */
export type VerificationKeyJson = {
  protocol: 'groth16'
  curve: 'bn128'
  /** Public signals; `IC` has one point more. */
  nPublic: number
  vk_alpha_1: string[]
  vk_beta_2: string[][]
  vk_gamma_2: string[][]
  vk_delta_2: string[][]
  IC: string[][]
}

/** The public part of a key. */
export function verificationKeyOf(
  points: Pick<KeyPoints, 'alpha1' | 'beta2' | 'gamma2' | 'delta2' | 'ic'>,
): VerificationKeyJson {
  const inputs: string[][] = []
  for (let at = 0; at < points.ic.length; at += G1_BYTES) inputs.push(g1ToJson(points.ic.subarray(at, at + G1_BYTES)))
  return {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: inputs.length - 1,
    vk_alpha_1: g1ToJson(points.alpha1),
    vk_beta_2: g2ToJson(points.beta2),
    vk_gamma_2: g2ToJson(points.gamma2),
    vk_delta_2: g2ToJson(points.delta2),
    IC: inputs,
  }
}
