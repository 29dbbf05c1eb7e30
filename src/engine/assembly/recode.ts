import { HALF_BITS, splitScalar } from './generated/glv'

/** Bytes of a scalar made ready: twice each half, in two's complement. */
export const RECODED_BYTES: usize = 32

/** Splits `count` scalars of 32 bytes, one after the other, and wipes them. */
export function recodeScalars(recoded: usize, scalars: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) splitScalar(recoded + RECODED_BYTES * i, scalars + 32 * i)
  memory.fill(scalars, 0, 32 * count)
}

/** Where window `index` of `windows` begins, in bits of a half: windows of nearly equal widths. */
export function windowStart(index: usize, windows: usize): usize {
  return (HALF_BITS * index) / windows
}

/**
 * The digit of the half at `half` for the window of `width` bits from `start` on: between −2^(width − 1) and
 * 2^(width − 1), told by those bits and the one below them alone (Booth 1951, by more bits). Bit −1 of the half is
 * the zero that doubling it left.
 */
export function digit(half: usize, start: usize, width: u32): i32 {
  const bits = <u32>(load<u64>(half + (start >>> 3)) >>> <u64>(start & 7)) & ((2 << width) - 1)
  return <i32>(((bits + 1) >>> 1) - ((bits >>> width) << width))
}
