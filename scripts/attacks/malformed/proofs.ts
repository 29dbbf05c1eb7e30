import { G2_GENERATOR, Q } from '../../../src/engine/parameters.ts'
import { decodeProof, encodeProof } from '../../../src/protocol/proof.ts'
import { pointOutsideG2 } from '../../../test/fixtures/twist-point.ts'
import type { SeededRandom } from '../random.ts'

type Mutation = (proof: Uint8Array, random: SeededRandom) => Uint8Array

/** Where the three points of a proof begin, and the bytes of each. */
const POINTS = [
  [0, 32],
  [32, 64],
  [96, 32],
] as const

const OUTSIDE = pointOutsideG2()

/** 128 bytes that are no proof of what they are sent for: each is refused as malformed, or as proving something else. */
export const PROOF_MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a bit turned': (proof, { below }) => {
    const [place, bit] = [below(128), below(8)]
    return proof.map((byte, at) => (at === place ? byte ^ (1 << bit) : byte))
  },
  'a byte changed': (proof, { below }) => {
    const [place, step] = [below(128), 1 + below(255)]
    return proof.map((byte, at) => (at === place ? byte + step : byte))
  },
  noise: (proof, { below }) => proof.map((_, at) => ([0, 32, 96].includes(at) ? 0x80 | below(0x30) : below(256))),
  'a point at infinity': (proof, random) => overPoint(proof, random, (point) => point.fill(0)),
  'a compressed infinity': (proof, random) => overPoint(proof, random, (point) => point.fill(0).fill(0x40, 0, 1)),
  'no flags': (proof, random) => overPoint(proof, random, (point) => point.fill((point[0] ?? 0) & 0x3f, 0, 1)),
  'the other root': (proof, random) => overPoint(proof, random, (point) => point.fill((point[0] ?? 0) ^ 0x40, 0, 1)),
  'a coordinate and q': (proof, random) => overPoint(proof, random, (point) => writeX(point, (x) => x + Q)),
  'q itself': (proof, random) => overPoint(proof, random, (point) => writeX(point, () => Q)),
  'A for C': (proof) => Uint8Array.from([...proof.subarray(0, 96), ...proof.subarray(0, 32)]),
  'C for A': (proof) => Uint8Array.from([...proof.subarray(96), ...proof.subarray(32)]),
  'B off its subgroup': (proof) => {
    const { a, c } = decodeProof(proof)
    return encodeProof({ a, b: [OUTSIDE.x, OUTSIDE.y], c })
  },
  'the generators': () => {
    const { x, y } = G2_GENERATOR
    const b = [
      [x.c0, x.c1],
      [y.c0, y.c1],
    ] as const
    return encodeProof({ a: [1n, 2n], b, c: [1n, 2n] })
  },
}

function overPoint(proof: Uint8Array, random: SeededRandom, change: (point: Uint8Array) => void): Uint8Array {
  const [offset, length] = random.pick(POINTS)
  const copy = Uint8Array.from(proof)
  change(copy.subarray(offset, offset + length))
  return copy
}

/** The first coordinate of a point, with its flags kept; what has more than 254 bits loses those above. */
function writeX(point: Uint8Array, change: (x: bigint) => bigint): void {
  const flags = (point[0] ?? 0) & 0xc0
  const x = BigInt(`0x${Buffer.from(point.subarray(0, 32)).toString('hex')}`) & (2n ** 254n - 1n)
  point.set(Buffer.from((change(x) % 2n ** 254n).toString(16).padStart(64, '0'), 'hex'))
  point.fill((point[0] ?? 0) | flags, 0, 1)
}
