import { Fq2 } from './fq2'
import { Fq12 } from './fq12'
import {
  fq2Difference,
  fq2Double,
  fq2Less2,
  fq2LessXi,
  fq2MinusTriple,
  fq2MinusTripleAdd,
  fq2Negative,
  fq2Sum,
  fq2Triple,
  fq2TripleLess,
  fq2Xi,
  fq2XiAdd,
  fq2XiAdd2,
  fq2XiSub,
} from './generated/linear-kernel'

/** The arithmetic of Fq12 over addresses, for tests and measurements. */

export function fq12Mul(r: Fq12, a: Fq12, b: Fq12): void {
  r.mul(a, b)
}
export function fq12Sqr(r: Fq12, a: Fq12): void {
  r.sqr(a)
}
export function fq12CyclotomicSqr(r: Fq12, a: Fq12): void {
  r.cyclotomicSqr(a)
}
export function fq12Inverse(r: Fq12, a: Fq12): void {
  r.inverse(a)
}
export function fq12Conjugate(r: Fq12, a: Fq12): void {
  r.conjugate(a)
}
export function fq12Frobenius(r: Fq12, a: Fq12, power: i32): void {
  if (power === 1) r.frobenius(a)
  else if (power === 2) r.frobenius2(a)
  else r.frobenius3(a)
}
/** r = r·(l0 + l1·w + l3·w³), l0 being 1 where `l0` is 0. */
export function fq12MulByLine(r: Fq12, l0: usize, l1: Fq2, l3: Fq2): void {
  if (l0) r.mulByLine(changetype<Fq2>(l0), l1, l3)
  else r.mulByUnitLine(l1, l3)
}
export function fq12FromBytes(r: Fq12, bytes: usize): void {
  r.fromBytes(bytes)
}
export function fq12ToBytes(bytes: usize, a: Fq12): void {
  a.toBytes(bytes)
}

/** One of the sums that the tower is made of, by its place in this list. */
export function towerSum(kind: i32, r: usize, x: usize, y: usize, z: usize): void {
  if (kind === 0) fq2Sum(r, x, y)
  else if (kind === 1) fq2Difference(r, x, y)
  else if (kind === 2) fq2Less2(r, x, y, z)
  else if (kind === 3) fq2Double(r, x)
  else if (kind === 4) fq2Negative(r, x)
  else if (kind === 5) fq2Triple(r, x)
  else if (kind === 6) fq2MinusTriple(r, x)
  else if (kind === 7) fq2TripleLess(r, x, y)
  else if (kind === 8) fq2MinusTripleAdd(r, x, y)
  else if (kind === 9) fq2Xi(r, x)
  else if (kind === 10) fq2XiAdd(r, x, y)
  else if (kind === 11) fq2XiSub(r, x, y)
  else if (kind === 12) fq2XiAdd2(r, x, y, z)
  else fq2LessXi(r, x, y, z)
}
