import { littleEndian } from './little-endian.ts'
import type { Engine, Pointer } from './load.ts'
import { G1_GENERATOR, G2_GENERATOR } from './parameters.ts'

/** Bits of a window, so that a window's part of a table stays in a core's cache. */
const WINDOW_BITS = { g1: 13, g2: 12 } as const
/** Scalars have 254 bits, and signed digits carry one further. */
const DIGIT_BITS = 255

const GROUPS = {
  g1: { suffix: 'G1', coordinate: 32, memory: 36, generator: [G1_GENERATOR.x, G1_GENERATOR.y] },
  g2: {
    suffix: 'G2',
    coordinate: 64,
    memory: 72,
    generator: [G2_GENERATOR.x.c0, G2_GENERATOR.x.c1, G2_GENERATOR.y.c0, G2_GENERATOR.y.c1],
  },
} as const

/**
 * Multiples of one of BN254's two fixed generators, by a table that is filled once: 6 MB for G1, 13 MB for G2, in the
 * engine's memory for as long as it lives.
 */
export class FixedBase {
  readonly #engine: Engine
  readonly #group: (typeof GROUPS)[keyof typeof GROUPS]
  readonly #bits: number
  readonly #windows: number
  readonly #table: Pointer

  constructor(engine: Engine, group: keyof typeof GROUPS) {
    this.#engine = engine
    this.#group = GROUPS[group]
    this.#bits = WINDOW_BITS[group]
    this.#windows = Math.ceil(DIGIT_BITS / this.#bits)
    this.#table = this.#createTable()
  }

  /**
   * s·G for each scalar: 32 bytes each, little-endian, below the group's order r. The points are affine, 64 bytes each
   * in G1 and 128 in G2, coordinates little-endian as x·2^256 mod q, infinity all zeros. Runs to its end without
   * pause; a few thousand at a time share an inversion and stay in the cache. The engine's memory keeps nothing of the
   * scalars. Throws a RangeError for other lengths and for a scalar above 2^254.
   */
  multiply(scalars: Uint8Array): Uint8Array<ArrayBuffer> {
    const count = scalars.length / 32
    if (!Number.isInteger(count)) throw new RangeError(`scalars have 32 bytes each, ${scalars.length} are none`)
    for (let top = 31; top < scalars.length; top += 32) {
      if ((scalars[top] ?? 0) >= 0x40) throw new RangeError('a scalar is beyond the order of the group')
    }
    const engine = this.#engine
    const { suffix, coordinate } = this.#group
    return engine.scoped(() => {
      const input = engine.put(scalars)
      const output = engine.allocate(count * 2 * coordinate)
      const work = engine.allocate(engine.call(`fixedBaseWork${suffix}`, count))
      const table = [this.#table, this.#bits, this.#windows] as const
      engine.call(`fixedBaseMultiply${suffix}`, output, ...table, input, count, work)
      return engine.take(output, count * 2 * coordinate)
    })
  }

  #createTable(): Pointer {
    const engine = this.#engine
    const { suffix, memory, generator } = this.#group
    const digits = 2 ** (this.#bits - 1)
    const table = engine.allocate(this.#windows * digits * 2 * memory)
    engine.scoped(() => {
      const point = engine.put(littleEndian(generator))
      const work = engine.allocate(engine.call(`fixedBaseWork${suffix}`, digits))
      engine.call(`fixedBaseTable${suffix}`, table, this.#bits, this.#windows, point, work)
    })
    return table
  }
}
