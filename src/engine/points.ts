import type { Engine } from './load.ts'
import { type Group, POINT_BYTES } from './msm.ts'

/**
 * How many of the points ({@link POINT_BYTES} each) stand before the first that is neither infinity nor a point of the
 * curve or its twist with coordinates below q.
 */
export function countOnCurve(engine: Engine, group: Group, points: Uint8Array): number {
  return engine.scoped(() => engine.call(`${group}CountOnCurve`, engine.put(points), countOf(group, points)))
}

/** How many points of the twist stand before the first that is not in the group of order r. */
export function countInSubgroup(engine: Engine, points: Uint8Array): number {
  return engine.scoped(() => engine.call('g2CountInSubgroup', engine.put(points), countOf('g2', points)))
}

/** Points by half their bytes. */
export type CompressedPoints = {
  /** A bit for each point, the lowest first: set where it is infinity. The bits beyond the last point are zero. */
  readonly infinities: Uint8Array
  /** For each other point x and, as its highest bit, which y. */
  readonly compressed: Uint8Array
}

/** Halves points, each of which must be infinity or on the curve; see {@link countOnCurve}. */
export function compressPoints(engine: Engine, group: Group, points: Uint8Array): CompressedPoints {
  const count = countOf(group, points)
  return engine.scoped(() => {
    const bits = engine.put(new Uint8Array((count + 7) >> 3))
    const to = engine.allocate(points.length / 2)
    const written = engine.call(`${group}Compress`, to, bits, engine.put(points), count)
    const infinities = engine.take(bits, (count + 7) >> 3)
    return { infinities, compressed: engine.take(to, (written * POINT_BYTES[group]) / 2) }
  })
}

/**
 * `count` points from their {@link compressPoints compressed} form. Undefined where a compressed point is none: an x
 * that is not below q, or without y. Throws a RangeError where the lengths are not those of `count` points. A square
 * root a point: eight microseconds in G1, some twenty in G2.
 */
export function decompressPoints(
  engine: Engine,
  group: Group,
  { infinities, compressed, count }: CompressedPoints & { count: number },
): Uint8Array<ArrayBuffer> | undefined {
  const half = POINT_BYTES[group] / 2
  if (infinities.length !== (count + 7) >> 3) throw new RangeError(`${infinities.length} bytes of bits for ${count}`)
  const finite = count - countBits(infinities)
  if (compressed.length !== finite * half) throw new RangeError(`${compressed.length} bytes for ${finite} points`)
  return engine.scoped(() => {
    const points = engine.allocate(count * POINT_BYTES[group])
    const bits = engine.put(infinities)
    const done = engine.call(`${group}Decompress`, points, bits, engine.put(compressed), count)
    return done === count ? engine.take(points, count * POINT_BYTES[group]) : undefined
  })
}

/** How many bits are set. */
export function countBits(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) for (let rest = byte; rest > 0; rest &= rest - 1) count++
  return count
}

function countOf(group: Group, points: Uint8Array): number {
  const count = points.length / POINT_BYTES[group]
  if (!Number.isInteger(count)) throw new RangeError(`${points.length} bytes are no whole number of points`)
  return count
}
