import { Affine, Xyzz } from './curve'
import { finalExponentiation } from './final-exponentiation'
import { Fq12 } from './fq12'
import { Fq } from './generated/fq'
import { LINE_COUNT } from './generated/pairing-constants'
import { millerLoop } from './miller'
import { decompressG1, decompressTwist } from './point-reading'
import { LINE_BYTES, twistLines } from './twist-lines'
import { UNIT_LINE_BYTES, UNIT_LINE_WORK, unitLines } from './unit-lines'
import { WEIGHT_WORK } from './weights'

/** What the host takes of the pairing: sizes, then points, lines, products. */

export function pairingLineBytes(): usize {
  return LINE_BYTES * LINE_COUNT
}
export function pairingUnitLineBytes(): usize {
  return UNIT_LINE_BYTES * LINE_COUNT
}
export function pairingUnitLineWork(): usize {
  return UNIT_LINE_WORK
}
export function pairingWeightWork(): usize {
  return WEIGHT_WORK
}

/** 128 bytes of a proof → A, C and B, affine, one behind the other; false for no encoding of three points. */
export function pairingReadProof(points: usize, bytes: usize): bool {
  return (
    decompressG1(points, bytes) && decompressG1(points + 72, bytes + 96) && decompressTwist(points + 144, bytes + 32)
  )
}

/** The lines of one point of the twist; false where it is not in G2. */
export function pairingLines(lines: usize, point: usize): bool {
  return twistLines(lines, point)
}

export function pairingUnitLines(
  lines: usize,
  stride: usize,
  points: usize,
  outside: usize,
  count: i32,
  work: usize,
): void {
  unitLines(lines, stride, points, outside, count, work)
}

const RUNNING = memory.data(36, 16)
const INVERSE = memory.data(36, 16)

/** An affine point as a sum, or its opposite. */
export function pairingFromAffine(r: Xyzz<Fq>, point: Affine<Fq>): void {
  r.fromAffine(point)
}
export function pairingNegate(r: Xyzz<Fq>): void {
  r.negate(r)
}

/**
 * −x/y and 1/y of `count` points of G1, 0 and 0 for infinity, with one inversion. No point of G1 has y = 0. Behind the
 * results, 72 bytes each, `work` is room for an element per point.
 */
export function pairingArguments(results: usize, points: usize, count: i32, work: usize): void {
  const running = changetype<Fq>(RUNNING),
    inverse = changetype<Fq>(INVERSE)
  running.setOne()
  for (let index: usize = 0; index < <usize>count; index++) {
    const point = changetype<Xyzz<Fq>>(points + 144 * index),
      denominator = changetype<Fq>(results + 72 * index)
    if (point.isInfinity()) denominator.setOne()
    else denominator.mul(point.y, point.zz)
    changetype<Fq>(work + 36 * index).copy(running)
    running.mul(running, denominator)
  }
  running.inverse(running)
  for (let index: usize = count; index-- > 0; ) {
    const point = changetype<Xyzz<Fq>>(points + 144 * index),
      first = changetype<Fq>(results + 72 * index),
      second = changetype<Fq>(results + 72 * index + 36)
    inverse.mul(running, changetype<Fq>(work + 36 * index))
    running.mul(running, first)
    // −X·ZZZ/(Y·ZZ) and ZZ·ZZZ/(Y·ZZ).
    inverse.mul(inverse, point.zzz)
    first.mul(inverse, point.x)
    first.neg(first)
    second.mul(inverse, point.zz)
  }
}

export function pairingMiller(f: Fq12, pairs: usize, count: i32): void {
  millerLoop(f, pairs, count)
}
export function pairingMultiply(f: Fq12, g: Fq12): void {
  f.mul(f, g)
}
export function pairingFinish(r: Fq12, f: Fq12): void {
  finalExponentiation(r, f)
}
export function pairingIsOne(f: Fq12): bool {
  return f.isOne()
}
export function pairingToBytes(bytes: usize, f: Fq12): void {
  f.toBytes(bytes)
}
