import { EngineError } from './engine-error.ts'
import type { Engine, Pointer } from './load.ts'
import { GT_MEMORY_BYTES, lineBytes, millerProduct, pairingArguments, unitLines } from './pairing-lines.ts'
import { AFFINE_BYTES, readG1, readTwist, SUM_BYTES, TWIST_BYTES } from './pairing-points.ts'

/** Affine, 64 bytes in G1 and 128 in G2: 32 bytes for each part of x and y, little-endian, canonical. */
export type KeyPoints = {
  readonly alpha: Uint8Array
  readonly beta: Uint8Array
  readonly gamma: Uint8Array
  readonly delta: Uint8Array
  /** IC: one point for the constant, then one for each public signal. */
  readonly inputs: readonly Uint8Array[]
}

/**
 * A Groth16 verification key in one engine's memory, with all that its proofs share computed: the lines of β, γ and δ,
 * the Miller loop of (α, β), multiples of IC and α. 147 KB a signal, for as long as the engine lives.
 */
export class PairingKey {
  readonly engine: Engine
  /** Signals that a proof has: one less than IC has points. */
  readonly signalCount: number
  /** The Miller loop of (α, β), without the final exponentiation. */
  readonly alphaBeta: Pointer
  readonly betaLines: Pointer
  readonly gammaLines: Pointer
  readonly deltaLines: Pointer
  readonly #tables: Pointer

  private constructor(engine: Engine, signalCount: number, memory: readonly [Pointer, Pointer, Pointer]) {
    this.engine = engine
    this.signalCount = signalCount
    const [alphaBeta, lines, tables] = memory
    const stride = lineBytes(engine, 'unit')
    this.alphaBeta = alphaBeta
    this.betaLines = lines
    this.gammaLines = lines + stride
    this.deltaLines = lines + 2 * stride
    this.#tables = tables
  }

  /**
   * Some four milliseconds for four signals, ten for sixteen. Throws {@link EngineError} with `key_inputs_missing`,
   * `point_length`, `point_unreduced`, `point_infinite`, `point_off_curve` or `point_outside_group`. That a key's
   * points are in their groups does not make it safe: whether two of them are the same is the caller's to ask.
   */
  static create(engine: Engine, points: KeyPoints): PairingKey {
    const { alpha, inputs } = points
    if (inputs.length === 0) throw new EngineError('key_inputs_missing', 'a key has at least one point of IC')
    const checked = engine.scoped(() => checkKey(engine, points))
    const memory = engine.allocate(GT_MEMORY_BYTES)
    const lines = engine.put(checked)
    const tables = createTables(engine, [...inputs, alpha])
    const key = new PairingKey(engine, inputs.length - 1, [memory, lines, tables])
    engine.scoped(() => {
      const sum = engine.allocate(SUM_BYTES)
      engine.call('pairingFromAffine', sum, tables + inputs.length * AFFINE_BYTES)
      const argument = pairingArguments(engine, sum, 1)
      millerProduct(engine, memory, [{ lines: key.betaLines, form: 'unit', argument }])
    })
    return key
  }

  /** Throws a TypeError unless the key lies in this engine's memory. */
  requireEngine(engine: Engine): void {
    if (engine !== this.engine) throw new TypeError('the key lies in the memory of another engine')
  }

  /** Writes IC₀ + Σ sᵢ·ICᵢ to `sum`, for scalars from IC₀'s on at `scalars`, 32 bytes little-endian below r each. */
  sumInputs(sum: Pointer, scalars: Pointer): void {
    this.#sum(sum, 0, scalars, this.signalCount + 1)
  }

  /** Writes s·α to `sum`. */
  multiplyAlpha(sum: Pointer, scalar: Pointer): void {
    this.#sum(sum, this.signalCount + 1, scalar, 1)
  }

  #sum(sum: Pointer, first: number, scalars: Pointer, count: number): void {
    const points = this.signalCount + 2
    this.engine.call('inputSum', sum, this.#tables, points, first, scalars, count)
  }
}

/** The lines of β, γ and δ, all points of the key having been checked. */
function checkKey(engine: Engine, { alpha, beta, gamma, delta, inputs }: KeyPoints): Uint8Array {
  const point = engine.allocate(AFFINE_BYTES)
  readG1(engine, point, alpha, 'alpha')
  for (const [index, input] of inputs.entries()) readG1(engine, point, input, `input ${index}`)
  const names = ['beta', 'gamma', 'delta'] as const
  const fixed = { beta, gamma, delta }
  const twist = engine.allocate(names.length * TWIST_BYTES)
  for (const [index, name] of names.entries()) readTwist(engine, twist + index * TWIST_BYTES, fixed[name], name)
  const stride = lineBytes(engine, 'unit')
  const lines = engine.allocate(names.length * stride)
  const inGroup = unitLines(engine, { lines, stride, points: twist, count: names.length })
  for (const [index, name] of names.entries()) {
    if (!inGroup[index]) throw new EngineError('point_outside_group', `${name} is not in G2`)
  }
  return engine.take(lines, names.length * stride)
}

/** Multiples of points of G1 that have been checked. */
function createTables(engine: Engine, points: readonly Uint8Array[]): Pointer {
  const count = points.length
  const tables = engine.allocate(engine.call('inputTablesBytes', count))
  for (const [index, bytes] of points.entries()) readG1(engine, tables + index * AFFINE_BYTES, bytes, `point ${index}`)
  engine.scoped(() => {
    const work = engine.allocate(engine.call('inputTablesWork', count))
    engine.call('inputTables', tables, count, work)
  })
  return tables
}
