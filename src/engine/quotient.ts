import { type ConstraintEntries, compileConstraints } from './constraint-rows.ts'
import { checkDomainLog, Domain } from './domain.ts'
import { EngineError } from './engine-error.ts'
import type { Engine, Pointer } from './load.ts'
import { ELEMENT_BYTES } from './parameters.ts'

/** Bytes of a field element outside the engine. */
const VALUE_BYTES = 32

/**
 * The H part of a Groth16 prover: from a witness to the scalars by which the points of a `.zkey`'s section 9 are
 * multiplied. They are the values of (A·B − C)(x) on the coset g·ω^j of the domain, A, B, C being the polynomials with
 * the values a = A·w, b = B·w, c = a∘b at the ω^j.
 *
 * Memory that it keeps ({@link bytes}): a domain point takes 72 bytes for its root, 72 for two polynomials, 32 for its
 * scalar and 8 for its rows of A and B; 36 a wire, a distinct row and a distinct coefficient; 8 a product of a distinct
 * row, 4 another term of it; 32 a wire more than the domain has points. The tables from which it is made were in the
 * same place before (constraint-rows.ts); none are outside of the engine.
 */
export class QuotientProgram {
  readonly domain: Domain
  /** Number of values in a witness. */
  readonly wires: number
  /** Bytes of the engine's memory that it keeps. */
  readonly bytes: number
  readonly #engine: Engine
  readonly #steps: number
  readonly #program: Pointer
  /** Addresses of the values of the rows of A and of B, in the order of {@link Domain.place}. */
  readonly #a: Pointer
  readonly #b: Pointer
  /** The witness, the result of each step of the program, 0. */
  readonly #values: Pointer
  readonly #first: Pointer
  readonly #second: Pointer
  /** Bytes on their way in and out. */
  readonly #window: Pointer
  readonly #end: Pointer

  private constructor(engine: Engine, constraints: ConstraintEntries) {
    const begin = engine.allocate(0)
    const { program, steps, values, a, b } = compileConstraints(engine, constraints)
    this.#engine = engine
    this.wires = constraints.wires
    this.#steps = steps
    this.#program = program
    this.#values = values
    this.#a = a
    this.#b = b
    this.domain = Domain.create(engine, constraints.domainLog)
    this.#first = engine.allocate(this.domain.polynomialBytes)
    this.#second = engine.allocate(this.domain.polynomialBytes)
    this.#window = engine.allocate(VALUE_BYTES * Math.max(this.domain.size, this.wires))
    this.#end = engine.allocate(0)
    this.bytes = this.#end - begin
    this.clear()
  }

  /**
   * Compiles the coefficients of a proving key; the memory is the program's for as long as the engine lives. Throws an
   * {@link EngineError} `domain_size`, `coefficients_malformed` or `coefficient_out_of_range`.
   */
  static create(engine: Engine, constraints: ConstraintEntries): QuotientProgram {
    checkDomainLog(constraints.domainLog)
    return new QuotientProgram(engine, constraints)
  }

  /**
   * @param witness `wires` values below r, 32 bytes little-endian each. Whether they satisfy the constraints is not
   *   checked: scalars of a false witness make a proof that does not verify.
   * @returns a scalar for each point of the domain, canonical, 32 bytes little-endian each.
   *
   * What follows from the witness stays in the engine's memory until the next call or {@link clear}. Throws an
   * {@link EngineError} `witness_size` on any other length.
   */
  evaluate(witness: Uint8Array): Uint8Array<ArrayBuffer> {
    if (witness.length !== VALUE_BYTES * this.wires) {
      throw new EngineError('witness_size', `${witness.length} bytes for ${this.wires} wires of ${VALUE_BYTES}`)
    }
    const { log, size, roots } = this.domain
    const call = this.#engine.call.bind(this.#engine)
    this.#engine.view(this.#window, witness.length).set(witness)
    call('quotientValues', this.#values, this.#window, this.wires)
    call('quotientCombine', this.#values + ELEMENT_BYTES * this.wires, this.#program, this.#steps)
    call('quotientGather', this.#first, this.#a, size)
    call('quotientExtend', this.#first, log, roots)
    call('quotientGather', this.#second, this.#b, size)
    call('quotientExtend', this.#second, log, roots)
    call('quotientMultiply', this.#first, this.#second, log)
    call('quotientGather', this.#second, this.#a, size)
    call('quotientMultiplyGathered', this.#second, this.#b, size)
    call('quotientExtend', this.#second, log, roots)
    call('quotientJoin', this.#window, this.#first, this.#second, log)
    return this.#engine.take(this.#window, VALUE_BYTES * size)
  }

  /** Overwrites whatever follows from a witness. */
  clear(): void {
    this.#engine.view(this.#values, ELEMENT_BYTES * (this.wires + this.#steps + 1)).fill(0)
    this.#engine.view(this.#first, this.#end - this.#first).fill(0)
    this.#engine.call('quotientForget')
  }
}
