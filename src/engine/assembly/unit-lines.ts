import { Fq2 } from './fq2'
import { fq2Difference, fq2Double, fq2Negative, fq2Triple } from './generated/linear-kernel'
import { LOOP, LOOP_LENGTH } from './generated/pairing-constants'
import { frobeniusImages, product, square } from './twist'

/** Bytes of a line 1 + l1·(−x_P/y_P)·w + l3·(1/y_P)·w³: its slope l1, then l3. */
export const UNIT_LINE_BYTES: usize = 144

/** For every point: T, what its slopes are divided by, a running product, −Q, and ψQ, −ψ²Q, −ψ³Q. */
const T: usize = 0
const DENOMINATOR: usize = 144
const PRODUCT: usize = 216
const MINUS: usize = 288
const IMAGES: usize = 432
export const UNIT_LINE_WORK: usize = 864

const RUNNING = memory.data(72, 16)
const SLOPE = memory.data(72, 16)
const X = memory.data(72, 16)
const Y = memory.data(72, 16)

/**
 * The lines of twistLines for `count` points at the same time, in affine coordinates: a step's divisions share one
 * inversion (Montgomery 1987). A line is divided by its constant part, which leaves it two coefficients. Point i is
 * at `points` + 144·i and its lines at `lines` + i·`stride`; the byte `outside` + i becomes 1 where the point is not in
 * G2, whose lines are then void, and stays as it is else. A division by zero is such a case and touches no other.
 */
export function unitLines(lines: usize, stride: usize, points: usize, outside: usize, count: i32, work: usize): void {
  for (let index: usize = 0; index < <usize>count; index++) {
    const state = work + UNIT_LINE_WORK * index,
      point = points + 144 * index
    memory.copy(state + T, point, 144)
    memory.copy(state + MINUS, point, 72)
    fq2Negative(state + MINUS + 72, point + 72)
    frobeniusImages(state + IMAGES, point)
  }
  let line = lines
  for (let index = 0; index < LOOP_LENGTH; index++) {
    step(line, stride, 0, 0, outside, count, work)
    line += UNIT_LINE_BYTES
    const digit = load<i8>(LOOP + index)
    if (digit === 0) continue
    if (digit > 0) step(line, stride, points, 144, outside, count, work)
    else step(line, stride, work + MINUS, UNIT_LINE_WORK, outside, count, work)
    line += UNIT_LINE_BYTES
  }
  step(line, stride, work + IMAGES, UNIT_LINE_WORK, outside, count, work)
  step(line + UNIT_LINE_BYTES, stride, work + IMAGES + 144, UNIT_LINE_WORK, outside, count, work)
  for (let index: usize = 0; index < <usize>count; index++) {
    const state = work + UNIT_LINE_WORK * index
    if (!isEqual(state + T, state + IMAGES + 288)) store<u8>(outside + index, 1)
  }
}

/** T = T + S for every point, S being at `addends` + i·`apart`; T = 2T where `addends` is 0. */
function step(line: usize, stride: usize, addends: usize, apart: usize, outside: usize, count: i32, work: usize): void {
  const running = changetype<Fq2>(RUNNING)
  running.setOne()
  for (let index: usize = 0; index < <usize>count; index++) {
    const state = work + UNIT_LINE_WORK * index,
      denominator = changetype<Fq2>(state + DENOMINATOR)
    if (addends) fq2Difference(state + DENOMINATOR, addends + apart * index, state + T)
    else fq2Double(state + DENOMINATOR, state + T + 72)
    if (denominator.isZero()) {
      store<u8>(outside + index, 1)
      denominator.setOne()
    }
    changetype<Fq2>(state + PRODUCT).copy(running)
    product(running, running, denominator)
  }
  running.inverse(running)
  for (let index: usize = count; index-- > 0; ) {
    const state = work + UNIT_LINE_WORK * index
    product(changetype<Fq2>(SLOPE), running, changetype<Fq2>(state + PRODUCT))
    product(running, running, changetype<Fq2>(state + DENOMINATOR))
    move(line + stride * index, state + T, addends ? addends + apart * index : state + T, addends === 0)
  }
}

/** One sum, with the denominator's inverse in SLOPE. */
function move(line: usize, t: usize, s: usize, doubling: bool): void {
  const x = changetype<Fq2>(t),
    y = changetype<Fq2>(t + 72),
    slope = changetype<Fq2>(line),
    a = changetype<Fq2>(X),
    b = changetype<Fq2>(Y)
  if (doubling) {
    square(a, x)
    fq2Triple(X, X)
  } else a.sub(changetype<Fq2>(s + 72), y)
  product(slope, a, changetype<Fq2>(SLOPE))
  changetype<Fq2>(line + 72).mulSub(slope, x, y)
  b.add(x, changetype<Fq2>(s))
  a.copy(x)
  x.sqrSub(slope, b)
  a.sub(a, x)
  y.mulSub(slope, a, y)
}

function isEqual(p: usize, q: usize): bool {
  return changetype<Fq2>(p).equals(changetype<Fq2>(q)) && changetype<Fq2>(p + 72).equals(changetype<Fq2>(q + 72))
}
