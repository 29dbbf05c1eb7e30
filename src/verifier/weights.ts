import { WEIGHT_BYTES } from '../engine/pairing.ts'
import { VerifierError } from './verifier-error.ts'

/**
 * `count` weights of 128 bits for a random linear combination (Bellare, Garay and Rabin, "Fast Batch Verification for
 * Modular Exponentiation and Digital Signatures", 1998, §3): drawn after the proofs are in, so that the others make up
 * for a wrong one with probability 2^-128. They need not be kept secret afterwards.
 *
 * Throws {@link VerifierError} `randomness_invalid` where one is zero or two are equal, which happens to nobody whose
 * source is random: with weights that are foreseen, two wrong proofs can be made to cancel each other out.
 */
export function drawWeights(count: number, randomBytes: (length: number) => Uint8Array): Uint8Array[] {
  const bytes = randomBytes(count * WEIGHT_BYTES)
  if (bytes.length !== count * WEIGHT_BYTES) throw invalid(`${bytes.length} bytes, not ${count * WEIGHT_BYTES}`)
  const weights = Array.from({ length: count }, (_, index) =>
    bytes.slice(index * WEIGHT_BYTES, (index + 1) * WEIGHT_BYTES),
  )
  if (weights.some((weight) => weight.every((byte) => byte === 0))) throw invalid('a weight of zero')
  if (new Set(weights.map(String)).size !== count) throw invalid('one weight twice')
  return weights
}

function invalid(what: string): VerifierError {
  return new VerifierError('randomness_invalid', `the source of randomness is not random: it gave ${what}`)
}
