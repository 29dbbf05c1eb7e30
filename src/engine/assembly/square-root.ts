import { Fq2 } from './fq2'
import { HALF } from './generated/curve-constants'
import { Fq } from './generated/fq'

const ROOT = memory.data(36, 16)
const NORM = memory.data(36, 16)
const T = memory.data(36, 16)
const W = memory.data(36, 16)
const CHECK = memory.data(72, 16)
const FOUND = memory.data(72, 16)

/**
 * r = a square root of a, either one; whether there is one. As q ≡ 3 mod 4, it is a^((q+1)/4) (Adj and Rodríguez-
 * Henríquez, "Square root computation over even extension fields", 2012, algorithm 2). a is a product, a sum or a
 * difference of two.
 */
export function fqSquareRoot(r: Fq, a: Fq): bool {
  const root = changetype<Fq>(ROOT),
    check = changetype<Fq>(CHECK)
  root.inverseRoot(a)
  root.mul(root, a)
  check.sqrSub(root, a)
  r.copy(root)
  return check.isZero()
}

/**
 * The same in Fq2, by two exponentiations and no inversion (the complex method, algorithm 8 of the same paper). With
 * s² = a₀² + a₁², t = (a₀ + s)/2 and w = t^((q−3)/4): where t is a square, (tw)² = t and w = 1/(tw), so the root is
 * tw + (a₁w/2)i. Where it is none, (tw)² = −t and w = −1/(tw), and the root is −a₁w/2 + (tw)i. a is a product or a
 * single difference.
 */
export function fq2SquareRoot(r: Fq2, a: Fq2): bool {
  const s = changetype<Fq>(NORM),
    t = changetype<Fq>(T),
    w = changetype<Fq>(W),
    half = changetype<Fq>(HALF),
    found = changetype<Fq2>(FOUND),
    check = changetype<Fq2>(CHECK)
  s.sqr(a.c0)
  t.sqr(a.c1)
  s.add(s, t)
  if (!fqSquareRoot(s, s)) return false
  t.add(a.c0, s)
  // a₁ = 0 and s = −a₀: the norm's other root serves.
  if (t.isZero()) t.dbl(a.c0)
  t.mul(t, half)
  w.inverseRoot(t)
  found.c0.mul(t, w)
  check.c0.sqrSub(found.c0, t)
  w.mul(w, half)
  found.c1.mul(a.c1, w)
  if (!check.c0.isZero()) {
    t.copy(found.c0)
    found.c0.neg(found.c1)
    found.c0.reduce(found.c0)
    found.c1.copy(t)
  }
  check.sqrSub(found, a)
  r.copy(found)
  return check.isZero()
}
