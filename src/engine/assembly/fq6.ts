import { Fq2 } from './fq2'
import { fq2MulAdd } from './generated/fq2-kernel'
import { fq2Difference, fq2Negative, fq2Sum, fq2Xi, fq2XiAdd, fq2XiAdd2, fq2XiSub } from './generated/linear-kernel'

const V0 = memory.data(72, 16)
const V1 = memory.data(72, 16)
const V2 = memory.data(72, 16)
const S = memory.data(72, 16)
const T = memory.data(72, 16)
const E = memory.data(72, 16)
/** Added where nothing is: one kernel for all products stays in a core's cache of decoded instructions, two do not. */
const ZERO = memory.data(72, 16)
const M0 = memory.data(72, 16)
const M1 = memory.data(72, 16)

/**
 * c0 + c1·v + c2·v² with v³ = ξ = 9 + i over {@link Fq2}: 216 bytes, c0 first. All operands are tight, part by part,
 * and so is every result, but where {@link add}, {@link sub} and {@link neg} work limb by limb.
 */
@unmanaged
export class Fq6 {
  @inline get c0(): Fq2 {
    return changetype<Fq2>(changetype<usize>(this))
  }
  @inline get c1(): Fq2 {
    return changetype<Fq2>(changetype<usize>(this) + 72)
  }
  @inline get c2(): Fq2 {
    return changetype<Fq2>(changetype<usize>(this) + 144)
  }

  /**
   * Six products of Fq2 (Devegili et al., "Multiplication and Squaring on Pairing-Friendly Fields", 2006, §4), the
   * cross terms by (aᵢ − aⱼ)(bⱼ − bᵢ) + aᵢbᵢ + aⱼbⱼ: differences stay in the bounds of a product, sums would not.
   */
  mul(a: Fq6, b: Fq6): void {
    const v0 = changetype<Fq2>(V0),
      v1 = changetype<Fq2>(V1),
      v2 = changetype<Fq2>(V2),
      s = changetype<Fq2>(S),
      t = changetype<Fq2>(T)
    fq2MulAdd(V0, changetype<usize>(a), changetype<usize>(b), ZERO)
    fq2MulAdd(V1, changetype<usize>(a) + 72, changetype<usize>(b) + 72, ZERO)
    fq2MulAdd(V2, changetype<usize>(a) + 144, changetype<usize>(b) + 144, ZERO)
    const e = changetype<Fq2>(E)
    s.sub(a.c1, a.c2)
    t.sub(b.c2, b.c1)
    e.add(v1, v2)
    fq2MulAdd(M0, S, T, E)
    s.sub(a.c0, a.c1)
    t.sub(b.c1, b.c0)
    e.add(v0, v1)
    fq2MulAdd(M1, S, T, E)
    s.sub(a.c0, a.c2)
    t.sub(b.c2, b.c0)
    e.add(e, v2)
    const r = changetype<usize>(this)
    fq2MulAdd(r + 144, S, T, E)
    fq2XiAdd(r, M0, V0)
    fq2XiAdd(r + 72, V2, M1)
  }

  /** this = e + a·(b0 + b1·v), five products; b10 = b1 − b0. this ≠ a. */
  mulSparseAdd(a: Fq6, b0: Fq2, b1: Fq2, b10: Fq2, e: Fq6): void {
    sparse(a, b0, b1, b10, e.c1, e.c2)
    const r = changetype<usize>(this)
    changetype<Fq2>(r + 72).copy(changetype<Fq2>(M0))
    changetype<Fq2>(r + 144).copy(changetype<Fq2>(M1))
    fq2XiAdd2(r, S, V0, changetype<usize>(e))
  }

  /** this = e + v·a·(b0 + b1·v), five products; b10 = b1 − b0. this ≠ a. */
  mulSparseShiftAdd(a: Fq6, b0: Fq2, b1: Fq2, b10: Fq2, e: Fq6): void {
    sparse(a, b0, b1, b10, e.c2, changetype<Fq2>(ZERO))
    const r = changetype<usize>(this),
      y = changetype<usize>(e)
    changetype<Fq2>(r + 144).copy(changetype<Fq2>(M0))
    fq2XiAdd2(r + 72, S, V0, y + 72)
    fq2XiAdd(r, M1, y)
  }

  /** this = a·b for b in Fq2. */
  scale(a: Fq6, b: Fq2): void {
    this.c0.mul(a.c0, b)
    this.c1.mul(a.c1, b)
    this.c2.mul(a.c2, b)
  }

  /** this = a + b, carried. */
  sum(a: Fq6, b: Fq6): void {
    const r = changetype<usize>(this),
      x = changetype<usize>(a),
      y = changetype<usize>(b)
    fq2Sum(r, x, y)
    fq2Sum(r + 72, x + 72, y + 72)
    fq2Sum(r + 144, x + 144, y + 144)
  }

