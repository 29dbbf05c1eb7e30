import { Affine } from './curve'
import { Fq2 } from './fq2'
import { Fq } from './generated/fq'

/**
 * Additions of affine points, many at once with one inversion (Montgomery 1987, §10.3.1): five multiplications and a
 * squaring each. In G2 what is inverted are the norms of the denominators, in Fq: 1/d = d̄/N(d).
 *
 * A point is named by a reference: the address of x, y and, in the image of a point set, βx; plus {@link NEGATIVE} for
 * (x, −y) and {@link ENDOMORPHISM} for (βx, y).
 *
 * batch-addition.ts adds to sums that may be infinite, as fixed bases and sums of inputs need it. Here no point is
 * infinite, the norms save the inversion in Fq2, and signs cost no reduction, which is why there are two.
 */

/** An addition that waits: references of both points and where the sum goes, which may be where the left one is. */
export const ADDITION_BYTES: usize = 12
export const NEGATIVE: u32 = 1
export const ENDOMORPHISM: u32 = 2

/** Of a destination: the points are equal, so that the sum is a doubling; or opposite, so that there is no sum. */
const EQUAL: u32 = 1
const OPPOSITE: u32 = 2
/** Where the first limb would stand, this says that there is no point: limbs but the last are not negative. */
const HOLE: i32 = -1

/** How many additions share an inversion. */
const BLOCK: usize = 256
/**
 * Points that stand anywhere are first read this many additions before their turn, as many at once, so that the
 * processor waits for all of their cache lines together: WebAssembly has no other way to ask for them early.
 */
const AHEAD: usize = 8
/** What such reading comes to, kept so that it is done at all. */
const TOUCHED = memory.data(4, 16)
const INVERSE = memory.data(36, 16)
const FACTOR = memory.data(36, 16)
const NUMERATOR = memory.data(72, 16)
const SLOPE = memory.data(72, 16)
const SUM = memory.data(72, 16)
const SIGNED_Y = memory.data(72, 16)

/** Overwrites what the last additions left at fixed addresses. */
export function forgetPairs(): void {
  memory.fill(TOUCHED, 0, 4)
  memory.fill(INVERSE, 0, 36)
  memory.fill(FACTOR, 0, 36)
  memory.fill(NUMERATOR, 0, 72)
  memory.fill(SLOPE, 0, 72)
  memory.fill(SUM, 0, 72)
  memory.fill(SIGNED_Y, 0, 72)
}

/** Bytes of what is kept of an addition from the first pass to the second: a product, the norm, the denominator. */
function recordBytes<F>(): usize {
  return isG2<F>() ? 144 : 72
}
function isG2<F>(): bool {
  return offsetof<F>() === offsetof<Fq2>()
}

/** Bytes of a point in an image: x, y, βx. */
export function imageBytes<F>(): usize {
  return 3 * offsetof<F>()
}

/** Room that additions in batches take. */
export function additionScratchBytes<F>(): usize {
  return (BLOCK + 1) * recordBytes<F>()
}

export function pointX<F>(reference: u32): F {
  return changetype<F>(<usize>(reference & ~3) + <usize>((reference >>> 1) & 1) * 2 * offsetof<F>())
}
export function pointY<F>(reference: u32): F {
  return changetype<F>(<usize>(reference & ~3) + offsetof<F>())
}

/** r = y or −y, limb by limb, without a branch that the processor would guess wrong half the time. */
export function signedCopy<F>(r: F, y: F, reference: u32): void {
  const mask = -(<i32>(reference & NEGATIVE))
  const masks = i32x4.splat(mask)
  const to = changetype<usize>(r)
  const from = changetype<usize>(y)
  signedLanes(to, from, masks)
  signedLanes(to + 16, from + 16, masks)
  if (isG2<F>()) {
    signedLanes(to + 32, from + 32, masks)
    signedLanes(to + 48, from + 48, masks)
    store<i32>(to, (load<i32>(from, 64) ^ mask) - mask, 64)
    store<i32>(to, (load<i32>(from, 68) ^ mask) - mask, 68)
  } else store<i32>(to, (load<i32>(from, 32) ^ mask) - mask, 32)
}

function signedLanes(to: usize, from: usize, masks: v128): void {
  v128.store(to, i32x4.sub(v128.xor(v128.load(from), masks), masks))
}

export function isHole(point: usize): bool {
  return load<i32>(point) === HOLE
}

/**
 * Carries out `count` additions; returns whether holes came about. `signs`: whether references have signs and points
 * stand anywhere. A reference with {@link NEGATIVE} must have a balanced y, see point-set.ts: y + y′ is what the
 * slope's product takes then, and of tight values that would weigh 2.
 */
export function addInBatches<F>(additions: usize, count: usize, records: usize, signs: bool): bool {
  let holes = false
  for (let done: usize = 0; done < count; done += BLOCK) {
    const block = min(BLOCK, count - done)
    const first = additions + ADDITION_BYTES * done
    multiplyNorms<F>(first, block, records, signs ? count - done : 0)
    changetype<Fq>(INVERSE).inverse(changetype<Fq>(records + block * recordBytes<F>()))
    if (finishBlock<F>(first, block, records, signs)) holes = true
  }
  return holes
}

/**
 * The first pass: every record gets its denominator and the product of the norms before its own. The first `ahead`
 * additions, of this block and those behind it, are read ahead.
 */
