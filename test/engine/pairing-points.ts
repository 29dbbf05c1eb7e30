import { bn254 } from '@noble/curves/bn254.js'
import type { KeyPoints } from '../../src/engine/pairing-key.ts'
import { R } from '../../src/engine/parameters.ts'
import { encodeProof } from '../../src/protocol/proof.ts'
import { littleEndian, modulo } from './field-values.ts'

const { G1, G2 } = bn254
const { Fr, Fp2 } = bn254.fields

export type G1Point = typeof G1.Point.BASE
export type G2Point = typeof G2.Point.BASE
/** An element of Fq12. */
export type Element12 = ReturnType<typeof bn254.pairing>

/** Integers as 32 bytes little-endian each. */
export function littleEndians(...values: bigint[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(values.flatMap((value) => [...littleEndian(value)]))
}

/** 64 bytes, all zeros for infinity. */
export function g1Bytes(point: G1Point): Uint8Array<ArrayBuffer> {
  const { x, y } = point.toAffine()
  return littleEndians(x, y)
}

/** 128 bytes, all zeros for infinity. */
export function g2Bytes(point: G2Point): Uint8Array<ArrayBuffer> {
  const { x, y } = point.toAffine()
  return littleEndians(x.c0, x.c1, y.c0, y.c1)
}

/** The coefficients of an element of Fq12 in the engine's order. */
export function fq12Parts({ c0, c1 }: Element12): bigint[] {
  return [c0, c1].flatMap((half) => [half.c0, half.c1, half.c2].flatMap((part) => [part.c0, part.c1]))
}

export function fq12Bytes(element: Element12): Uint8Array<ArrayBuffer> {
  return littleEndians(...fq12Parts(element))
}

export function multiplyG1(scalar: bigint): G1Point {
  return scalar % R === 0n ? G1.Point.ZERO : G1.Point.BASE.multiply(modulo(scalar, R))
}

export function multiplyG2(scalar: bigint): G2Point {
  return scalar % R === 0n ? G2.Point.ZERO : G2.Point.BASE.multiply(modulo(scalar, R))
}

/** A point of the twist from x alone, undefined where none has it. Almost none is in G2. */
export function twistPoint(c0: bigint, c1: bigint): G2Point | undefined {
  const x = Fp2.create({ c0, c1 })
  const b = Fp2.div(Fp2.create({ c0: 3n, c1: 0n }), Fp2.create({ c0: 9n, c1: 1n }))
  try {
    return G2.Point.fromAffine({ x, y: Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b)) })
  } catch {
    return undefined
  }
}

/** Any multiple of any point of the twist, by doubling and adding: noble's own takes scalars below r. */
export function times(point: G2Point, scalar: bigint): G2Point {
  let result = G2.Point.ZERO
  for (const bit of scalar.toString(2)) {
    result = result.double()
    if (bit === '1') result = result.add(point)
  }
  return result
}

/** The numbers behind a verification key: who knows them proves anything under it (Groth 2016, §3.2). */
export type Trapdoor = { alpha: bigint; beta: bigint; gamma: bigint; delta: bigint; inputs: readonly bigint[] }

export function keyPoints({ alpha, beta, gamma, delta, inputs }: Trapdoor): KeyPoints {
  return {
    alpha: g1Bytes(multiplyG1(alpha)),
    beta: g2Bytes(multiplyG2(beta)),
    gamma: g2Bytes(multiplyG2(gamma)),
    delta: g2Bytes(multiplyG2(delta)),
    inputs: inputs.map((input) => g1Bytes(multiplyG1(input))),
  }
}

/** A proof of exactly these signals with A = a·G1 and B = b·G2, on the wire, by the trapdoor. */
export function simulateProof(trapdoor: Trapdoor, signals: readonly bigint[], [a, b]: readonly [bigint, bigint]) {
  const { alpha, beta, gamma, delta, inputs } = trapdoor
  const input = signals.reduce((sum, signal, index) => sum + signal * (inputs[index + 1] ?? 0n), inputs[0] ?? 0n)
  const c = Fr.div(modulo(a * b - alpha * beta - input * gamma, R), delta)
  return wireProof(multiplyG1(a), multiplyG2(b), multiplyG1(c))
}

/** The 128 bytes of three points. */
export function wireProof(a: G1Point, b: G2Point, c: G1Point): Uint8Array<ArrayBuffer> {
  const [pointA, { x, y }, pointC] = [a.toAffine(), b.toAffine(), c.toAffine()]
  return encodeProof({
    a: [pointA.x, pointA.y],
    b: [
      [x.c0, x.c1],
      [y.c0, y.c1],
    ],
    c: [pointC.x, pointC.y],
  })
}
