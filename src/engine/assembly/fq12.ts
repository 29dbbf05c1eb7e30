import { Fq2 } from './fq2'
import { Fq6 } from './fq6'
import { Fq } from './generated/fq'
import {
  fq2Difference,
  fq2Double,
  fq2Less2,
  fq2LessXi,
  fq2MinusTripleAdd,
  fq2TripleLess,
  fq2Xi,
  fq2XiAdd,
} from './generated/linear-kernel'
import { ROOTS_1, ROOTS_2, ROOTS_3 } from './generated/pairing-constants'

const A = memory.data(216, 16)
const B = memory.data(216, 16)
const V0 = memory.data(216, 16)
const V1 = memory.data(216, 16)
const A2 = memory.data(72, 16)
const B2 = memory.data(72, 16)
const D2 = memory.data(72, 16)
const X = memory.data(72, 16)
const KEEP = memory.data(288, 16)
const L = memory.data(72, 16)

/** c0 + c1·w with w² = v over {@link Fq6}: 432 bytes, c0 first. Operands and results are tight, part by part. */
@unmanaged
export class Fq12 {
  @inline get c0(): Fq6 {
    return changetype<Fq6>(changetype<usize>(this))
  }
  @inline get c1(): Fq6 {
    return changetype<Fq6>(changetype<usize>(this) + 216)
  }

  /** Three products of Fq6, by Karatsuba with differences. */
  mul(a: Fq12, b: Fq12): void {
    const v0 = changetype<Fq6>(V0),
      v1 = changetype<Fq6>(V1),
      s = changetype<Fq6>(A),
      t = changetype<Fq6>(B)
    v0.mul(a.c0, b.c0)
    v1.mul(a.c1, b.c1)
    s.difference(a.c0, a.c1)
    t.difference(b.c1, b.c0)
    s.mul(s, t)
    t.add(v0, v1)
    this.c1.sum(s, t)
    this.c0.sumShifted(v0, v1)
  }

  /** Two products of Fq6: c0 = (a0 + a1)(a0 + v·a1) − a0a1 − v·a0a1, c1 = 2·a0a1. */
  sqr(a: Fq12): void {
    const s = changetype<Fq6>(A),
      t = changetype<Fq6>(B),
      m = changetype<Fq6>(V0)
    s.sum(a.c0, a.c1)
    t.sumShifted(a.c0, a.c1)
    m.mul(a.c0, a.c1)
    s.mul(s, t)
    const r = changetype<usize>(this)
    fq2LessXi(r, V0 + 144, A, V0)
    fq2Less2(r + 72, A + 72, V0 + 72, V0)
    fq2Less2(r + 144, A + 144, V0 + 144, V0 + 72)
    fq2Double(r + 216, V0)
    fq2Double(r + 288, V0 + 72)
    fq2Double(r + 360, V0 + 144)
  }

  /** this = this·(1 + l1·w + l3·w³): ten products of Fq2. */
  mulByUnitLine(l1: Fq2, l3: Fq2): void {
    const difference = changetype<Fq2>(D2),
      c0 = changetype<Fq6>(A)
    difference.sub(l3, l1)
    c0.mulSparseShiftAdd(this.c1, l1, l3, difference, this.c0)
    const c1 = changetype<Fq6>(B)
    c1.mulSparseAdd(this.c0, l1, l3, difference, this.c1)
    this.c0.copy(c0)
    this.c1.copy(c1)
  }

  /** this = this·(l0 + l1·w + l3·w³), all tight: thirteen products of Fq2. */
  mulByLine(l0: Fq2, l1: Fq2, l3: Fq2): void {
    const zero = changetype<Fq6>(V1),
      v0 = changetype<Fq6>(A),
      v1 = changetype<Fq6>(B),
      s = changetype<Fq6>(V0),
      difference = changetype<Fq2>(D2),
      l10 = changetype<Fq2>(L)
    zero.setZero()
    v0.scale(this.c0, l0)
    difference.sub(l3, l1)
    v1.mulSparseAdd(this.c1, l1, l3, difference, zero)
    // (c0 − c1)((l1 − l0) + l3·v) + v0 + v1 is the part of w.
    s.difference(this.c0, this.c1)
    this.c0.sumShifted(v0, v1)
    v0.sum(v0, v1)
    fq2Difference(L, changetype<usize>(l1), changetype<usize>(l0))
    difference.sub(l3, l10)
    this.c1.mulSparseAdd(s, l10, l3, difference, v0)
  }

  /** The inverse of an element of norm 1 over Fq6. */
  conjugate(a: Fq12): void {
    this.c0.copy(a.c0)
    this.c1.negative(a.c1)
  }

