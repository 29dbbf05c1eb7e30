import { EngineError } from './engine-error.ts'
import type { Engine, Pointer } from './load.ts'
import { ELEMENT_BYTES } from './parameters.ts'

/** Bytes of a root of unity with its quotient by r. */
const ROOT_BYTES = 2 * ELEMENT_BYTES

/** The largest domain whose coset the field still has: r − 1 = 2^28 · odd. */
const MOST = 27

/**
 * The 2^log powers of a root of unity ω of order 2^log and their coset g·ω^j, g² = ω, with the table of roots that the
 * transforms take: 72 bytes a point, kept as long as the engine. ω and g are those of the `.zkey` format, powers of 5.
 *
 * Transforms work in place on 2^log elements of the engine's memory, Montgomery form or not, for they are linear.
 * Coefficients stand in natural order; values in bit-reversed order: the value at ω^j at place {@link place}(j).
 */
export class Domain {
  /** The size is 2^log. */
  readonly log: number
  readonly size: number
  /** Where the roots are, for the engine's functions. */
  readonly roots: Pointer
  readonly #engine: Engine

  private constructor(engine: Engine, log: number) {
    this.#engine = engine
    this.log = log
    this.size = 2 ** log
    this.roots = engine.allocate(ROOT_BYTES * this.size)
    engine.call('fftRoots', this.roots, log)
  }

  /** Throws as {@link checkDomainLog} does. */
  static create(engine: Engine, log: number): Domain {
    checkDomainLog(log)
    return new Domain(engine, log)
  }

  /** Bytes of one polynomial in the engine's memory. */
  get polynomialBytes(): number {
    return ELEMENT_BYTES * this.size
  }

  /** Bytes of memory that the table of roots keeps. */
  get bytes(): number {
    return ROOT_BYTES * this.size
  }

  /** Where the value at ω^index, or at g·ω^index, stands: the index with its bits reversed. */
  place(index: number): number {
    let reversed = 0
    for (let bit = 0, rest = index; bit < this.log; bit++, rest >>= 1) reversed = 2 * reversed + (rest & 1)
    return reversed
  }

  /** Values at the ω^j → `size` times the coefficients; whoever wants these divides. */
  toScaledCoefficients(values: Pointer): void {
    this.#engine.call('fftInverse', values, this.log, this.roots)
  }

  /** Coefficients → values at the ω^j. */
  toValues(coefficients: Pointer): void {
    this.#engine.call('fftForward', coefficients, this.log, this.roots, 0)
  }

  /** Coefficients → values at the g·ω^j. */
  toCosetValues(coefficients: Pointer): void {
    this.#engine.call('fftForward', coefficients, this.log, this.roots, 1)
  }
}

/** Throws an {@link EngineError} `domain_size` unless 1 ≤ log ≤ 27. */
export function checkDomainLog(log: number): void {
  if (!Number.isInteger(log) || log < 1 || log > MOST) {
    throw new EngineError('domain_size', `a domain of 2^${log} points: 2^1 to 2^${MOST} are possible`)
  }
}
