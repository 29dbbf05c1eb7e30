/** The address of 128 bytes for the function below alone: a constant in the program that it is put into. */
declare function scratch(): usize

/** Steps on the approximations before the numbers themselves follow. */
const STEPS = 30
const LOW: u64 = (1 << STEPS) - 1

/**
 * result = 1/x modulo an odd prime, and 0 for x = 0; 0 ≤ x < modulus < 2^254. Pornin, "Optimized Binary GCD for Modular
 * Inversion" (ePrint 2020/972), Algorithm 2, ended as soon as the result is there: the time taken depends on x.
 *
 * Throughout a = x·u and b = x·v modulo the modulus, and b is odd.
 */
export function inverse(x: Words, modulus: Words, result: Words): void {
  const a = changetype<Words>(scratch())
  const b = a.next()
  const u = b.next()
  const v = u.next()
  a.copy(x)
  b.copy(modulus)
  u.set(1)
  v.set(0)
  const factor = negativeInverse(modulus.word(0))

  while (!a.isZero()) {
    const bits = commonLength(a, b)
    let near = a.approximation(bits)
    let other = b.approximation(bits)
    let f0: i64 = 1
    let g0: i64 = 0
    let f1: i64 = 0
    let g1: i64 = 1
    for (let step = 0; step < STEPS; step++) {
      if (near & 1) {
        if (near < other) {
          const near0 = near
          near = other
          other = near0
          const f = f0
          f0 = f1
          f1 = f
          const g = g0
          g0 = g1
          g1 = g
        }
        near -= other
        f0 -= f1
        g0 -= g1
      }
      near >>= 1
      f1 <<= 1
      g1 <<= 1
    }
    const signs = a.combine(b, f0, g0, f1, g1)
    if (signs & 1) {
      a.negate()
      f0 = -f0
      g0 = -g0
    }
    if (signs & 2) {
      b.negate()
      f1 = -f1
      g1 = -g1
    }
    u.combineModular(v, modulus, factor, f0, g0, f1, g1)
  }
  result.copy(v)
}

/** −1/m modulo 2^32 for odd m: Newton's iteration from m, which is its own inverse modulo 8. */
function negativeInverse(m: u32): u32 {
  let inverse = m
  for (let step = 0; step < 4; step++) inverse *= 2 - m * inverse
  return 0 - inverse
}

/** Bits of the longer number, at least 32. */
function commonLength(a: Words, b: Words): usize {
  let at = LAST
  while (at > 0 && (a.word(at) | b.word(at)) === 0) at -= 4
  return 8 * at + 32 - clz<u32>(a.word(at) | b.word(at))
}

const BYTES: usize = 32
/** Place of the highest word. */
const LAST: usize = BYTES - 4

/** A number's address: eight 32-bit words, low word first, as circom keeps them. Everything is inlined. */
@unmanaged
class Words {
  @inline next(): Words {
    return changetype<Words>(changetype<usize>(this) + BYTES)
  }

  @inline word(at: usize): u32 {
    return load<u32>(changetype<usize>(this) + at)
  }

  @inline setWord(at: usize, word: u32): void {
    store<u32>(changetype<usize>(this) + at, word)
  }

  /** Sets the lower word of two that are shifted right by the steps. */
  @inline setShifted(at: usize, low: u32, high: u32): void {
    this.setWord(at, (low >> STEPS) | (high << (32 - STEPS)))
  }

  /** The words at `at` and behind it. */
  @inline pair(at: usize): u64 {
    return load<u64>(changetype<usize>(this) + at)
  }

  @inline copy(from: Words): void {
    for (let at: usize = 0; at < BYTES; at += 4) this.setWord(at, from.word(at))
  }

  @inline set(value: u32): void {
    this.setWord(0, value)
    for (let at: usize = 4; at < BYTES; at += 4) this.setWord(at, 0)
  }

  @inline isZero(): bool {
    return (this.pair(0) | this.pair(8) | this.pair(16) | this.pair(24)) === 0
  }

