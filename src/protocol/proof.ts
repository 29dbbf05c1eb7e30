import { bn254 } from '@noble/curves/bn254.js'
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js'
import { ProtocolError } from './error.ts'

/** Bytes of a proof on the wire: A (32), B (64), C (32). */
export const PROOF_BYTES = 128

/** A Groth16 proof in affine coordinates; an Fq2 element is `[c0, c1]` for c0 + c1·u. */
export type Proof = {
  readonly a: readonly [x: bigint, y: bigint]
  readonly b: readonly [x: readonly [bigint, bigint], y: readonly [bigint, bigint]]
  readonly c: readonly [x: bigint, y: bigint]
}

/** q, the order of BN254's base field, in which coordinates lie. */
const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
const HALF = (Q - 1n) / 2n

// q has 254 bits, so the first byte of an x-coordinate has two spare bits. They say which of the two y is meant;
// 00 and 01 are no encodings, so that an uncompressed or infinite point cannot be taken for one of these.
const SMALLER_Y = 0x80
const LARGER_Y = 0xc0
const FLAGS = 0xc0

/**
 * 128 bytes: the x-coordinates of A, B and C, big-endian (of B: c1, then c0), the two top bits of each first byte
 * 10 for the smaller y, 11 for the larger (in Fq2: compared by c1, by c0 where c1 = 0).
 */
export function encodeProof({ a, b, c }: Proof): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PROOF_BYTES)
  writePoint(bytes, 0, [a[0]], isLarger(a[1]))
  writePoint(bytes, 32, [b[0][1], b[0][0]], isLarger2(b[1]))
  writePoint(bytes, 96, [c[0]], isLarger(c[1]))
  return bytes
}

/**
 * Strict inverse of {@link encodeProof}. Throws `proof_length`, `proof_encoding` (flags, or a coordinate not below q)
 * or `proof_not_on_curve`. Whether B lies in the subgroup of G2 is the verifier's to check.
 */
export function decodeProof(bytes: Uint8Array): Proof {
  if (bytes.length !== PROOF_BYTES) {
    throw new ProtocolError('proof_length', `a proof has ${PROOF_BYTES} bytes, not ${bytes.length}`)
  }
  const a = readG1(bytes.subarray(0, 32))
  const b = readG2(bytes.subarray(32, 96))
  const c = readG1(bytes.subarray(96, 128))
  return { a, b, c }
}

function writePoint(bytes: Uint8Array, offset: number, coordinates: readonly bigint[], larger: boolean): void {
  for (const [index, coordinate] of coordinates.entries())
    bytes.set(numberToBytesBE(coordinate, 32), offset + 32 * index)
  bytes[offset] = (bytes[offset] ?? 0) | (larger ? LARGER_Y : SMALLER_Y)
}

function readG1(bytes: Uint8Array): [bigint, bigint] {
  const { coordinates, larger } = readCoordinates(bytes)
  const [x = 0n] = coordinates
  // Taken here and not above: who only encodes, as the prover does, has no need of the fields.
  const { Fp } = bn254.fields
  const y = onCurve(() => Fp.sqrt(Fp.add(Fp.pow(x, 3n), 3n)))
  return [x, isLarger(y) === larger ? y : Fp.neg(y)]
}

function readG2(bytes: Uint8Array): [[bigint, bigint], [bigint, bigint]] {
  const { coordinates, larger } = readCoordinates(bytes)
  const [c1 = 0n, c0 = 0n] = coordinates
  const { Fp2 } = bn254.fields
  const x = Fp2.create({ c0, c1 })
  // The twist's b = 3/(9 + u).
  const b = Fp2.div(Fp2.create({ c0: 3n, c1: 0n }), Fp2.create({ c0: 9n, c1: 1n }))
  const y = onCurve(() => Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b)))
  const chosen = isLarger2([y.c0, y.c1]) === larger ? y : Fp2.neg(y)
  return [
    [c0, c1],
    [chosen.c0, chosen.c1],
  ]
}

function readCoordinates(bytes: Uint8Array): { coordinates: bigint[]; larger: boolean } {
  const first = bytes[0] ?? 0
  const flags = first & FLAGS
  if (flags !== SMALLER_Y && flags !== LARGER_Y) throw new ProtocolError('proof_encoding', 'not a compressed point')
  const plain = Uint8Array.from(bytes)
  plain[0] = first & ~FLAGS
  const coordinates = []
  for (let offset = 0; offset < plain.length; offset += 32) {
    const coordinate = bytesToNumberBE(plain.subarray(offset, offset + 32))
    if (coordinate >= Q) throw new ProtocolError('proof_encoding', 'a coordinate is not below the field modulus')
    coordinates.push(coordinate)
  }
  return { coordinates, larger: flags === LARGER_Y }
}

function onCurve<T>(root: () => T): T {
  try {
    return root()
  } catch (cause) {
    throw new ProtocolError('proof_not_on_curve', 'no point of the curve has this x-coordinate', { cause })
  }
}

function isLarger(y: bigint): boolean {
  return y > HALF
}

function isLarger2([c0, c1]: readonly [bigint, bigint]): boolean {
  return c1 === 0n ? isLarger(c0) : isLarger(c1)
}
