import type { Engine } from '../engine/load.ts'
import { multiply, PointSet, Scalars } from '../engine/msm.ts'
import { release } from '../engine/release.ts'
import type { PointBytes, ShardImage } from './key-image.ts'

/** Sums over a shard's wires, affine as the `.zkey` has points, infinity zeros: 64, 64 and 128 bytes. */
export type WireSums = { a: Uint8Array<ArrayBuffer>; b1: Uint8Array<ArrayBuffer>; b2: Uint8Array<ArrayBuffer> }

/** Called after each step of a proof with how long it took. */
export type OnStep = (step: ShardStep, milliseconds: number) => void
export type ShardStep = 'recode' | 'a' | 'b1' | 'b2' | 'c'

/**
 * A shard of one proving key in an engine of its own: the points stay, the scalars are each proof's. Per proof first
 * {@link wireSums}, then {@link quotientSum}, which leaves no scalar behind.
 */
export class Shard {
  readonly #engine: Engine
  readonly #scalars: Scalars
  readonly #wires: number
  readonly #points: Readonly<Record<'a' | 'b1' | 'b2' | 'c', PointSet>>
  readonly #onStep: OnStep | undefined

  /** Takes the image over: its arrays are empty afterwards. */
  constructor(engine: Engine, { wires, quotients, a, b1, b2, c }: ShardImage, onStep?: OnStep) {
    const build = (group: 'g1' | 'g2', { points, places }: PointBytes): PointSet => {
      const set = PointSet.create(engine, { group, points, places })
      release(points, places)
      return set
    }
    this.#engine = engine
    this.#wires = wires
    this.#onStep = onStep
    this.#points = { a: build('g1', a), b1: build('g1', b1), b2: build('g2', b2), c: build('g1', c) }
    this.#scalars = new Scalars(engine, wires + quotients)
  }

  /** Σ wᵢAᵢ, Σ wᵢBᵢ in G1 and in G2, over the shard's wires, whose values are 32 bytes each, canonical. */
  wireSums(values: Uint8Array): WireSums {
    this.#timed('recode', () => this.#scalars.put(0, values))
    return { a: this.#sum('a'), b1: this.#sum('b1'), b2: this.#sum('b2') }
  }

  /** Σ wᵢCᵢ + Σ hⱼHⱼ over the wires given last and these values of the quotient. Then forgets both. */
  quotientSum(values: Uint8Array): Uint8Array<ArrayBuffer> {
    try {
      this.#timed('recode', () => this.#scalars.put(this.#wires, values))
      return this.#sum('c')
    } finally {
      this.clear()
    }
  }

  /** Overwrites the scalars of a proof that will not be finished. */
  clear(): void {
    this.#scalars.clear()
  }

  #sum(set: 'a' | 'b1' | 'b2' | 'c'): Uint8Array<ArrayBuffer> {
    return this.#timed(set, () => multiply(this.#engine, this.#points[set], this.#scalars))
  }

  #timed<Result>(step: ShardStep, body: () => Result): Result {
    const begin = performance.now()
    const result = body()
    this.#onStep?.(step, performance.now() - begin)
    return result
  }
}