  /** The low 30 bits and the high 32, counted from `bits`; all of them where there are no more than 62. */
  @inline approximation(bits: usize): u64 {
    const top = ((bits - 1) >> 5) * 4
    const high = (this.pair(top - 4) >> (((bits - 1) & 31) + 1)) & 0xffffffff
    return bits <= 62 ? this.pair(0) : (this.pair(0) & LOW) | (high << STEPS)
  }

  @inline negate(): void {
    let carry: u64 = 1
    for (let at: usize = 0; at < BYTES; at += 4) {
      carry += <u64>(this.word(at) ^ 0xffffffff)
      this.setWord(at, <u32>carry)
      carry >>= 32
    }
  }

  /** From (−m, 2m), in two's complement, into [0, m). */
  @inline intoRange(m: Words, isNegative: bool): void {
    const multiple: i64 = isNegative ? 1 : this.isAtLeast(m) ? -1 : 0
    let carry: i64 = 0
    for (let at: usize = 0; at < BYTES; at += 4) {
      carry += <i64>this.word(at) + multiple * <i64>m.word(at)
      this.setWord(at, <u32>carry)
      carry >>= 32
    }
  }

  @inline isAtLeast(m: Words): bool {
    let at = LAST
    while (at > 0 && this.word(at) === m.word(at)) at -= 4
    return this.word(at) >= m.word(at)
  }

  /**
   * This number a and b become (a·f0 + b·g0)/2^30 and (a·f1 + b·g1)/2^30, which the steps have made exact; in two's
   * complement. Bit 0 of the result is a's sign, bit 1 is b's.
   */
  @inline combine(b: Words, f0: i64, g0: i64, f1: i64, g1: i64): u32 {
    let first: i64 = 0
    let second: i64 = 0
    let firstLow: u32 = 0
    let secondLow: u32 = 0
    for (let at: usize = 0; at < BYTES; at += 4) {
      const x = <i64>this.word(at)
      const y = <i64>b.word(at)
      first = (first >> 32) + x * f0 + y * g0
      second = (second >> 32) + x * f1 + y * g1
      if (at > 0) {
        this.setShifted(at - 4, firstLow, <u32>first)
        b.setShifted(at - 4, secondLow, <u32>second)
      }
      firstLow = <u32>first
      secondLow = <u32>second
    }
    first >>= 32
    second >>= 32
    this.setShifted(LAST, firstLow, <u32>first)
    b.setShifted(LAST, secondLow, <u32>second)
    return u32(first < 0) | (u32(second < 0) << 1)
  }

  /**
   * The same modulo m for this u and v in [0, m), with the multiples of m added that make the low 30 bits vanish;
   * `factor` is −1/m modulo 2^32. No sum reaches 2^63, for |f| + |g| ≤ 2^30 and the multiples are below that.
   */
  @inline combineModular(v: Words, m: Words, factor: u32, f0: i64, g0: i64, f1: i64, g1: i64): void {
    const firstMultiple = <i64>((<u32>(<i64>this.word(0) * f0 + <i64>v.word(0) * g0) * factor) & <u32>LOW)
    const secondMultiple = <i64>((<u32>(<i64>this.word(0) * f1 + <i64>v.word(0) * g1) * factor) & <u32>LOW)
    let first: i64 = 0
    let second: i64 = 0
    let firstLow: u32 = 0
    let secondLow: u32 = 0
    for (let at: usize = 0; at < BYTES; at += 4) {
      const x = <i64>this.word(at)
      const y = <i64>v.word(at)
      const z = <i64>m.word(at)
      first = (first >> 32) + x * f0 + y * g0 + z * firstMultiple
      second = (second >> 32) + x * f1 + y * g1 + z * secondMultiple
      if (at > 0) {
        this.setShifted(at - 4, firstLow, <u32>first)
        v.setShifted(at - 4, secondLow, <u32>second)
      }
      firstLow = <u32>first
      secondLow = <u32>second
    }
    first >>= 32
    second >>= 32
    this.setShifted(LAST, firstLow, <u32>first)
    v.setShifted(LAST, secondLow, <u32>second)
    this.intoRange(m, first < 0)
    v.intoRange(m, second < 0)
  }
}
