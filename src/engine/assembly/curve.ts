import { Fq2 } from './fq2'
import { Fq } from './generated/fq'

/**
 * Points of y² = x³ + b over a field F: Fq for G1, Fq2 for G2. Classes stand for addresses, as the fields' do, and
 * b appears in no formula. Temporaries stand at fixed addresses.
 */

const TEMPORARIES = memory.data(72 * 10, 16)

/** Overwrites what operations on secrets left behind, at the field's own fixed addresses too. */
export function forgetTemporaries<F>(): void {
  const one = temporary<F>(0)
  one.setOne()
  one.inverse(one)
  one.equals(one)
  one.toMontgomery256(TEMPORARIES)
  memory.fill(TEMPORARIES, 0, 72 * 10)
}

function temporary<F>(index: usize): F {
  return changetype<F>(TEMPORARIES + 72 * index)
}

/** x, then y; infinity is (0, 0), which lies on no curve with b ≠ 0. Coordinates as products leave them. */
@unmanaged
export class Affine<F> {
  @inline get x(): F {
    return changetype<F>(changetype<usize>(this))
  }
  @inline get y(): F {
    return changetype<F>(changetype<usize>(this) + offsetof<F>())
  }

  @inline copy(p: Affine<F>): void {
    this.x.copy(p.x)
    this.y.copy(p.y)
  }
  @inline setInfinity(): void {
    this.x.setZero()
    this.y.setZero()
  }
  isInfinity(): bool {
    return this.x.isZero() && this.y.isZero()
  }
  fromMontgomery256(words: usize): void {
    this.x.fromMontgomery256(words)
    this.y.fromMontgomery256(words + coordinateBytes<F>())
  }
  toMontgomery256(words: usize): void {
    this.x.toMontgomery256(words)
    this.y.toMontgomery256(words + coordinateBytes<F>())
  }
}

/** Bytes of a coordinate outside: 32 for each of its parts in Fq. */
export function coordinateBytes<F>(): usize {
  return (offsetof<F>() / offsetof<Fq>()) * 32
}

/**
 * (X, Y, ZZ, ZZZ) with x = X/ZZ, y = Y/ZZZ, ZZ³ = ZZZ²; infinity has ZZ = 0 (Sutherland's coordinates "xyzz" of
 * the Explicit-Formulas Database, short Weierstrass, a = 0). Every operation takes every case, and may write over
 * its operands.
 */
@unmanaged
export class Xyzz<F> {
  @inline get x(): F {
    return changetype<F>(changetype<usize>(this))
  }
  @inline get y(): F {
    return changetype<F>(changetype<usize>(this) + offsetof<F>())
  }
  @inline get zz(): F {
    return changetype<F>(changetype<usize>(this) + 2 * offsetof<F>())
  }
  @inline get zzz(): F {
    return changetype<F>(changetype<usize>(this) + 3 * offsetof<F>())
  }

  @inline setInfinity(): void {
    this.x.setZero()
    this.y.setZero()
    this.zz.setZero()
    this.zzz.setZero()
  }
  @inline isInfinity(): bool {
    return this.zz.isZero()
  }
  copy(p: Xyzz<F>): void {
    this.x.copy(p.x)
    this.y.copy(p.y)
    this.zz.copy(p.zz)
    this.zzz.copy(p.zzz)
  }
  fromAffine(p: Affine<F>): void {
    if (p.isInfinity()) {
      this.setInfinity()
      return
    }
    this.x.copy(p.x)
    this.y.copy(p.y)
    this.zz.setOne()
    this.zzz.setOne()
  }
  /** this = −p. */
  negate(p: Xyzz<F>): void {
    if (changetype<usize>(this) !== changetype<usize>(p)) this.copy(p)
    this.y.neg(this.y)
    this.y.reduce(this.y)
  }

