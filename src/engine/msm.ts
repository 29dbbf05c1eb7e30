import { littleEndian } from './little-endian.ts'
import type { Engine, Pointer } from './load.ts'
import { windowsFor } from './windows.ts'

/** G1 over Fq or G2, its twist, over Fq2. */
export type Group = 'g1' | 'g2'

/**
 * Bytes of an affine point outside the engine: x, then y, each x·2^256 mod q little-endian, as `.zkey` files hold it
 * (in G2 each c0, then c1). Infinity is all zeros.
 */
export const POINT_BYTES: Readonly<Record<Group, number>> = { g1: 64, g2: 128 }

/** Bytes of a scalar outside the engine: little-endian, below r. */
const SCALAR_BYTES = 32

/** Bytes of a point in the engine's memory: x, y and βx, the first coordinate of λ times the point. */
const IMAGE_BYTES: Readonly<Record<Group, number>> = { g1: 108, g2: 216 }

/** Scalars and points are taken in by parts, so that the engine's memory need not hold both forms of all of them. */
const PART = 1024

/**
 * Scalars by their places, made ready once for every set of points that is multiplied by them. They stay in the
 * engine's memory until they are overwritten or {@link clear}ed: whoever puts secrets here clears them.
 */
export class Scalars {
  readonly pointer: Pointer
  readonly capacity: number
  readonly #engine: Engine

  /** Room for `capacity` scalars, all zero. */
  constructor(engine: Engine, capacity: number) {
    this.#engine = engine
    this.capacity = capacity
    // Digits are read eight bytes at a time, so the last scalar's are followed by eight more.
    this.pointer = engine.allocate(SCALAR_BYTES * capacity + 8)
    this.clear()
  }

  /**
   * Puts scalars of 32 bytes little-endian at the places from `offset` on; they count modulo r. Throws a RangeError
   * where they do not fit.
   */
  put(offset: number, bytes: Uint8Array): void {
    const count = bytes.length / SCALAR_BYTES
    if (!Number.isInteger(count)) throw new RangeError(`${bytes.length} bytes are no whole number of scalars`)
    if (offset < 0 || offset + count > this.capacity) {
      throw new RangeError(`${count} scalars at ${offset}: there are ${this.capacity} places`)
    }
    this.#engine.scoped(() => {
      const window = this.#engine.allocate(SCALAR_BYTES * Math.min(PART, count))
      for (let done = 0; done < count; done += PART) {
        const part = bytes.subarray(SCALAR_BYTES * done, SCALAR_BYTES * (done + PART))
        this.#engine.view(window, part.length).set(part)
        const to = this.pointer + SCALAR_BYTES * (offset + done)
        this.#engine.call('recodeScalars', to, window, part.length / SCALAR_BYTES)
      }
    })
  }

  /** Makes every scalar zero again. */
  clear(): void {
    this.#engine.view(this.pointer, SCALAR_BYTES * this.capacity + 8).fill(0)
  }
}

/** What a {@link PointSet} is made from. */
export type Points = {
  readonly group: Group
  /** Affine points, {@link POINT_BYTES} each, of the group of order r; infinity is left out. */
  readonly points: Uint8Array
  /** For every point the place of its scalar. */
  readonly places: Uint32Array
}

/** Points that stay: converted once, multiplied by ever new scalars. */
export class PointSet {
  readonly group: Group
  /** How many points are not infinity. */
  readonly count: number
  /** Bytes of the engine's memory that the set holds. */
  readonly bytes: number
  /** Where the points stand. */
  readonly image: Pointer
  /** Where the places stand, 32-bit each. */
  readonly places: Pointer
  /** How many scalars there have to be. */
  readonly span: number

  private constructor(properties: Pick<PointSet, 'group' | 'count' | 'bytes' | 'image' | 'places' | 'span'>) {
    this.group = properties.group
    this.count = properties.count
    this.bytes = properties.bytes
    this.image = properties.image
    this.places = properties.places
    this.span = properties.span
  }

