import { Affine } from './curve'
import { ADDITION_BYTES, addInBatches, isHole, pointX, pointY, signedCopy } from './pair-addition'

/**
 * Sums of segments of a list of points, all at once: every round adds the points of each segment in pairs, the first
 * to the last, the second to the last but one, and halves their number. A point without a partner stays.
 */

/** Where the sums of `segments` segments are found, and what finding them takes: addresses in a caller's memory. */
@unmanaged
export class Segments {
  /** References of the points, segment after segment, 32 bits each. */
  references: usize
  /** Of every segment how many points it has, 32 bits; afterwards 1, or 0 where the sum is infinity. */
  counts: usize
  /** Of every segment, afterwards, where its sum stands: 32-bit addresses. */
  sums: usize
  /** Room for a point to every two references and one more to every segment. */
  points: usize
  /** Room for an addition to every two references. */
  additions: usize
  /** Room for 32 bits a segment. */
  active: usize
  /** Room for {@link additionScratchBytes}. */
  records: usize
}

/** Sums up `count` segments. */
export function sumSegments<F>(segments: Segments, count: usize): void {
  let active = firstRound<F>(segments, count)
  while (active > 0) active = nextRound<F>(segments, count, active)
}

/** From references to points: reads them where they stand, applies signs, and returns how many segments go on. */
function firstRound<F>(segments: Segments, count: usize): usize {
  const size: usize = 2 * offsetof<F>()
  let slot = segments.points
  let references = segments.references
  let addition = segments.additions
  let active: usize = 0
  for (let segment: usize = 0; segment < count; segment++) {
    store<u32>(segments.sums + 4 * segment, <u32>slot)
    const length = <usize>load<u32>(segments.counts + 4 * segment)
    if (length === 0) continue
    const pairs = length >>> 1
    let last = references + 4 * (length - 1)
    for (let pair: usize = 0; pair < pairs; pair++) {
      store<u32>(addition, load<u32>(references))
      store<u32>(addition, load<u32>(last), 4)
      store<u32>(addition, <u32>slot, 8)
      addition += ADDITION_BYTES
      references += 4
      last -= 4
      slot += size
    }
    if (length & 1) {
      copyReferred<F>(changetype<Affine<F>>(slot), load<u32>(references))
      references += 4
      slot += size
    }
    references += 4 * pairs
    const left = pairs + (length & 1)
    store<u32>(segments.counts + 4 * segment, <u32>left)
    if (left > 1) store<u32>(segments.active + 4 * active++, <u32>segment)
  }
  const additions = (addition - segments.additions) / ADDITION_BYTES
  const holes = addInBatches<F>(segments.additions, additions, segments.records, true)
  return holes ? closeHoles<F>(segments, count) : active
}

/** Halves the segments that have more than one point, in place; returns how many go on. */
function nextRound<F>(segments: Segments, count: usize, active: usize): usize {
  const size: usize = 2 * offsetof<F>()
  let addition = segments.additions
  let next: usize = 0
  for (let index: usize = 0; index < active; index++) {
    const segment = <usize>load<u32>(segments.active + 4 * index)
    const length = <usize>load<u32>(segments.counts + 4 * segment)
    const pairs = length >>> 1
    let first = <usize>load<u32>(segments.sums + 4 * segment)
    let last = first + size * (length - 1)
    for (let pair: usize = 0; pair < pairs; pair++) {
      store<u32>(addition, <u32>first)
      store<u32>(addition, <u32>last, 4)
      store<u32>(addition, <u32>first, 8)
      addition += ADDITION_BYTES
      first += size
      last -= size
    }
    const left = pairs + (length & 1)
    store<u32>(segments.counts + 4 * segment, <u32>left)
    if (left > 1) store<u32>(segments.active + 4 * next++, <u32>segment)
  }
  const additions = (addition - segments.additions) / ADDITION_BYTES
  const holes = addInBatches<F>(segments.additions, additions, segments.records, false)
  return holes ? closeHoles<F>(segments, count) : next
}

/** Coordinates as products leave them, whatever they were. */
function copyReferred<F>(to: Affine<F>, reference: u32): void {
  to.x.copy(pointX<F>(reference))
  signedCopy<F>(to.y, pointY<F>(reference), reference)
  to.y.reduce(to.y)
}

/** Moves the last points of segments into the places of sums that were infinity; returns how many segments go on. */
function closeHoles<F>(segments: Segments, count: usize): usize {
  const size: usize = 2 * offsetof<F>()
  let active: usize = 0
  for (let segment: usize = 0; segment < count; segment++) {
    let length = <usize>load<u32>(segments.counts + 4 * segment)
    const first = <usize>load<u32>(segments.sums + 4 * segment)
    for (let index = length; index-- > 0; ) {
      const slot = first + size * index
      if (!isHole(slot)) continue
      length--
      changetype<Affine<F>>(slot).copy(changetype<Affine<F>>(first + size * length))
    }
    store<u32>(segments.counts + 4 * segment, <u32>length)
    if (length > 1) store<u32>(segments.active + 4 * active++, <u32>segment)
  }
  return active
}
