import { HALF_BITS } from './parameters.ts'

/** Of a 32-bit machine's memory more than 2^18 buckets a window would take too much. */
const FEWEST = 7

/**
 * Into how many windows a multiplication of `count` points divides the 127 bits of half scalars, in either group: what
 * makes the fewest additions. A window adds both halves' references of every point, less one for every bucket, and
 * every bucket again to a row and to a column. Sorting and reading points where they stand make a reference dearer
 * than a bucket, by {@link REFERENCE}; `bench/engine-windows.ts` measured that, and is what judges the choice.
 */
export function windowsFor(count: number): number {
  let best = FEWEST
  for (let windows = FEWEST + 1; windows <= HALF_BITS; windows++) {
    if (additions(count, windows) < additions(count, best)) best = windows
  }
  return best
}

const REFERENCE = 1.05

function additions(count: number, windows: number): number {
  const width = Math.floor(HALF_BITS / windows)
  const wide = HALF_BITS % windows
  return windows * 2 * REFERENCE * count + (windows - wide) * 2 ** (width - 1) + wide * 2 ** width
}
