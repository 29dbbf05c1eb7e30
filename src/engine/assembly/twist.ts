import { Fq2 } from './fq2'
import { TWIST_B } from './generated/curve-constants'
import { ROOTS_1, ROOTS_2, ROOTS_3 } from './generated/pairing-constants'

const A = memory.data(72, 16)
const B = memory.data(72, 16)

/** Whether y² = x³ + 3/ξ at an affine point of 144 bytes, x first. */
export function isOnTwist(point: usize): bool {
  const x = changetype<Fq2>(point),
    a = changetype<Fq2>(A),
    b = changetype<Fq2>(B)
  twistSquare(a, x)
  b.sqrSub(changetype<Fq2>(point + 72), a)
  return b.isZero()
}

/** y2 = x³ + 3/ξ. */
export function twistSquare(y2: Fq2, x: Fq2): void {
  const minus = changetype<Fq2>(B)
  minus.neg(changetype<Fq2>(TWIST_B))
  y2.sqr(x)
  y2.mulSub(y2, x, minus)
}

/**
 * ψQ, −ψ²Q and −ψ³Q, affine, one behind the other: ψ is the q-power Frobenius of the curve carried over to the twist,
 * (x̄·ξ^((q − 1)/3), ȳ·ξ^((q − 1)/2)) (Galbraith and Scott, "Exponentiation in Pairing-Friendly Groups Using
 * Homomorphisms", 2008).
 */
export function frobeniusImages(images: usize, q: usize): void {
  const x = changetype<Fq2>(q),
    y = changetype<Fq2>(q + 72),
    t = changetype<Fq2>(A)
  t.conjugate(x)
  changetype<Fq2>(images).mul(t, changetype<Fq2>(ROOTS_1 + 72))
  changetype<Fq2>(images + 288).mul(t, changetype<Fq2>(ROOTS_3 + 72))
  changetype<Fq2>(images + 144).mul(x, changetype<Fq2>(ROOTS_2 + 72))
  t.conjugate(y)
  changetype<Fq2>(images + 72).mul(t, changetype<Fq2>(ROOTS_1 + 144))
  t.neg(t)
  changetype<Fq2>(images + 360).mul(t, changetype<Fq2>(ROOTS_3 + 144))
  t.neg(y)
  changetype<Fq2>(images + 216).mul(t, changetype<Fq2>(ROOTS_2 + 144))
}

const ZERO = memory.data(72, 16)

/**
 * r = a·b, and r = a² below, by the kernels that subtract as well: a core keeps some thousand decoded instructions, and
 * the loops over lines run faster with two of the long kernels than with four.
 */
export function product(r: Fq2, a: Fq2, b: Fq2): void {
  r.mulSub(a, b, changetype<Fq2>(ZERO))
}

export function square(r: Fq2, a: Fq2): void {
  r.sqrSub(a, changetype<Fq2>(ZERO))
}
