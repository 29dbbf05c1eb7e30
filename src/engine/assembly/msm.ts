import { beginBuckets, fillBuckets, readDigits, Window } from './bucket-sort'
import { Affine, forgetTemporaries, Xyzz } from './curve'
import { Fq2 } from './fq2'
import { Fq } from './generated/fq'
import { HALF_BITS } from './generated/glv'
import { ADDITION_BYTES, additionScratchBytes, forgetPairs, imageBytes } from './pair-addition'
import { windowStart } from './recode'
import { Segments, sumSegments } from './segments'

/**
 * Σ sᵢPᵢ by buckets (Pippenger 1976; Bernstein, Doumen, Lange, Oosterwijk, "Faster batch forgery identification",
 * 2012, §4), over halves of scalars and points P, λP. Nothing is summed up one after the other: buckets, their rows
 * and columns, and at last the bits of their numbers are segments that {@link sumSegments} sums all at once.
 */

/** References that one group of windows has at least, so that batches are full where points are few. */
const GROUP_REFERENCES: usize = 32768

/** How a multiplication goes, and its memory. */
@unmanaged
class Plan {
  count: usize
  windows: usize
  /** Windows that are worked on together. */
  group: usize
  /** The widest window has 2^(width − 1) buckets. */
  width: usize
  buckets: usize
  /** Bucket b stands in column b mod 2^low and row b >> low; column 0 and row 0 count nothing and are left out. */
  low: usize
  columns: usize
  rows: usize
  digits: usize
  /** 32-bit addresses of the sums of rows and columns of all windows; 0 for infinity. */
  lines: usize
  linePoints: usize
  end: usize
}

const PLAN = changetype<Plan>(memory.data(offsetof<Plan>(), 16))
const WINDOW = changetype<Window>(memory.data(offsetof<Window>(), 16))
const BUCKETS = changetype<Segments>(memory.data(offsetof<Segments>(), 16))
/** Of rows and columns, then of bits. */
const LINES = changetype<Segments>(memory.data(offsetof<Segments>(), 16))
const TOTAL = memory.data(4 * 72, 16)

let cursor: usize = 0

function take(bytes: usize): usize {
  const taken = cursor
  cursor = (cursor + bytes + 15) & ~15
  return taken
}

function plan<F>(count: usize, windows: usize, scratch: usize): void {
  const p = PLAN
  p.count = count
  p.windows = windows
  p.group = max<usize>(1, min(windows, GROUP_REFERENCES / max<usize>(1, 2 * count)))
  p.width = (HALF_BITS + windows - 1) / windows
  p.buckets = (<usize>1) << (p.width - 1)
  p.low = p.width >>> 1
  p.columns = ((<usize>1) << p.low) - 1
  p.rows = p.buckets >>> p.low
  allocate<F>(scratch)
}

function allocate<F>(scratch: usize): void {
  const p = PLAN
  const size: usize = 2 * offsetof<F>()
  const lines = p.rows + p.columns
  const buckets = p.group * p.buckets
  const fromPoints = p.group * 2 * p.count
  const fromLines = max<usize>(2 * buckets, p.windows * (p.rows * (p.width - p.low) + p.columns * p.low))
  const references = max(fromPoints, fromLines)
  const segments = max(HALF_BITS, p.group * lines)
  cursor = scratch
  p.digits = take(4 * fromPoints)
  p.lines = take(4 * p.windows * lines)
  p.linePoints = take(size * p.windows * lines)
  BUCKETS.references = LINES.references = take(4 * references)
  BUCKETS.counts = take(4 * buckets)
  BUCKETS.sums = take(4 * buckets)
  BUCKETS.points = take(size * ((fromPoints + buckets) / 2 + 1))
  BUCKETS.additions = LINES.additions = take(ADDITION_BYTES * (references / 2))
  BUCKETS.active = LINES.active = take(4 * max(buckets, segments))
  BUCKETS.records = LINES.records = take(additionScratchBytes<F>())
  LINES.counts = take(4 * segments)
  LINES.sums = take(4 * segments)
  LINES.points = take(size * ((fromLines + segments) / 2 + 1))
  p.end = cursor
}

function multiply<F>(r: usize, image: usize, places: usize, scalars: usize): void {
  const p = PLAN
  for (let window: usize = 0; window < p.windows; window += p.group) {
    const group = min(p.group, p.windows - window)
    sortIntoBuckets<F>(window, group, image, places, scalars)
    sumSegments<F>(BUCKETS, group * p.buckets)
    listLines(group)
    sumSegments<F>(LINES, group * (p.rows + p.columns))
    keepLines<F>(window, group)
  }
  listBits()
  sumSegments<F>(LINES, HALF_BITS)
  sumBits<F>(r)
}

function sortIntoBuckets<F>(window: usize, group: usize, image: usize, places: usize, scalars: usize): void {
  const p = PLAN
  memory.fill(BUCKETS.counts, 0, 4 * group * p.buckets)
  for (let index: usize = 0; index < group; index++) {
    WINDOW.start = windowStart(window + index, p.windows)
    WINDOW.width = <u32>(windowStart(window + index + 1, p.windows) - WINDOW.start)
    const counts = BUCKETS.counts + 4 * p.buckets * index
    readDigits(p.digits + 8 * p.count * index, counts, WINDOW, places, scalars, p.count)
  }
  beginBuckets(BUCKETS.sums, BUCKETS.counts, group * p.buckets, BUCKETS.references)
  for (let index: usize = 0; index < group; index++) {
    const positions = BUCKETS.sums + 4 * p.buckets * index
    fillBuckets(positions, p.digits + 8 * p.count * index, p.count, image, imageBytes<F>())
  }
}

