export { G1_BYTES, G2_BYTES } from '../proving-key/zkey-format.ts'

/**
 * The curve arithmetic that the key set-up needs, so that another engine can take its place.
 *
 * Points come back as a `.zkey` holds them: affine, each coordinate 32 bytes little-endian in Montgomery form (x·2^256
 * mod q), the point at infinity all zeros; a coordinate of G2 is its real part, then its imaginary part.
 */
export interface SetupArithmetic {
  /**
   * s·G1 for each scalar `0 ≤ s < r`: 64 bytes each. Runs to its end without pause; give it a few thousand at a time.
   */
  multiplyG1(scalars: readonly bigint[]): Uint8Array<ArrayBuffer>
  /** s·G2 for each scalar `0 ≤ s < r`: 128 bytes each. */
  multiplyG2(scalars: readonly bigint[]): Uint8Array<ArrayBuffer>
}
