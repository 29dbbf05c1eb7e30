import { Affine, forgetTemporaries, Xyzz } from './curve'
import { Fq2 } from './fq2'
import { Fq } from './generated/fq'

/** Operations on single points, in and out as x·2^256 mod q, infinity as zeros: what assembling a proof takes. */

const P = memory.data(2 * 72, 16)
const Q = memory.data(2 * 72, 16)
const SUM = memory.data(4 * 72, 16)

function add<F>(r: usize, a: usize, b: usize): void {
  const p = changetype<Affine<F>>(P)
  const q = changetype<Affine<F>>(Q)
  const sum = changetype<Xyzz<F>>(SUM)
  p.fromMontgomery256(a)
  q.fromMontgomery256(b)
  sum.fromAffine(p)
  sum.addMixed(sum, q)
  sum.toAffine(p)
  p.toMontgomery256(r)
  forget<F>()
}

function multiply<F>(r: usize, point: usize, words: usize): void {
  const p = changetype<Affine<F>>(P)
  const sum = changetype<Xyzz<F>>(SUM)
  p.fromMontgomery256(point)
  sum.multiply(p, words)
  sum.toAffine(p)
  p.toMontgomery256(r)
  forget<F>()
}

/** Points on the way to a proof may tell of what blinds it. */
function forget<F>(): void {
  memory.fill(P, 0, 2 * 72)
  memory.fill(Q, 0, 2 * 72)
  memory.fill(SUM, 0, 4 * 72)
  forgetTemporaries<F>()
}

export function g1AddPoints(r: usize, a: usize, b: usize): void {
  add<Fq>(r, a, b)
}
export function g1MultiplyPoint(r: usize, point: usize, words: usize): void {
  multiply<Fq>(r, point, words)
}
export function g2AddPoints(r: usize, a: usize, b: usize): void {
  add<Fq2>(r, a, b)
}
export function g2MultiplyPoint(r: usize, point: usize, words: usize): void {
  multiply<Fq2>(r, point, words)
}