  /** 1/a, 0 for 0. */
  inverse(a: Fq12): void {
    const norm = changetype<Fq6>(V0),
      t = changetype<Fq6>(V1)
    // c0² − v·c1².
    norm.mul(a.c0, a.c0)
    t.mul(a.c1, a.c1)
    fq2LessXi(V0, V1 + 144, V0, ZERO)
    fq2Difference(V0 + 72, V0 + 72, V1)
    fq2Difference(V0 + 144, V0 + 144, V1 + 72)
    norm.inverse(norm)
    t.negative(norm)
    this.c0.mul(a.c0, norm)
    this.c1.mul(a.c1, t)
  }

  /**
   * a² for a of the cyclotomic subgroup, a^(q⁴ − q² + 1) = 1: nine squarings of Fq2 (Granger and Scott, "Faster
   * Squaring in the Cyclotomic Subgroup of Sixth Degree Extensions", 2010, §3.2).
   */
  cyclotomicSqr(a: Fq12): void {
    const r = changetype<usize>(this),
      x = changetype<usize>(a)
    // Pairs over Fq4 = Fq2[w³]: (1, w³), (w, w⁴), (w², w⁵).
    fq4Square(KEEP, KEEP + 72, x + 216, x + 144)
    fq4Square(KEEP + 144, KEEP + 216, x + 72, x + 360)
    fq4Square(A, B, x, x + 288)
    fq2TripleLess(r, A, x)
    fq2MinusTripleAdd(r + 288, B, x + 288)
    fq2TripleLess(r + 72, KEEP, x + 72)
    fq2MinusTripleAdd(r + 360, KEEP + 72, x + 360)
    fq2Xi(KEEP + 216, KEEP + 216)
    fq2MinusTripleAdd(r + 216, KEEP + 216, x + 216)
    fq2TripleLess(r + 144, KEEP + 144, x + 144)
  }

  /** a^q. */
  frobenius(a: Fq12): void {
    this.conjugateParts(a)
    this.multiplyParts(ROOTS_1)
  }
  /** a^(q²). */
  frobenius2(a: Fq12): void {
    this.copy(a)
    this.multiplyParts(ROOTS_2)
  }
  /** a^(q³). */
  frobenius3(a: Fq12): void {
    this.conjugateParts(a)
    this.multiplyParts(ROOTS_3)
  }

  private conjugateParts(a: Fq12): void {
    for (let offset: usize = 0; offset < 432; offset += 72) {
      changetype<Fq2>(changetype<usize>(this) + offset).conjugate(changetype<Fq2>(changetype<usize>(a) + offset))
    }
    this.c0.c0.c1.reduce(this.c0.c0.c1)
  }

  /** The part of w^k times the k-th of `roots`. */
  private multiplyParts(roots: usize): void {
    this.c1.c0.mul(this.c1.c0, changetype<Fq2>(roots))
    this.c0.c1.mul(this.c0.c1, changetype<Fq2>(roots + 72))
    this.c1.c1.mul(this.c1.c1, changetype<Fq2>(roots + 144))
    this.c0.c2.mul(this.c0.c2, changetype<Fq2>(roots + 216))
    this.c1.c2.mul(this.c1.c2, changetype<Fq2>(roots + 288))
  }

  copy(a: Fq12): void {
    memory.copy(changetype<usize>(this), changetype<usize>(a), 432)
  }
  setOne(): void {
    this.c0.setOne()
    this.c1.setZero()
  }
  isOne(): bool {
    const one = changetype<Fq>(X)
    one.setOne()
    const c = this.c0.c0
    return c.c0.equals(one) && c.c1.isZero() && this.c0.c1.isZero() && this.c0.c2.isZero() && this.c1.isZero()
  }
  /** 384 bytes: twelve elements of Fq, 32 bytes little-endian each, in the order of memory. */
  toBytes(bytes: usize): void {
    for (let part: usize = 0; part < 12; part++)
      changetype<Fq>(changetype<usize>(this) + 36 * part).toBytes(bytes + 32 * part)
  }
  fromBytes(bytes: usize): void {
    for (let part: usize = 0; part < 12; part++)
      changetype<Fq>(changetype<usize>(this) + 36 * part).fromBytes(bytes + 32 * part)
  }
}

const ZERO = memory.data(72, 16)

/** a² + ξb² and −2ab: of the square of a + b·w³ one part, and the opposite of the other. */
function fq4Square(square: usize, minusDouble: usize, a: usize, b: usize): void {
  const a2 = changetype<Fq2>(A2),
    b2 = changetype<Fq2>(B2),
    difference = changetype<Fq2>(D2)
  difference.sub(changetype<Fq2>(a), changetype<Fq2>(b))
  a2.sqr(changetype<Fq2>(a))
  b2.sqr(changetype<Fq2>(b))
  fq2XiAdd(square, B2, A2)
  a2.add(a2, b2)
  changetype<Fq2>(minusDouble).sqrSub(difference, a2)
}
