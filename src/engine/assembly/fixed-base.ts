import { addAll, forgetAdditions } from './batch-addition'
import { Affine, coordinateBytes } from './curve'
import { Fq2 } from './fq2'
import { Fq } from './generated/fq'
import { NEGATIVE } from './pair-addition'
import { bitsAt } from './scalar-bits'

/**
 * s·G for many secret s and one G, as a key's set-up needs. A table holds d·2^(wi)·G for every window i of w bits and
 * every digit 1 ≤ d ≤ 2^(w−1), digits being signed; all scalars of a batch add their point of a window at the same
 * time. How long that takes and which addresses it reads depend on the scalars.
 */

/** Room for a batch: addends, carries, products and sums, one behind the other. */
function productsOf(work: usize, count: i32): usize {
  return (work + 5 * <usize>count + 15) & ~15
}
function sumsOf<F>(work: usize, count: i32): usize {
  return (productsOf(work, count) + <usize>count * offsetof<F>() + 15) & ~15
}
function endOf<F>(work: usize, count: i32): usize {
  return sumsOf<F>(work, count) + <usize>count * 2 * offsetof<F>()
}

/**
 * Each window doubles what it has: from the multiples 1 … m come m + 1 … 2m by one batch. Twice a window's last point
 * is the first of the next.
 */
function fillTable<F>(table: usize, bits: i32, windows: i32, generator: usize, work: usize): void {
  const size = 2 * offsetof<F>()
  const digits: usize = 1 << (bits - 1)
  const products = productsOf(work, <i32>digits)
  changetype<Affine<F>>(table).x.fromBytes(generator)
  changetype<Affine<F>>(table).y.fromBytes(generator + coordinateBytes<F>())
  for (let window: usize = 0; window < <usize>windows; window++) {
    const first = table + window * digits * size
    for (let known: usize = 1; known < digits; known <<= 1) {
      addToCopies<F>(first, known, first + (known - 1) * size, work, products)
    }
    if (window + 1 < <usize>windows)
      addToCopies<F>(first + (digits - 1) * size, 1, first + (digits - 1) * size, work, products)
  }
}

/** Behind `count` points at `first`, a copy of them with one more point added to each. */
function addToCopies<F>(first: usize, count: usize, point: usize, work: usize, products: usize): void {
  const copies = first + count * 2 * offsetof<F>()
  memory.copy(copies, first, copies - first)
  for (let index: usize = 0; index < count; index++) store<u32>(work + 4 * index, <u32>point)
  addAll<F>(copies, work, products, <i32>count)
}

function multiplyAll<F>(
  output: usize,
  table: usize,
  bits: i32,
  windows: i32,
  scalars: usize,
  count: i32,
  work: usize,
): void {
  const size = <i32>offsetof<F>()
  const length = endOf<F>(work, count) - work
  const sums = sumsOf<F>(work, count)
  memory.fill(work, 0, length)
  for (let window = 0; window < windows; window++) {
    const entries = table + <usize>((window << (bits - 1)) * 2 * size)
    nameAddends(entries, 2 * size, scalars, window, bits, work, count)
    addAll<F>(sums, work, productsOf(work, count), count)
  }
  for (let index: usize = 0; index < <usize>count; index++) {
    const sum = changetype<Affine<F>>(sums + index * 2 * offsetof<F>())
    sum.toMontgomery256(output + index * 2 * coordinateBytes<F>())
  }
  memory.fill(work, 0, length)
  memory.fill(scalars, 0, 32 * <usize>count)
  forgetAdditions<F>()
}

/** The addends of one window: digits of −2^(w−1) + 1 … 2^(w−1). What they carry into the next stands behind them. */
function nameAddends(entries: usize, size: i32, scalars: usize, window: i32, bits: i32, work: usize, count: i32): void {
  const carries = work + 4 * <usize>count
  const half = 1 << (bits - 1)
  for (let index: usize = 0; index < <usize>count; index++) {
    let digit = bitsAt(scalars + 32 * index, window * bits, bits) + <i32>load<u8>(carries + index)
    const negative = digit > half
    if (negative) digit = 2 * half - digit
    store<u8>(carries + index, <u8>negative)
    const entry = <u32>entries + <u32>((digit - 1) * size)
    store<u32>(work + 4 * index, digit ? entry | (negative ? NEGATIVE : 0) : 0)
  }
}

/** Bytes that a batch of `count` scalars needs at `work`; filling a table needs those of 2^(bits − 1). */
export function fixedBaseWorkG1(count: i32): usize {
  return endOf<Fq>(0, count)
}
export function fixedBaseWorkG2(count: i32): usize {
  return endOf<Fq2>(0, count)
}

/** Fills `table`, windows · 2^(bits − 1) points, from the generator's x and y, canonical and little-endian. */
export function fixedBaseTableG1(table: usize, bits: i32, windows: i32, generator: usize, work: usize): void {
  fillTable<Fq>(table, bits, windows, generator, work)
}
export function fixedBaseTableG2(table: usize, bits: i32, windows: i32, generator: usize, work: usize): void {
  fillTable<Fq2>(table, bits, windows, generator, work)
}

/**
 * Writes `count` points to `output`, as a `.zkey` holds them, for scalars of 32 bytes below 2^(bits·windows − 1).
 * The scalars and `work` are zeros afterwards.
 */
export function fixedBaseMultiplyG1(
  output: usize,
  table: usize,
  bits: i32,
  windows: i32,
  scalars: usize,
  count: i32,
  work: usize,
): void {
  multiplyAll<Fq>(output, table, bits, windows, scalars, count, work)
}
export function fixedBaseMultiplyG2(
  output: usize,
  table: usize,
  bits: i32,
  windows: i32,
  scalars: usize,
  count: i32,
  work: usize,
): void {
  multiplyAll<Fq2>(output, table, bits, windows, scalars, count, work)
}
