import { FixedBase } from '../../src/engine/fixed-base.ts'
import { littleEndian } from '../../src/engine/little-endian.ts'
import { createEngine } from '../../src/engine/load.ts'
import { inverse, Q } from '../../src/engine/parameters.ts'

/** An affine point of G1, and one of G2 with coordinates `[c0, c1]`. */
export type G1Point = readonly [x: bigint, y: bigint]
export type G2Point = readonly [x: readonly [bigint, bigint], y: readonly [bigint, bigint]]

/** Multiples of the two generators of BN254, each scalar `0 < s < r`: a quarter of a millisecond for a proof's three. */
export type Generators = {
  readonly g1: (scalars: readonly bigint[]) => G1Point[]
  readonly g2: (scalars: readonly bigint[]) => G2Point[]
}

let shared: Promise<Generators> | undefined

/** One for all key sets: its tables take a tenth of a second, and 19 MB for as long as the process lives. */
export function loadGenerators(): Promise<Generators> {
  shared ??= createGenerators()
  return shared
}

async function createGenerators(): Promise<Generators> {
  const engine = await createEngine()
  const [base1, base2] = [new FixedBase(engine, 'g1'), new FixedBase(engine, 'g2')]
  return {
    g1: (scalars) =>
      groupsOf(2, readCoordinates(base1.multiply(littleEndian(scalars)))).map(([x = 0n, y = 0n]) => [x, y]),
    g2: (scalars) =>
      groupsOf(4, readCoordinates(base2.multiply(littleEndian(scalars)))).map(
        ([x0 = 0n, x1 = 0n, y0 = 0n, y1 = 0n]): G2Point => [
          [x0, x1],
          [y0, y1],
        ],
      ),
  }
}

// The engine gives x as x·2^256 mod q.
const MONTGOMERY_INVERSE = inverse(2n ** 256n % Q, Q)

function readCoordinates(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: bytes.length / 32 }, (_, place) => {
    let value = 0n
    for (let word = 3; word >= 0; word--) value = (value << 64n) | view.getBigUint64(32 * place + 8 * word, true)
    return (value * MONTGOMERY_INVERSE) % Q
  })
}

function groupsOf(size: number, values: readonly bigint[]): bigint[][] {
  return Array.from({ length: values.length / size }, (_, place) => values.slice(size * place, size * (place + 1)))
}