  /** Throws a RangeError where there is not one place for every point. */
  static create(engine: Engine, { group, points, places }: Points): PointSet {
    const given = points.length / POINT_BYTES[group]
    if (given !== places.length) throw new RangeError(`${points.length} bytes of points for ${places.length} places`)
    const finite = countFinite(points, POINT_BYTES[group])
    const bytes = finite * (IMAGE_BYTES[group] + 4)
    const image = engine.allocate(finite * IMAGE_BYTES[group])
    const kept = engine.allocate(4 * finite)
    let count = 0
    engine.scoped(() => {
      const window = engine.allocate(PART * POINT_BYTES[group])
      const indices = engine.allocate(4 * PART)
      for (let done = 0; done < given; done += PART) {
        const part = points.subarray(POINT_BYTES[group] * done, POINT_BYTES[group] * (done + PART))
        engine.view(window, part.length).set(part)
        const partPlaces = places.slice(done, done + PART)
        engine.view(indices, partPlaces.byteLength).set(new Uint8Array(partPlaces.buffer))
        const to = image + IMAGE_BYTES[group] * count
        count += engine.call(`${group}Convert`, to, kept + 4 * count, window, indices, partPlaces.length)
      }
    })
    const span = places.reduce((most, place) => Math.max(most, place + 1), 0)
    return new PointSet({ group, count, bytes, image, places: kept, span })
  }
}

/** How many points are not all zeros. */
function countFinite(points: Uint8Array, pointBytes: number): number {
  let finite = 0
  for (let start = 0; start < points.length; start += pointBytes) {
    let at = start
    while (at < start + pointBytes && points[at] === 0) at++
    if (at < start + pointBytes) finite++
  }
  return finite
}

/**
 * Σ sᵢPᵢ, affine: {@link POINT_BYTES} bytes. Throws a RangeError where the set has a place that the scalars have not.
 * How long it takes and what it reads tells of the scalars. `windows` is for measuring; it changes no result.
 */
export function multiply(
  engine: Engine,
  set: PointSet,
  scalars: Scalars,
  windows: number = windowsFor(set.count),
): Uint8Array<ArrayBuffer> {
  if (set.span > scalars.capacity) throw new RangeError(`place ${set.span - 1} of ${scalars.capacity} scalars`)
  return engine.scoped(() => {
    const result = engine.allocate(POINT_BYTES[set.group])
    const scratch = engine.allocate(engine.call(`${set.group}ScratchBytes`, set.count, windows))
    engine.call(`${set.group}Multiply`, result, set.image, set.places, set.count, scalars.pointer, windows, scratch)
    return takeAway(engine, result, POINT_BYTES[set.group])
  })
}

/** a + b for points as {@link multiply} returns them. The engine's memory keeps nothing of any of them. */
export function addPoints(engine: Engine, group: Group, a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  checkPoint(group, a)
  checkPoint(group, b)
  return engine.scoped(() => {
    const [first, second] = [engine.put(a), engine.put(b)]
    engine.call(`${group}AddPoints`, first, first, second)
    engine.view(second, b.length).fill(0)
    return takeAway(engine, first, a.length)
  })
}

/**
 * scalar · point for any scalar in [0, 2^256), not reduced first: an integer or, where it is a secret that has to be
 * overwritten, 32 bytes little-endian. The engine's memory keeps nothing of scalar or points. Throws a RangeError for
 * any other.
 */
export function multiplyPoint(
  engine: Engine,
  group: Group,
  point: Uint8Array,
  scalar: bigint | Uint8Array,
): Uint8Array<ArrayBuffer> {
  const bytes = typeof scalar === 'bigint' ? scalarBytes(scalar) : scalar
  if (bytes.length !== SCALAR_BYTES) throw new RangeError(`${bytes.length} bytes are no scalar`)
  checkPoint(group, point)
  return engine.scoped(() => {
    const [factor, product] = [engine.put(bytes), engine.put(point)]
    engine.call(`${group}MultiplyPoint`, product, product, factor)
    engine.view(factor, SCALAR_BYTES).fill(0)
    return takeAway(engine, product, point.length)
  })
}

function scalarBytes(scalar: bigint): Uint8Array {
  if (scalar < 0n || scalar >> 256n !== 0n) throw new RangeError('a scalar is below 2^256 and not negative')
  return littleEndian([scalar])
}

function checkPoint(group: Group, point: Uint8Array): void {
  if (point.length !== POINT_BYTES[group]) throw new RangeError(`${point.length} bytes are no point of ${group}`)
}

/** A copy of bytes that are overwritten where they stood. */
function takeAway(engine: Engine, pointer: Pointer, length: number): Uint8Array<ArrayBuffer> {
  const bytes = engine.take(pointer, length)
  engine.view(pointer, length).fill(0)
  return bytes
}