/** The segments of rows and columns of every window's buckets: Σ b·B_b = 2^low · Σ row·R_row + Σ column·C_column. */
function listLines(group: usize): void {
  const p = PLAN
  let end = LINES.references
  let count = LINES.counts
  for (let window: usize = 0; window < group; window++) {
    const first = window * p.buckets
    for (let row: usize = 1; row <= p.rows; row++) {
      const begin = end
      for (let b = row << p.low; b < min((row + 1) << p.low, p.buckets + 1); b++)
        end = refer(end, BUCKETS, first + b - 1)
      store<u32>(count, <u32>((end - begin) >>> 2))
      count += 4
    }
    for (let column: usize = 1; column <= p.columns; column++) {
      const begin = end
      for (let b = column; b <= p.buckets; b += p.columns + 1) end = refer(end, BUCKETS, first + b - 1)
      store<u32>(count, <u32>((end - begin) >>> 2))
      count += 4
    }
  }
}

/** Adds a segment's sum to a list of references; returns the list's new end. */
function refer(end: usize, segments: Segments, segment: usize): usize {
  if (load<u32>(segments.counts + 4 * segment) === 0) return end
  store<u32>(end, load<u32>(segments.sums + 4 * segment))
  return end + 4
}

/** Copies the sums of rows and columns to where they stay. */
function keepLines<F>(window: usize, group: usize): void {
  const p = PLAN
  const lines = p.rows + p.columns
  for (let line: usize = 0; line < group * lines; line++) {
    const index = window * lines + line
    const to = p.linePoints + 2 * offsetof<F>() * index
    const found = load<u32>(LINES.counts + 4 * line) !== 0
    if (found) changetype<Affine<F>>(to).copy(changetype<Affine<F>>(<usize>load<u32>(LINES.sums + 4 * line)))
    store<u32>(p.lines + 4 * index, found ? <u32>to : 0)
  }
}

/** The segments of bits: of all rows and columns whose number has that bit, in all windows. */
function listBits(): void {
  const p = PLAN
  let end = LINES.references
  memory.fill(LINES.counts, 0, 4 * HALF_BITS)
  for (let window: usize = 0; window < p.windows; window++) {
    const start = windowStart(window, p.windows)
    const rows = p.lines + 4 * window * (p.rows + p.columns)
    const columns = rows + 4 * p.rows
    const width = windowStart(window + 1, p.windows) - start
    for (let bit: usize = 0; bit < width; bit++) {
      const begin = end
      if (bit < p.low) end = referNumbered(end, columns, p.columns, bit)
      else end = referNumbered(end, rows, p.rows, bit - p.low)
      store<u32>(LINES.counts + 4 * (start + bit), <u32>((end - begin) >>> 2))
    }
  }
}

/** Adds those of `count` lines, numbered from 1, whose number has the bit; returns the list's new end. */
function referNumbered(end: usize, lines: usize, count: usize, bit: usize): usize {
  for (let number: usize = 1; number <= count; number++) {
    const line = load<u32>(lines + 4 * number - 4)
    if (!((number >>> bit) & 1) || line === 0) continue
    store<u32>(end, line)
    end += 4
  }
  return end
}

/** Σ 2^bit · sum of the bit, affine and outside. */
function sumBits<F>(r: usize): void {
  const total = changetype<Xyzz<F>>(TOTAL)
  total.setInfinity()
  for (let bit = HALF_BITS; bit-- > 0; ) {
    total.double(total)
    if (load<u32>(LINES.counts + 4 * bit) === 0) continue
    total.addMixed(total, changetype<Affine<F>>(<usize>load<u32>(LINES.sums + 4 * bit)))
  }
  const point = changetype<Affine<F>>(LINES.points)
  total.toAffine(point)
  point.toMontgomery256(r)
}

/** Digits and sums tell of the scalars. */
function forget<F>(scratch: usize): void {
  memory.fill(scratch, 0, PLAN.end - scratch)
  memory.fill(TOTAL, 0, 4 * 72)
  forgetPairs()
  forgetTemporaries<F>()
}

/** Bytes that {@link g1Multiply} needs for a set's points and a number of windows. */
export function g1ScratchBytes(count: usize, windows: usize): usize {
  plan<Fq>(count, windows, 0)
  return PLAN.end
}
export function g2ScratchBytes(count: usize, windows: usize): usize {
  plan<Fq2>(count, windows, 0)
  return PLAN.end
}

/** Σ sᵢPᵢ at `r`, affine, as x·2^256; `scratch` is wiped afterwards. */
export function g1Multiply(
  r: usize,
  image: usize,
  places: usize,
  count: usize,
  scalars: usize,
  windows: usize,
  scratch: usize,
): void {
  plan<Fq>(count, windows, scratch)
  multiply<Fq>(r, image, places, scalars)
  forget<Fq>(scratch)
}
export function g2Multiply(
  r: usize,
  image: usize,
  places: usize,
  count: usize,
  scalars: usize,
  windows: usize,
  scratch: usize,
): void {
  plan<Fq2>(count, windows, scratch)
  multiply<Fq2>(r, image, places, scalars)
  forget<Fq2>(scratch)
}
