import type { Combination } from './combinations.ts'
import { type ConstraintEntries, type ConstraintRows, readConstraintRows } from './constraint-rows.ts'
import { checkDomainLog, Domain } from './domain.ts'
import { EngineError } from './engine-error.ts'
import type { Engine, Pointer } from './load.ts'
import { ELEMENT_BYTES } from './parameters.ts'

/** Bytes of a field element outside the engine. */
const VALUE_BYTES = 32

/** Terms of each kind that one step of the program may have; longer rows are made in several steps. */
const MOST_TERMS = 256

/**
 * The H part of a Groth16 prover: from a witness to the scalars by which the points of a `.zkey`'s section 9 are
 * multiplied. They are the values of (A·B − C)(x) on the coset g·ω^j of the domain, A, B, C being the polynomials with
 * the values a = A·w, b = B·w, c = a∘b at the ω^j.
 *
 * Memory that it keeps: 36 bytes a wire, a distinct coefficient and a distinct row, 8 an entry of a distinct row and 8
 * a row; a domain point takes 72 bytes for its root, 72 for two polynomials and 32 for its scalar ({@link bytes}).
 */
export class QuotientProgram {
  readonly domain: Domain
  /** Number of values in a witness. */
  readonly wires: number
  /** Bytes of the engine's memory that it keeps. */
  readonly bytes: number
  readonly #engine: Engine
  readonly #combinations: number
  readonly #program: Pointer
  /** Addresses of the values of the rows of A and of B, in the order of {@link Domain.place}. */
  readonly #a: Pointer
  readonly #b: Pointer
  /** The witness, the combinations, 0. */
  readonly #values: Pointer
  readonly #zero: Pointer
  readonly #first: Pointer
  readonly #second: Pointer
  /** Bytes on their way in and out. */
  readonly #window: Pointer
  readonly #end: Pointer

  private constructor(engine: Engine, domain: Domain, wires: number, rows: ConstraintRows) {
    const count = rows.coefficients.length / VALUE_BYTES
    const steps = rows.combinations.reduce((sum, combination) => sum + stepsOf(combination), 0)
    const coefficients = engine.allocate(ELEMENT_BYTES * count)
    this.#engine = engine
    this.domain = domain
    this.wires = wires
    this.#combinations = steps
    this.#values = engine.allocate(ELEMENT_BYTES * (wires + steps + 1))
    this.#zero = this.#values + ELEMENT_BYTES * (wires + steps)
    const { program, ends } = encode(rows.combinations, { coefficients, values: this.#values, wires })
    this.#program = engine.put(bytesOf(program))
    const addresses = (row: Int32Array): Pointer => engine.put(bytesOf(this.#addresses(row, ends)))
    this.#a = addresses(rows.a)
    this.#b = addresses(rows.b)
    this.#first = engine.allocate(domain.polynomialBytes)
    this.#second = engine.allocate(domain.polynomialBytes)
    this.#window = engine.allocate(VALUE_BYTES * Math.max(domain.size, wires))
    this.#end = engine.allocate(0)
    this.bytes = this.#end - coefficients + domain.bytes
    engine.scoped(() => engine.call('quotientCoefficients', coefficients, engine.put(rows.coefficients), count))
    this.clear()
  }

  /**
   * Compiles the coefficients of a proving key; the memory is the program's for as long as the engine lives. Throws an
   * {@link EngineError} `domain_size`, `coefficients_malformed` or `coefficient_out_of_range`.
   */
  static create(engine: Engine, entries: ConstraintEntries): QuotientProgram {
    checkDomainLog(entries.domainLog)
    const rows = readConstraintRows(entries)
    return new QuotientProgram(engine, Domain.create(engine, entries.domainLog), entries.wires, rows)
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
    call('quotientCombine', this.#values + ELEMENT_BYTES * this.wires, this.#program, this.#combinations)
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
    this.#engine.view(this.#values, ELEMENT_BYTES * (this.wires + this.#combinations + 1)).fill(0)
    this.#engine.view(this.#first, this.#end - this.#first).fill(0)
    this.#engine.call('quotientForget')
  }

  #addresses(rows: Int32Array, ends: readonly number[]): Uint32Array {
    const addresses = new Uint32Array(rows.length)
    for (const [index, row] of rows.entries()) {
      const value = row < this.wires ? row : this.wires + (ends[row - this.wires] ?? 0)
      addresses[this.domain.place(index)] = row < 0 ? this.#zero : this.#values + ELEMENT_BYTES * value
    }
    return addresses
  }
}

function stepsOf({ products, added, subtracted }: Combination): number {
  return Math.max(1, Math.ceil(Math.max(products.length / 2, subtracted.length, added.length) / (MOST_TERMS - 1)))
}

type Places = { readonly coefficients: Pointer; readonly values: Pointer; readonly wires: number }

/** The program that assembly/generated/fr-combination runs, and for each combination the step that ends it. */
function encode(combinations: readonly Combination[], { coefficients, values, wires }: Places) {
  const program: number[] = []
  const ends: number[] = []
  const stepAt = (step: number): Pointer => values + ELEMENT_BYTES * (wires + step)
  const valueAt = (value: number): Pointer =>
    value < wires ? values + ELEMENT_BYTES * value : stepAt(ends[value - wires] ?? 0)
  let step = 0
  for (const combination of combinations) {
    for (let part = 0; part < stepsOf(combination); part++, step++) {
      const from = part * (MOST_TERMS - 1)
      const to = from + MOST_TERMS - 1
      const products = combination.products.slice(2 * from, 2 * to)
      // What came out so far is one more value to add.
      const added = [...combination.added.slice(from, to).map(valueAt), ...(part > 0 ? [stepAt(step - 1)] : [])]
      const subtracted = combination.subtracted.slice(from, to)
      program.push((products.length / 2) | (added.length << 10) | (subtracted.length << 20))
      for (const [index, number] of products.entries()) {
        program.push(index % 2 === 0 ? coefficients + ELEMENT_BYTES * number : valueAt(number))
      }
      program.push(...added, ...subtracted.map(valueAt))
    }
    ends.push(step - 1)
  }
  return { program: Uint32Array.from(program), ends }
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}
