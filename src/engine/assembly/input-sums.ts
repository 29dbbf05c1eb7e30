import { addAll } from './batch-addition'
import { Affine, Xyzz } from './curve'
import { Fq } from './generated/fq'
import { BETA_G1, splitScalar } from './generated/glv'

/**
 * Sums of multiples of a verification key's points of G1 by tables. A scalar is k₁ + k₂λ with halves of 126 bits
 * (Gallant, Lambert and Vanstone 2001), each of 16 signed digits of eight bits; of every point there are the multiples
 * d·2^(8j), 1 ≤ d ≤ 128, in the order of d, then j, then the points. The scalars are public, and so is what the time
 * tells of them.
 */

const BITS: usize = 8
const WINDOWS: usize = 16
const DIGITS: usize = 1 << (BITS - 1)
const POINT_BYTES: usize = 72

const HALVES = memory.data(32, 16)
const NEGATED = memory.data(72, 16)
const SUM = memory.data(144, 16)

/** Bytes of the tables of `count` points, which is 147 KB for each. */
export function inputTablesBytes(count: i32): usize {
  return DIGITS * WINDOWS * POINT_BYTES * <usize>count
}

/** Bytes of scratch that filling them takes: an addend's name and a product for half of the entries. */
export function inputTablesWork(count: i32): usize {
  return (DIGITS / 2) * WINDOWS * 40 * <usize>count
}

/** Fills the tables, of which the first `count` points are given. */
export function inputTables(tables: usize, count: i32, work: usize): void {
  const block = POINT_BYTES * <usize>count,
    size = block * WINDOWS,
    all = <i32>WINDOWS * count,
    products = work + (DIGITS / 2) * 4 * <usize>all
  for (let window: usize = 1; window < WINDOWS; window++) {
    const points = tables + block * window
    memory.copy(points, points - block, block)
    for (let bit: usize = 0; bit < BITS; bit++) {
      name(points, count, work)
      addAll<Fq>(points, work, products, count)
    }
  }
  // From the multiples 1 … m those up to 2m, by adding the m-th.
  for (let known: usize = 1; known < DIGITS; known <<= 1) {
    const copies = tables + size * known
    memory.copy(copies, tables, size * known)
    for (let digit: usize = 0; digit < known; digit++) name(copies - size, all, work + 4 * digit * <usize>all)
    addAll<Fq>(copies, work, products, <i32>known * all)
  }
}

function name(points: usize, count: i32, names: usize): void {
  for (let index: usize = 0; index < <usize>count; index++) {
    store<u32>(names + 4 * index, <u32>(points + POINT_BYTES * index))
  }
}

/**
 * r = Σ sᵢ·Pᵢ over `scalarCount` points of all `count`, from the `first` on; the scalars have 32 bytes little-endian,
 * below 2^254.
 */
export function inputSum(r: Xyzz<Fq>, tables: usize, count: i32, first: i32, scalars: usize, scalarCount: i32): void {
  const image = changetype<Xyzz<Fq>>(SUM)
  r.setInfinity()
  image.setInfinity()
  for (let index = 0; index < scalarCount; index++) {
    const points = tables + POINT_BYTES * <usize>(first + index)
    splitScalar(HALVES, scalars + 32 * <usize>index)
    addDigits(r, points, count, HALVES)
    addDigits(image, points, count, HALVES + 16)
  }
  image.x.mul(image.x, changetype<Fq>(BETA_G1))
  r.add(r, image)
}

/** r = r + k·P for 2k as 16 bytes in two's complement: what the highest digit carries is the sign. */
function addDigits(r: Xyzz<Fq>, points: usize, count: i32, half: usize): void {
  store<u64>(half, (load<u64>(half) >> 1) | (load<u64>(half, 8) << 63))
  store<i64>(half, load<i64>(half, 8) >> 1, 8)
  let carry: i32 = 0
  for (let window: usize = 0; window < WINDOWS; window++) {
    let digit = <i32>load<u8>(half + window) + carry
    carry = digit >= <i32>DIGITS ? 1 : 0
    if (carry) digit -= <i32>(2 * DIGITS)
    if (digit === 0) continue
    const entry = ((<usize>abs(digit) - 1) * WINDOWS + window) * <usize>count
    addSigned(r, changetype<Affine<Fq>>(points + POINT_BYTES * entry), digit < 0)
  }
}

function addSigned(r: Xyzz<Fq>, point: Affine<Fq>, negative: bool): void {
  if (!negative) {
    r.addMixed(r, point)
    return
  }
  const negated = changetype<Affine<Fq>>(NEGATED)
  negated.x.copy(point.x)
  negated.y.neg(point.y)
  negated.y.reduce(negated.y)
  r.addMixed(r, negated)
}
