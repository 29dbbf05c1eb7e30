/**
 * BN254 (alt_bn128): every constant of the engine follows from these few parameters. Barreto and Naehrig, "Pairing-
 * Friendly Elliptic Curves of Prime Order" (2005), §2, with the parameter u that Ethereum's EIP-197 fixed.
 */

/** The curve's parameter u: q, r and the trace are polynomials in it. */
export const U = 4965661367192848881n

/** q = 36u⁴ + 36u³ + 24u² + 6u + 1: the order of the field of coordinates, 254 bits. */
export const Q = 36n * U ** 4n + 36n * U ** 3n + 24n * U ** 2n + 6n * U + 1n

/** r = 36u⁴ + 36u³ + 18u² + 6u + 1: the order of G1, G2 and GT, the field of scalars, 254 bits. */
export const R = 36n * U ** 4n + 36n * U ** 3n + 18n * U ** 2n + 6n * U + 1n

/** The curve is y² = x³ + 3 over Fq; the twist y² = x³ + 3/(9 + i) over Fq2 = Fq[i]/(i² + 1). */
export const CURVE_B = 3n

/** ξ = 9 + i, neither a square nor a cube in Fq2: Fq6 = Fq2[v]/(v³ − ξ), Fq12 = Fq6[w]/(w² − v). */
export const XI = { c0: 9n, c1: 1n } as const

/** The generators that EIP-197 fixed. */
export const G1_GENERATOR = { x: 1n, y: 2n } as const
export const G2_GENERATOR = {
  x: {
    c0: 10857046999023057135944570762232829481370756359578518086990519993285655852781n,
    c1: 11559732032986387107991004021392285783925812861821192530917403151452391805634n,
  },
  y: {
    c0: 8495653923123431417604973247489272438418190587263600148770280649306958101930n,
    c1: 4082367875863433681332203403145435568316851327593401208105741076214120093531n,
  },
} as const

/** Bits of a limb, limbs of an element: 9 · 29 = 261 bits hold an element and seven bits more. */
export const LIMB_BITS = 29
export const LIMBS = 9
/** Bytes of an element in the engine's memory: nine 32-bit words, low limb first. */
export const ELEMENT_BYTES = 4 * LIMBS

/** Bits of half a scalar, a sign among them: scalars are split by the endomorphism (build/glv.ts). */
export const HALF_BITS = 127

/** The Montgomery factor: x stands in memory as x · 2^261 mod p. */
export const MONTGOMERY = 1n << BigInt(LIMB_BITS * LIMBS)

/** `base^exponent mod modulus`, for the few powers that constants need. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = ((base % modulus) + modulus) % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

/** The inverse of a non-zero value modulo a prime. */
export function inverse(value: bigint, prime: bigint): bigint {
  return power(value, prime - 2n, prime)
}
