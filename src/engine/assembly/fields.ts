import { Fq2 } from './fq2'
import { Fq } from './generated/fq'
import { Fr } from './generated/fr'

/** The arithmetic of one field over addresses, for tests and for what is not worth a kernel of its own. */

export function fqMul(r: Fq, a: Fq, b: Fq): void {
  r.mul(a, b)
}
export function fqSqr(r: Fq, a: Fq): void {
  r.sqr(a)
}
export function fqMulSub(r: Fq, a: Fq, b: Fq, e: Fq): void {
  r.mulSub(a, b, e)
}
export function fqSqrSub(r: Fq, a: Fq, e: Fq): void {
  r.sqrSub(a, e)
}
export function fqAdd(r: Fq, a: Fq, b: Fq): void {
  r.add(a, b)
}
export function fqSub(r: Fq, a: Fq, b: Fq): void {
  r.sub(a, b)
}
export function fqReduce(r: Fq, a: Fq): void {
  r.reduce(a)
}
export function fqInverse(r: Fq, a: Fq): void {
  r.inverse(a)
}
export function fqIsZero(a: Fq): bool {
  return a.isZero()
}
export function fqFromBytes(r: Fq, bytes: usize): void {
  r.fromBytes(bytes)
}
export function fqToBytes(bytes: usize, a: Fq): void {
  a.toBytes(bytes)
}

export function frMul(r: Fr, a: Fr, b: Fr): void {
  r.mul(a, b)
}
export function frSqr(r: Fr, a: Fr): void {
  r.sqr(a)
}
export function frAdd(r: Fr, a: Fr, b: Fr): void {
  r.add(a, b)
}
export function frSub(r: Fr, a: Fr, b: Fr): void {
  r.sub(a, b)
}
export function frInverse(r: Fr, a: Fr): void {
  r.inverse(a)
}
export function frFromBytes(r: Fr, bytes: usize): void {
  r.fromBytes(bytes)
}
export function frToBytes(bytes: usize, a: Fr): void {
  a.toBytes(bytes)
}

export function fq2Mul(r: Fq2, a: Fq2, b: Fq2): void {
  r.mul(a, b)
}
export function fq2MulSub(r: Fq2, a: Fq2, b: Fq2, e: Fq2): void {
  r.mulSub(a, b, e)
}
export function fq2Sqr(r: Fq2, a: Fq2): void {
  r.sqr(a)
}
export function fq2SqrSub(r: Fq2, a: Fq2, e: Fq2): void {
  r.sqrSub(a, e)
}
export function fq2Inverse(r: Fq2, a: Fq2): void {
  r.inverse(a)
}
export function fq2FromBytes(r: Fq2, bytes: usize): void {
  r.fromBytes(bytes)
}
export function fq2ToBytes(bytes: usize, a: Fq2): void {
  a.toBytes(bytes)
}
