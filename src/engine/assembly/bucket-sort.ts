import { ENDOMORPHISM, NEGATIVE } from './pair-addition'
import { digit, RECODED_BYTES } from './recode'

/** Of one window: which bits of the scalars' halves. */
@unmanaged
export class Window {
  start: usize
  width: u32
}

/**
 * The digits of all `count` points for a window: two 32-bit integers a point, of both halves of its scalar. Counts
 * them by their absolute values, from 1 on.
 */
export function readDigits(
  digits: usize,
  counts: usize,
  window: Window,
  places: usize,
  scalars: usize,
  count: usize,
): void {
  const start = window.start
  const width = window.width
  for (let i: usize = 0; i < count; i++) {
    const scalar = scalars + RECODED_BYTES * <usize>load<u32>(places + 4 * i)
    const first = digit(scalar, start, width)
    const second = digit(scalar + RECODED_BYTES / 2, start, width)
    store<i32>(digits + 8 * i, first)
    store<i32>(digits + 8 * i, second, 4)
    countDigit(counts, first)
    countDigit(counts, second)
  }
}

function countDigit(counts: usize, digit: i32): void {
  if (digit === 0) return
  const counter = counts + 4 * <usize>abs(digit) - 4
  store<u32>(counter, load<u32>(counter) + 1)
}

/** From the numbers of references to where those of each bucket begin; returns where the last ends. */
export function beginBuckets(positions: usize, counts: usize, buckets: usize, references: usize): usize {
  for (let bucket: usize = 0; bucket < buckets; bucket++) {
    store<u32>(positions + 4 * bucket, <u32>references)
    references += 4 * <usize>load<u32>(counts + 4 * bucket)
  }
  return references
}

/** Puts a reference for every digit but 0 where the bucket's next one belongs. */
export function fillBuckets(positions: usize, digits: usize, count: usize, image: usize, pointBytes: usize): void {
  let point = <u32>image
  for (let i: usize = 0; i < count; i++) {
    placeReference(positions, load<i32>(digits + 8 * i), point)
    placeReference(positions, load<i32>(digits + 8 * i, 4), point | ENDOMORPHISM)
    point += <u32>pointBytes
  }
}

function placeReference(positions: usize, digit: i32, reference: u32): void {
  if (digit === 0) return
  const position = positions + 4 * <usize>abs(digit) - 4
  const place = load<u32>(position)
  store<u32>(<usize>place, reference | (digit < 0 ? NEGATIVE : 0))
  store<u32>(position, place + 4)
}
