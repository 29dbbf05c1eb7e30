import { addAll } from './batch-addition'
import { Affine, Xyzz } from './curve'
import { Fq } from './generated/fq'
import { bitsAt } from './scalar-bits'

/**
 * Sums of multiples of a verification key's points of G1 by windows: of each of `count` points there are the
 * multiples d·2^(bits·j), 1 ≤ d ≤ 2^(bits − 1), for every window j, in the order of d, then j, then the points. The
 * scalars are public, and so is what the time tells of them.
 */

const NEGATED = memory.data(72, 16)
const POINT_BYTES: usize = 72

/** Bytes of scratch that {@link inputTables} takes: an addend and a product for half of the entries. */
export function inputTablesWork(bits: i32, windows: i32, count: i32): usize {
  return ((<usize>(windows * count)) << (bits - 2)) * 40 + 64
}

/** Fills the tables, windows·count·2^(bits − 1) points, of which the first `count` are given. */
export function inputTables(tables: usize, bits: i32, windows: i32, count: i32, work: usize): void {
  const block = POINT_BYTES * <usize>count,
    products = work + ((<usize>(windows * count)) << (bits - 2)) * 4
  for (let window: usize = 1; window < <usize>windows; window++) {
    const points = tables + block * window
    memory.copy(points, points - block, block)
    for (let bit = 0; bit < bits; bit++) addEach(points, points, count, work, products)
  }
  // From the multiples 1 … m those up to 2m.
  const size = block * <usize>windows
  for (let known: usize = 1; known < (<usize>1) << (bits - 1); known <<= 1) {
    const copies = tables + size * known
    memory.copy(copies, tables, size * known)
    const all = windows * count
    for (let digit: usize = 0; digit < known; digit++) name(copies - size, all, work + 4 * digit * <usize>all)
    addAll<Fq>(copies, work, products, <i32>known * all)
  }
}

function addEach(sums: usize, addends: usize, count: i32, work: usize, products: usize): void {
  name(addends, count, work)
  addAll<Fq>(sums, work, products, count)
}

function name(points: usize, count: i32, names: usize): void {
  for (let index: usize = 0; index < <usize>count; index++) {
    store<u32>(names + 4 * index, <u32>(points + POINT_BYTES * index))
  }
}

/** r = Σ sᵢ·Pᵢ over the points `first` … of all `count`; the scalars have 32 bytes little-endian, below 2^254. */
export function inputSum(
  r: Xyzz<Fq>,
  tables: usize,
  bits: i32,
  windows: i32,
  count: i32,
  first: i32,
  scalars: usize,
  scalarCount: i32,
): void {
  r.setInfinity()
  const half = 1 << (bits - 1)
  for (let index = 0; index < scalarCount; index++) {
    let carry = 0
    for (let window = 0; window < windows; window++) {
      let digit = bitsAt(scalars + 32 * <usize>index, window * bits, bits) + carry
      carry = digit > half ? 1 : 0
      if (carry) digit -= 2 * half
      if (digit === 0) continue
      const entry = ((abs(digit) - 1) * windows + window) * count + first + index
      addSigned(r, changetype<Affine<Fq>>(tables + POINT_BYTES * <usize>entry), digit < 0)
    }
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
  r.addMixed(r, negated)
}