function multiplyNorms<F>(additions: usize, count: usize, records: usize, ahead: usize): void {
  let record = records
  let touched = 0
  changetype<Fq>(record).setOne()
  for (let i: usize = 0; i < count; i++) {
    const addition = additions + ADDITION_BYTES * i
    if (i % AHEAD === 0) touched ^= touchAhead<F>(additions, i + AHEAD, min(i + 2 * AHEAD, ahead))
    const left = pointX<F>(load<u32>(addition))
    const right = pointX<F>(load<u32>(addition, 4))
    const product = changetype<Fq>(record)
    const norm = changetype<Fq>(record + 36)
    if (isG2<F>()) {
      // The conjugate of right − left is what the second pass takes.
      const denominator = changetype<Fq2>(record + 72)
      const from = changetype<Fq2>(left)
      const to = changetype<Fq2>(right)
      denominator.c0.sub(to.c0, from.c0)
      denominator.c1.sub(from.c1, to.c1)
      if (denominator.isZero()) meetSameX<F>(addition, changetype<F>(record + 72))
      denominator.norm(norm)
    } else {
      norm.sub(changetype<Fq>(right), changetype<Fq>(left))
      if (norm.isZero()) meetSameX<F>(addition, changetype<F>(norm))
    }
    record += recordBytes<F>()
    changetype<Fq>(record).mul(product, norm)
  }
  store<i32>(TOUCHED, touched)
}

/** Reads the points of the additions in [from, to). */
function touchAhead<F>(additions: usize, from: usize, to: usize): i32 {
  let touched = 0
  for (let i = from; i < to; i++) touched ^= touch<F>(additions + ADDITION_BYTES * i)
  return touched
}

/** Reads something of every cache line of both points. */
function touch<F>(addition: usize): i32 {
  return touchPoint<F>(<usize>(load<u32>(addition) & ~3)) ^ touchPoint<F>(<usize>(load<u32>(addition, 4) & ~3))
}

function touchPoint<F>(point: usize): i32 {
  let touched = load<i32>(point) ^ load<i32>(point, 64) ^ load<i32>(point, 104)
  if (isG2<F>()) touched ^= load<i32>(point, 128) ^ load<i32>(point, 192) ^ load<i32>(point, 212)
  return touched
}

/** Where both points have one x: the denominator 2y of a doubling, or 1 where there is nothing to divide. */
function meetSameX<F>(addition: usize, denominator: F): void {
  const left = load<u32>(addition)
  const right = load<u32>(addition, 4)
  const y = changetype<F>(SIGNED_Y)
  const sum = changetype<F>(SUM)
  signedCopy<F>(y, pointY<F>(right), right)
  signedCopy<F>(sum, pointY<F>(left), left)
  sum.add(sum, y)
  if (sum.isZero()) {
    denominator.setOne()
    store<u32>(addition, load<u32>(addition, 8) | OPPOSITE, 8)
    return
  }
  // The points are equal, and the sum of their y is 2y.
  denominator.reduce(sum)
  if (isG2<F>()) changetype<Fq2>(denominator).conjugate(changetype<Fq2>(denominator))
  store<u32>(addition, load<u32>(addition, 8) | EQUAL, 8)
}

/** The second pass, from the last addition to the first; INVERSE has the inverse of all norms' product. */
function finishBlock<F>(additions: usize, count: usize, records: usize, signs: bool): bool {
  const inverse = changetype<Fq>(INVERSE)
  const factor = changetype<Fq>(FACTOR)
  const numerator = changetype<F>(NUMERATOR)
  const slope = changetype<F>(SLOPE)
  const sum = changetype<F>(SUM)
  let holes = false
  for (let i = <isize>count - 1; i >= 0; i--) {
    const record = records + recordBytes<F>() * <usize>i
    const addition = additions + ADDITION_BYTES * <usize>i
    factor.mul(inverse, changetype<Fq>(record))
    inverse.mul(inverse, changetype<Fq>(record + 36))
    const left = load<u32>(addition)
    const right = load<u32>(addition, 4)
    const flags = load<u32>(addition, 8) & 3
    const to = changetype<Affine<F>>(<usize>(load<u32>(addition, 8) & ~3))
    if (flags === OPPOSITE) {
      store<i32>(changetype<usize>(to), HOLE)
      holes = true
      continue
    }
    let y = pointY<F>(right)
    if (signs) {
      y = changetype<F>(SIGNED_Y)
      signedCopy<F>(y, pointY<F>(right), right)
      signedCopy<F>(numerator, pointY<F>(left), left)
      numerator.sub(y, numerator)
    } else numerator.sub(y, pointY<F>(left))
    const x = pointX<F>(right)
    if (flags === EQUAL) tripledSquare<F>(numerator, x)
    if (isG2<F>()) {
      const wide = changetype<Fq2>(slope)
      wide.mul(changetype<Fq2>(numerator), changetype<Fq2>(record + 72))
      wide.scale(wide, factor)
    } else changetype<Fq>(slope).mul(changetype<Fq>(numerator), factor)
    sum.add(x, pointX<F>(left))
    // The sum may replace the left point, which is not needed any more.
    to.x.sqrSub(slope, sum)
    numerator.sub(x, to.x)
    to.y.mulSub(slope, numerator, y)
  }
  return holes
}

/** r = 3x². */
function tripledSquare<F>(r: F, x: F): void {
  const square = changetype<F>(SUM)
  square.sqr(x)
  r.dbl(square)
  r.add(r, square)
  r.reduce(r)
}
