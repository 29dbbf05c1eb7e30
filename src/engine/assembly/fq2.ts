import { Fq } from './generated/fq'
import { fq2Mul, fq2MulSub, fq2Sqr, fq2SqrSub } from './generated/fq2-kernel'
import { fq2Norm } from './generated/fq2-norm'

const T0 = memory.data(36, 16)
const T1 = memory.data(36, 16)

/** c0 + c1·i with i² = −1: 72 bytes, c0 first. The bounds are those of {@link Fq}, part by part. */
@unmanaged
export class Fq2 {
  private words0: v128
  private words1: v128
  private words2: v128
  private words3: v128
  private words4: i64

  @inline get c0(): Fq {
    return changetype<Fq>(changetype<usize>(this))
  }
  @inline get c1(): Fq {
    return changetype<Fq>(changetype<usize>(this) + 36)
  }

  /** Both operands products, or single differences of products. */
  @inline mul(a: Fq2, b: Fq2): void {
    fq2Mul(changetype<usize>(this), changetype<usize>(a), changetype<usize>(b))
  }
  /** this = a·b − e. */
  @inline mulSub(a: Fq2, b: Fq2, e: Fq2): void {
    fq2MulSub(changetype<usize>(this), changetype<usize>(a), changetype<usize>(b), changetype<usize>(e))
  }
  /** r = c0² + c1² of a product or a single difference. */
  @inline norm(r: Fq): void {
    fq2Norm(changetype<usize>(r), changetype<usize>(this))
  }
  @inline sqr(a: Fq2): void {
    fq2Sqr(changetype<usize>(this), changetype<usize>(a))
  }
  /** this = a² − e. */
  @inline sqrSub(a: Fq2, e: Fq2): void {
    fq2SqrSub(changetype<usize>(this), changetype<usize>(a), changetype<usize>(e))
  }
  @inline add(a: Fq2, b: Fq2): void {
    this.c0.add(a.c0, b.c0)
    this.c1.add(a.c1, b.c1)
  }
  @inline sub(a: Fq2, b: Fq2): void {
    this.c0.sub(a.c0, b.c0)
    this.c1.sub(a.c1, b.c1)
  }
  @inline neg(a: Fq2): void {
    this.c0.neg(a.c0)
    this.c1.neg(a.c1)
  }
  @inline dbl(a: Fq2): void {
    this.add(a, a)
  }
  @inline copy(a: Fq2): void {
    this.c0.copy(a.c0)
    this.c1.copy(a.c1)
  }
  @inline setZero(): void {
    this.c0.setZero()
    this.c1.setZero()
  }
  @inline setOne(): void {
    this.c0.setOne()
    this.c1.setZero()
  }
  reduce(a: Fq2): void {
    this.c0.reduce(a.c0)
    this.c1.reduce(a.c1)
  }
  canonical(a: Fq2): void {
    this.c0.canonical(a.c0)
    this.c1.canonical(a.c1)
  }
  @inline isZero(): bool {
    return this.c0.isZero() && this.c1.isZero()
  }
  equals(a: Fq2): bool {
    return this.c0.equals(a.c0) && this.c1.equals(a.c1)
  }
  @inline conjugate(a: Fq2): void {
    this.c0.copy(a.c0)
    this.c1.neg(a.c1)
  }
  @inline scale(a: Fq2, by: Fq): void {
    this.c0.mul(a.c0, by)
    this.c1.mul(a.c1, by)
  }

  fromBytes(words: usize): void {
    this.c0.fromBytes(words)
    this.c1.fromBytes(words + 32)
  }
  fromMontgomery256(words: usize): void {
    this.c0.fromMontgomery256(words)
    this.c1.fromMontgomery256(words + 32)
  }
  toBytes(words: usize): void {
    this.c0.toBytes(words)
    this.c1.toBytes(words + 32)
  }
  toMontgomery256(words: usize): void {
    this.c0.toMontgomery256(words)
    this.c1.toMontgomery256(words + 32)
  }

  /** 1/(c0 + c1·i) = (c0 − c1·i)/(c0² + c1²); 0 for 0. */
  inverse(a: Fq2): void {
    const norm = changetype<Fq>(T0),
      t = changetype<Fq>(T1)
    norm.sqr(a.c0)
    t.sqr(a.c1)
    norm.add(norm, t)
    norm.inverse(norm)
    t.neg(norm)
    this.c0.mul(a.c0, norm)
    this.c1.mul(a.c1, t)
  }
}
