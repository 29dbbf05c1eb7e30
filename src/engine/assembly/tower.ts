import { Fq2 } from './fq2'
import { Fq12 } from './fq12'

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
