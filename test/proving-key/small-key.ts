import { bn254 } from '@noble/curves/bn254.js'
import { Q, R } from '../../src/engine/parameters.ts'
import { ENTRY_BYTES, type ZkeySections } from '../../src/proving-key/zkey-format.ts'

/**
 * A key of the right shape whose points are small multiples of the generators, some infinity: no circuit's, but every
 * rule of the format holds. Nine wires, two of them public signals, a domain of eight points.
 */
export function smallKey(): ZkeySections {
  const [wires, publicCount, domain] = [9, 2, 8]
  const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index)
  // Every third wire has no column in B, every fourth none in A.
  const b = range(1, wires).map((scalar) => (scalar % 3 === 0 ? 0 : scalar))
  const a = range(20, wires).map((scalar) => (scalar % 4 === 0 ? 0 : scalar))
  return {
    wires,
    publicCount,
    domain,
    domainLog: 3,
    coefficients: entries(),
    ic: g1(range(40, publicCount + 1)),
    a: g1(a),
    b1: g1(b),
    b2: g2(b),
    c: g1(range(60, wires - publicCount - 1)),
    h: g1(range(80, domain)),
    alpha1: g1([100]),
    beta1: g1([101]),
    beta2: g2([101]),
    gamma2: g2([1]),
    delta1: g1([102]),
    delta2: g2([102]),
    contributions: new Uint8Array(68).fill(7, 0, 64),
    order: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  }
}

/** Multiples of the generator of G1 as a `.zkey` holds them. */
export function g1(scalars: readonly number[]): Uint8Array {
  return concat(
    scalars.map((scalar) => {
      if (scalar === 0) return new Uint8Array(64)
      const { x, y } = bn254.G1.Point.BASE.multiply(BigInt(scalar)).toAffine()
      return concat([x, y].map(montgomery))
    }),
  )
}

/** Multiples of the generator of G2 as a `.zkey` holds them. */
export function g2(scalars: readonly number[]): Uint8Array {
  return concat(
    scalars.map((scalar) => {
      if (scalar === 0) return new Uint8Array(128)
      const { x, y } = bn254.G2.Point.BASE.multiply(BigInt(scalar)).toAffine()
      return concat([x.c0, x.c1, y.c0, y.c1].map(montgomery))
    }),
  )
}

/** An element of Fq as a `.zkey` holds it. */
export function montgomery(value: bigint): Uint8Array {
  return littleEndian((value * 2n ** 256n) % Q)
}

/** 32 bytes. */
export function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 255n))
}

/** Rows 0 to 3 of A and B, then the rows of the constant and the public signals, which A alone has. */
function entries(): Uint8Array {
  const list: [matrix: number, row: number, wire: number, coefficient: bigint][] = []
  for (let row = 0; row < 4; row++) {
    list.push([0, row, row, 1n], [0, row, row + 5, R - 1n], [1, row, row + 4, 5n + BigInt(row)])
  }
  for (let wire = 0; wire < 3; wire++) list.push([0, 4 + wire, wire, 1n])
  return concat(
    list.map(([matrix, row, wire, coefficient]) => {
      const entry = new Uint8Array(ENTRY_BYTES)
      for (const [index, value] of [matrix, row, wire].entries()) entry[4 * index] = value
      entry.set(littleEndian((coefficient * 2n ** 512n) % R), 12)
      return entry
    }),
  )
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
