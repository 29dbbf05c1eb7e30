/**
 * The `.zkey` format, version 1, of Groth16 keys over BN254, as iden3's tools write and read it: a magic word, then
 * sections, each a number, a length and its bytes. All integers are little-endian. Points are affine, each coordinate
 * 32 bytes of x·2^256 mod q, infinity all zeros; a coordinate over Fq2 is its real part, then its imaginary part.
 */
export const MAGIC = 'zkey'
export const VERSION = 1

/** Bytes of a field element, of a point of G1 and of one of G2. */
export const FIELD_BYTES = 32
export const G1_BYTES = 2 * FIELD_BYTES
export const G2_BYTES = 4 * FIELD_BYTES

/** Bytes of one entry of section 4: matrix, row and wire, 4 bytes each, and the coefficient. */
export const ENTRY_BYTES = 12 + FIELD_BYTES

/** The numbers of the sections. */
export const SECTION = {
  protocol: 1,
  header: 2,
  ic: 3,
  coefficients: 4,
  a: 5,
  b1: 6,
  b2: 7,
  c: 8,
  h: 9,
  contributions: 10,
} as const

/** What section 1 holds for Groth16. */
export const GROTH16 = 1

/** Bytes of section 2. */
export const HEADER_BYTES = 2 * (4 + FIELD_BYTES) + 3 * 4 + 3 * G1_BYTES + 3 * G2_BYTES

/** Bytes of section 10 before its contributions: the circuit's hash and their number. */
export const CONTRIBUTIONS_BYTES = 64 + 4

/** Bytes before the first section: magic, version, number of sections; and before each section's content. */
export const PREAMBLE_BYTES = 12
export const SECTION_HEADER_BYTES = 12

/** The content of a proving key, in the names of Groth 2016, §3.2; every array is as the file holds it. */
export type ZkeySections = {
  /** Wires, the constant among them: wire 0 is one, then the public signals, then the private ones. */
  wires: number
  /** Public signals, the constant not counted. */
  publicCount: number
  /** Points of the evaluation domain, 2^domainLog. */
  domain: number
  domainLog: number
  /** Section 4 without its count: entries of 44 bytes, matrix (0 for A, 1 for B), row, wire, c·2^512 mod r. */
  coefficients: Uint8Array
  /** One point of G1 for the constant and each public signal. */
  ic: Uint8Array
  /** One point a wire: of G1, of G1 and of G2. */
  a: Uint8Array
  b1: Uint8Array
  b2: Uint8Array
  /** One point of G1 for each private wire. */
  c: Uint8Array
  /**
   * One point of G1 for each point of the domain, for the quotient by its values at the odd points of twice the domain.
   */
  h: Uint8Array
  alpha1: Uint8Array
  beta1: Uint8Array
  beta2: Uint8Array
  gamma2: Uint8Array
  delta1: Uint8Array
  delta2: Uint8Array
  /**
   * Section 10 as it is: the circuit's hash, 64 bytes, the number of contributions and what says how they were made.
   */
  contributions: Uint8Array
  /** The numbers of the sections in the order in which the file holds them. */
  order: readonly number[]
}