  /** this = 2p: dbl-2008-s-1. */
  double(p: Xyzz<F>): void {
    const u = temporary<F>(0)
    const v = temporary<F>(1)
    const w = temporary<F>(2)
    const s = temporary<F>(3)
    const m = temporary<F>(4)
    const t = temporary<F>(5)
    if (p.y.isZero()) {
      this.setInfinity()
      return
    }
    u.dbl(p.y)
    u.reduce(u)
    v.sqr(u)
    w.mul(u, v)
    s.mul(p.x, v)
    t.sqr(p.x)
    m.dbl(t)
    m.add(m, t)
    m.reduce(m)
    u.mul(w, p.y)
    t.dbl(s)
    this.x.sqrSub(m, t)
    s.sub(s, this.x)
    this.y.mulSub(m, s, u)
    this.zz.mul(v, p.zz)
    this.zzz.mul(w, p.zzz)
  }

  /** this = p + q: madd-2008-s. */
  addMixed(p: Xyzz<F>, q: Affine<F>): void {
    if (q.isInfinity()) {
      this.copy(p)
      return
    }
    if (p.isInfinity()) {
      this.fromAffine(q)
      return
    }
    const u = temporary<F>(0)
    const s = temporary<F>(1)
    u.mul(q.x, p.zz)
    u.sub(u, p.x)
    s.mul(q.y, p.zzz)
    s.sub(s, p.y)
    if (u.isZero()) {
      if (s.isZero()) this.double(p)
      else this.setInfinity()
      return
    }
    this.finish(p.x, p.y, u, s)
    this.zz.mul(p.zz, temporary<F>(2))
    this.zzz.mul(p.zzz, temporary<F>(3))
  }

  /** this = p + q: add-2008-s. */
  add(p: Xyzz<F>, q: Xyzz<F>): void {
    if (q.isInfinity()) {
      this.copy(p)
      return
    }
    if (p.isInfinity()) {
      this.copy(q)
      return
    }
    const u = temporary<F>(0)
    const s = temporary<F>(1)
    const u1 = temporary<F>(6)
    const s1 = temporary<F>(7)
    u1.mul(p.x, q.zz)
    s1.mul(p.y, q.zzz)
    u.mul(q.x, p.zz)
    u.sub(u, u1)
    s.mul(q.y, p.zzz)
    s.sub(s, s1)
    if (u.isZero()) {
      if (s.isZero()) this.double(p)
      else this.setInfinity()
      return
    }
    const t = temporary<F>(8)
    const zzz = temporary<F>(9)
    t.mul(p.zz, q.zz)
    zzz.mul(p.zzz, q.zzz)
    this.finish(u1, s1, u, s)
    this.zz.mul(t, temporary<F>(2))
    this.zzz.mul(zzz, temporary<F>(3))
  }

  /** X and Y of a sum from X₁, Y₁ and the differences P and R; leaves P² and P³ in the temporaries 2 and 3. */
  private finish(x: F, y: F, p: F, r: F): void {
    const pp = temporary<F>(2)
    const ppp = temporary<F>(3)
    const q = temporary<F>(4)
    const t = temporary<F>(5)
    pp.sqr(p)
    ppp.mul(p, pp)
    q.mul(x, pp)
    t.mul(y, ppp)
    p.dbl(q)
    p.add(p, ppp)
    this.x.sqrSub(r, p)
    q.sub(q, this.x)
    this.y.mulSub(r, q, t)
  }

  /** x = X/ZZ, y = Y/ZZZ with one inversion: 1/ZZ = (ZZ/ZZZ)². */
  toAffine(r: Affine<F>): void {
    if (this.isInfinity()) {
      r.setInfinity()
      return
    }
    const t = temporary<F>(0)
    const u = temporary<F>(1)
    t.inverse(this.zzz)
    u.mul(this.zz, t)
    u.sqr(u)
    r.y.mul(this.y, t)
    r.x.mul(this.x, u)
  }

  /** this = k·p for the 256-bit number of 8 words at `words`, low word first; by doubling and adding. */
  multiply(p: Affine<F>, words: usize): void {
    this.setInfinity()
    for (let bit = 255; bit >= 0; bit--) {
      this.double(this)
      if ((load<u32>(words + 4 * <usize>(bit >>> 5)) >>> (bit & 31)) & 1) this.addMixed(this, p)
    }
  }
}
