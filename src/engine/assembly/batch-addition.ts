import { Affine } from './curve'
import { NEGATIVE } from './pair-addition'

/**
 * Additions of many pairs of affine points at the same time. An affine addition needs one division, and all of a batch
 * share one by simultaneous inversion (Montgomery, "Speeding the Pollard and Elliptic Curve Methods of Factorization",
 * 1987, §10.3.1): five products and a square each. Generic over the coordinates' field F. For points of which none is
 * infinity, and which are read once, pair-addition.ts is the faster one.
 */

/** Low bits of an addend, beside its address, which is a multiple of four: {@link NEGATIVE} and this. */
const DOUBLING: u32 = 2
const FLAGS: u32 = 3

const ADDED = memory.data(144, 16)
const DENOMINATOR = memory.data(72, 16)
const RUNNING = memory.data(72, 16)
const SLOPE = memory.data(72, 16)
const OLD_X = memory.data(72, 16)

/**
 * Adds to each of `count` points at `sums` the one that `addends[i]`, a word, names: its address, with {@link NEGATIVE}
 * for its opposite, or 0 for infinity. Every case is meant: a sum that is infinity, a point added to itself or to its
 * opposite. `products` is room for `count` elements; the addends are used up.
 */
export function addAll<F>(sums: usize, addends: usize, products: usize, count: i32): void {
  const running = changetype<F>(RUNNING)
  running.setOne()
  let divisions = 0
  for (let index: usize = 0; index < <usize>count; index++) {
    const sum = changetype<Affine<F>>(sums + index * 2 * offsetof<F>())
    const addend = settle<F>(sum, load<u32>(addends + 4 * index))
    store<u32>(addends + 4 * index, addend)
    if (!addend) continue
    changetype<F>(products + index * offsetof<F>()).copy(running)
    running.mul(denominator<F>(sum, addend), running)
    divisions++
  }
  if (!divisions) return
  running.inverse(running)
  const slope = changetype<F>(SLOPE)
  for (let index: usize = count; index-- > 0; ) {
    const addend = load<u32>(addends + 4 * index)
    if (!addend) continue
    const sum = changetype<Affine<F>>(sums + index * 2 * offsetof<F>())
    slope.mul(running, changetype<F>(products + index * offsetof<F>()))
    running.mul(denominator<F>(sum, addend), running)
    addOne<F>(sum, addend)
  }
}

/** Does what needs no division and returns 0 for it; else the addend, marked where it is the sum itself. */
function settle<F>(sum: Affine<F>, addend: u32): u32 {
  if (!addend) return 0
  if (sum.isInfinity()) {
    sum.copy(read<F>(addend))
    return 0
  }
  const difference = changetype<F>(DENOMINATOR)
  difference.sub(named<F>(addend).x, sum.x)
  if (!difference.isZero()) return addend
  if (sum.y.equals(read<F>(addend).y)) return addend | DOUBLING
  sum.setInfinity()
  return 0
}

/** x₂ − x₁, or 2y₁ for a doubling: what the slope is divided by. */
function denominator<F>(sum: Affine<F>, addend: u32): F {
  const result = changetype<F>(DENOMINATOR)
  if (addend & DOUBLING) {
    result.dbl(sum.y)
    result.reduce(result)
  } else result.sub(named<F>(addend).x, sum.x)
  return result
}

/** The addition itself, with the denominator's inverse at SLOPE. */
function addOne<F>(sum: Affine<F>, addend: u32): void {
  const slope = changetype<F>(SLOPE),
    rise = changetype<F>(DENOMINATOR),
    oldX = changetype<F>(OLD_X),
    added = read<F>(addend)
  oldX.copy(sum.x)
  if (addend & DOUBLING) {
    rise.sqr(oldX)
    sum.x.dbl(rise)
    rise.add(rise, sum.x)
    rise.reduce(rise)
  } else rise.sub(added.y, sum.y)
  slope.mul(rise, slope)
  rise.add(oldX, added.x)
  sum.x.sqrSub(slope, rise)
  oldX.sub(oldX, sum.x)
  sum.y.mulSub(slope, oldX, sum.y)
}

function named<F>(addend: u32): Affine<F> {
  return changetype<Affine<F>>(<usize>(addend & ~FLAGS))
}

/** A copy, in the range of products, of what an addend names. */
function read<F>(addend: u32): Affine<F> {
  const copy = changetype<Affine<F>>(ADDED)
  const point = named<F>(addend)
  copy.x.copy(point.x)
  if (addend & NEGATIVE) {
    copy.y.neg(point.y)
    copy.y.reduce(copy.y)
  } else copy.y.copy(point.y)
  return copy
}

/** Overwrites what the last additions left at fixed addresses, the field's own temporaries included. */
export function forgetAdditions<F>(): void {
  changetype<Affine<F>>(ADDED).setInfinity()
  changetype<F>(OLD_X).setZero()
  changetype<F>(SLOPE).setZero()
  const one = changetype<F>(RUNNING)
  one.setOne()
  one.inverse(one)
  changetype<F>(DENOMINATOR).sqr(one)
  one.equals(changetype<F>(DENOMINATOR))
}
