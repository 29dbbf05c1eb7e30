import { G1_BYTES, G2_BYTES, type ZkeySections } from '../proving-key/zkey-format.ts'
import type { Division } from './division.ts'
import { isInfinity, wordsOf } from './point-words.ts'

/** Points of one group, affine as the `.zkey` has them, none of them infinity. */
export type PointBytes = {
  /** 64 bytes a point of G1, 128 of G2. */
  points: Uint8Array<ArrayBuffer>
  /** For each point, which of the shard's scalars multiplies it. */
  places: Uint32Array<ArrayBuffer>
}

/**
 * A worker's shard of a key as it is sent to it. Its scalars are the values of its `wires` wires, in their order, and
 * after them those of its `quotients` points of H; `c` holds its points of C and of H, summed in one.
 */
export type ShardImage = {
  wires: number
  quotients: number
  a: PointBytes
  b1: PointBytes
  b2: PointBytes
  c: PointBytes
}

/** Copies a worker's part out of a key: afterwards the key's own bytes can go. */
export function shardImage(key: ZkeySections, { wires, quotient }: Division): ShardImage {
  const secret = wires.findIndex((wire) => wire > key.publicCount)
  const firstSecret = secret < 0 ? wires.length : secret
  const secretIndices = wires.subarray(firstSecret).map((wire) => wire - key.publicCount - 1)
  const quotients = quotient.to - quotient.from
  const quotientIndices = Uint32Array.from({ length: quotients }, (_, index) => quotient.from + index)
  const ofWires = (section: Uint8Array): Range[] => [{ section, indices: wires, firstPlace: 0 }]
  return {
    wires: wires.length,
    quotients,
    a: collect(G1_BYTES, ofWires(key.a)),
    b1: collect(G1_BYTES, ofWires(key.b1)),
    b2: collect(G2_BYTES, ofWires(key.b2)),
    c: collect(G1_BYTES, [
      { section: key.c, indices: secretIndices, firstPlace: firstSecret },
      { section: key.h, indices: quotientIndices, firstPlace: wires.length },
    ]),
  }
}

/** The buffers of an image, for a message that hands them over. */
export function imageBuffers({ a, b1, b2, c }: ShardImage): ArrayBuffer[] {
  return [a, b1, b2, c].flatMap(({ points, places }) => [points.buffer, places.buffer])
}

/** The values of some wires, 32 bytes each, one after another. They are the caller's to overwrite. */
export function wireScalars(witness: Uint8Array, wires: Uint32Array): Uint8Array<ArrayBuffer> {
  const scalars = new Uint8Array(wires.length * 32)
  for (let place = 0; place < wires.length; place++) {
    const at = (wires[place] ?? 0) * 32
    for (let byte = 0; byte < 32; byte++) scalars[place * 32 + byte] = witness[at + byte] ?? 0
  }
  return scalars
}

/** Points of a section by their indices; the first takes the scalar at `firstPlace`, the next the one after it. */
type Range = { section: Uint8Array; indices: Uint32Array; firstPlace: number }

function collect(pointBytes: number, ranges: readonly Range[]): PointBytes {
  const size = pointBytes / 4
  const sections = ranges.map(({ section }) => wordsOf(section))
  const finite = ranges.map(({ indices }, range) => finitePositions(sections[range] ?? NO_WORDS, indices, size))
  const count = finite.reduce((sum, positions) => sum + positions.length, 0)
  const points = new Uint32Array(count * size)
  const places = new Uint32Array(count)
  let next = 0
  for (const [range, { indices, firstPlace }] of ranges.entries()) {
    const [words, positions] = [sections[range] ?? NO_WORDS, finite[range] ?? NO_WORDS]
    for (const position of positions) {
      const [from, to] = [(indices[position] ?? 0) * size, next * size]
      for (let word = 0; word < size; word++) points[to + word] = words[from + word] ?? 0
      places[next++] = firstPlace + position
    }
  }
  return { points: new Uint8Array(points.buffer), places }
}

const NO_WORDS = new Uint32Array()

/** Those positions in `indices` whose points are not infinity. */
function finitePositions(words: Uint32Array, indices: Uint32Array, size: number): Uint32Array {
  const positions = new Uint32Array(indices.length)
  let count = 0
  for (let position = 0; position < indices.length; position++) {
    if (!isInfinity(words, (indices[position] ?? 0) * size, size)) positions[count++] = position
  }
  return positions.subarray(0, count)
}