  /** this = a − b, carried. */
  difference(a: Fq6, b: Fq6): void {
    const r = changetype<usize>(this),
      x = changetype<usize>(a),
      y = changetype<usize>(b)
    fq2Difference(r, x, y)
    fq2Difference(r + 72, x + 72, y + 72)
    fq2Difference(r + 144, x + 144, y + 144)
  }

  /** this = −a, carried. */
  negative(a: Fq6): void {
    const r = changetype<usize>(this),
      x = changetype<usize>(a)
    fq2Negative(r, x)
    fq2Negative(r + 72, x + 72)
    fq2Negative(r + 144, x + 144)
  }

  /** this = a + v·b, carried. this ≠ b. */
  sumShifted(a: Fq6, b: Fq6): void {
    const r = changetype<usize>(this),
      x = changetype<usize>(a),
      y = changetype<usize>(b)
    fq2XiAdd(r, y + 144, x)
    fq2Sum(r + 72, x + 72, y)
    fq2Sum(r + 144, x + 144, y + 72)
  }

  add(a: Fq6, b: Fq6): void {
    this.c0.add(a.c0, b.c0)
    this.c1.add(a.c1, b.c1)
    this.c2.add(a.c2, b.c2)
  }
  sub(a: Fq6, b: Fq6): void {
    this.c0.sub(a.c0, b.c0)
    this.c1.sub(a.c1, b.c1)
    this.c2.sub(a.c2, b.c2)
  }
  neg(a: Fq6): void {
    this.c0.neg(a.c0)
    this.c1.neg(a.c1)
    this.c2.neg(a.c2)
  }
  copy(a: Fq6): void {
    memory.copy(changetype<usize>(this), changetype<usize>(a), 216)
  }
  reduce(a: Fq6): void {
    this.c0.reduce(a.c0)
    this.c1.reduce(a.c1)
    this.c2.reduce(a.c2)
  }
  setZero(): void {
    memory.fill(changetype<usize>(this), 0, 216)
  }
  setOne(): void {
    this.setZero()
    this.c0.setOne()
  }
  isZero(): bool {
    return this.c0.isZero() && this.c1.isZero() && this.c2.isZero()
  }

  /** 1/a, 0 for 0: the adjoint over the norm (Beuchat et al., "High-Speed Software Implementation", 2010, Alg. 17). */
  inverse(a: Fq6): void {
    const t0 = changetype<Fq2>(V0),
      t1 = changetype<Fq2>(V1),
      t2 = changetype<Fq2>(V2),
      m = changetype<Fq2>(M0),
      n = changetype<Fq2>(M1)
    // c0² − ξ·c1c2, ξ·c2² − c0c1, c1² − c0c2.
    m.mul(a.c1, a.c2)
    fq2Xi(M0, M0)
    t0.sqrSub(a.c0, m)
    m.sqr(a.c2)
    n.mul(a.c0, a.c1)
    fq2XiSub(V1, M0, M1)
    m.mul(a.c0, a.c2)
    t2.sqrSub(a.c1, m)
    // The norm, c0·t0 + ξ(c2·t1 + c1·t2).
    m.mul(a.c2, t1)
    fq2MulAdd(M0, changetype<usize>(a) + 72, V2, M0)
    n.mul(a.c0, t0)
    fq2XiAdd(M0, M0, M1)
    m.inverse(m)
    this.c0.mul(t0, m)
    this.c1.mul(t1, m)
    this.c2.mul(t2, m)
  }
}

/**
 * Of a·(b0 + b1·v): V0 = a0b0 and S = a2b1, of which the first part is V0 + ξS, M0 = the second part + e, M1 = the
 * third + f.
 */
function sparse(a: Fq6, b0: Fq2, b1: Fq2, b10: Fq2, e: Fq2, f: Fq2): void {
  const v0 = changetype<Fq2>(V0),
    v1 = changetype<Fq2>(V1),
    s = changetype<Fq2>(S),
    t = changetype<Fq2>(T)
  const x = changetype<usize>(a)
  fq2MulAdd(V0, x, changetype<usize>(b0), ZERO)
  fq2MulAdd(V1, x + 72, changetype<usize>(b1), ZERO)
  s.sub(a.c0, a.c1)
  t.add(v0, v1)
  t.add(t, e)
  fq2MulAdd(M0, S, changetype<usize>(b10), T)
  t.add(v1, f)
  fq2MulAdd(M1, x + 144, changetype<usize>(b0), T)
  fq2MulAdd(S, x + 144, changetype<usize>(b1), ZERO)
}
