import { FIELD_ORDER } from '../../../src/protocol/field.ts'
import { scalarField } from '../../../src/setup/scalar-field.ts'
import type { Circuit } from '../circuit.ts'
import { type ConstraintSystem, type EvaluatedWitness, modulo } from '../constraint-system.ts'
import { aliasesOf, type BitGroup, bitGroups, isBit } from './patterns-bits.ts'

/** Another witness for the same inputs. */
export type SecondSolution = {
  /** Wires that differ from the first. */
  readonly wires: readonly number[]
  readonly reason: string
}

/**
 * Searches for a second witness of the same inputs, apart from the first: one wire takes another root of one of its
 * constraints, or a neighbouring value, or all bits of a number spell the number plus r; then broken constraints are
 * mended one by one by changing what they compute. What this finds a derivative cannot see. It is a search: finding
 * nothing proves nothing, and a circuit of more than {@link SEARCHED_ROWS} constraints is not searched.
 */
export function secondSolutions(circuit: Circuit, evaluated: EvaluatedWitness): SecondSolution[] {
  const { system } = circuit
  if (system.r1cs.rows > SEARCHED_ROWS) return []
  const groups = bitGroups(circuit)
  const { ranks, hints } = computation(
    system,
    groups.flatMap(({ bits }) => [...bits.values()]),
  )
  const found: SecondSolution[] = []
  const attempt = (changes: ReadonlyMap<number, bigint>, reason: string) => {
    for (const choice of CHOICES) {
      const wires = new Repair({ system, evaluated, groups, ranks, ...choice }).run(changes)
      if (!wires) continue
      found.push({ wires, reason })
      return
    }
  }
  for (const group of groups) {
    for (const alias of aliasesOf(group, evaluated.witness)) attempt(alias, 'bits that spell the number plus r')
  }
  for (let wire = 1; wire < system.r1cs.wires; wire++) {
    if (!hints.has(wire) && !isFactor(system, wire)) continue
    const value = evaluated.witness[wire] ?? 0n
    for (const root of otherRoots(system, evaluated, wire))
      attempt(new Map([[wire, modulo(value + root)]]), 'another root')
    if (isBit(circuit, wire)) continue
    for (const step of [1n, -1n]) attempt(new Map([[wire, modulo(value + step)]]), 'a neighbouring value')
  }
  return found
}

/** The wire stands in a constraint that a product be 0, which leaves a choice. No computed wire does. */
function isFactor(system: ConstraintSystem, wire: number): boolean {
  if (system.inputs.includes(wire)) return false
  const { starts } = system.r1cs.c
  return system.occurrences(wire).some(({ row }) => starts[row] === starts[row + 1])
}

/** Differences to the wire at which one of its own constraints holds again: the other bit, the other sign. */
function otherRoots(system: ConstraintSystem, evaluated: EvaluatedWitness, wire: number): bigint[] {
  const roots = new Set<bigint>()
  for (const { row, a, b, c } of system.occurrences(wire)) {
    const square = modulo(a * b)
    const linear = modulo(a * (evaluated.b[row] ?? 0n) + b * (evaluated.a[row] ?? 0n) - c)
    if (square !== 0n && linear !== 0n) roots.add(scalarField.neg(scalarField.div(linear, square)))
  }
  return [...roots]
}

/** Beyond this the search takes minutes. */
export const SEARCHED_ROWS = 1000

type Computation = {
  /** By wire, such that a wire is computed from wires of lower rank. */
  readonly ranks: Int32Array
  /** Wires that no constraint computes: what `<--` gives. */
  readonly hints: ReadonlySet<number>
}

/**
 * How the constraints compute the wires from the inputs: whatever is the only unknown of one, and not squared in it,
 * follows. Where nothing follows, a bit is a hint, or the wire of the lowest number, outputs after all others.
 */
function computation(system: ConstraintSystem, bits: readonly number[]): Computation {
  const { wires, rows, outputs } = system.r1cs
  const ranks = new Int32Array(wires).fill(-1)
  const hints = new Set<number>()
  const unknowns = Array.from({ length: rows }, (_, row) => new Set(system.wiresOf(row)))
  const ready: number[] = []
  let next = 0
  const rank = (wire: number) => {
    ranks[wire] = next++
    for (const { row } of system.occurrences(wire)) {
      unknowns[row]?.delete(wire)
      if (unknowns[row]?.size === 1) ready.push(row)
    }
  }
  const follow = () => {
    for (let row = ready.pop(); row !== undefined; row = ready.pop()) {
      for (const wire of unknowns[row] ?? []) {
        const occurrence = system.occurrences(wire).find((each) => each.row === row)
        if (occurrence && modulo(occurrence.a * occurrence.b) === 0n) rank(wire)
      }
    }
  }
  for (const wire of [0, ...system.inputs]) rank(wire)
  const others = Array.from({ length: wires }, (_, wire) => wire)
  for (const wire of [...bits, ...others.slice(outputs + 1), ...others.slice(1, outputs + 1)]) {
    follow()
    if (ranks[wire] !== -1) continue
    hints.add(wire)
    rank(wire)
  }
  return { ranks, hints }
}

/** A mending goes wrong by its choices, so each is made in several ways. */
const CHOICES = [
  { forwards: true, root: 0 },
  { forwards: true, root: 1 },
  { forwards: false, root: 0 },
] as const

const STEPS = 2000

type RepairOptions = {
  system: ConstraintSystem
  evaluated: EvaluatedWitness
  groups: readonly BitGroup[]
  ranks: Int32Array
  /** Mend in the order of computation, changing what is computed last; or the other way round. */
  forwards: boolean
  /** Which of two roots a wire takes that stands squared. */
  root: 0 | 1
}

/** Mends a changed witness: no wire is changed twice but bits, and inputs never. */
class Repair {
  readonly #system: ConstraintSystem
  readonly #original: readonly bigint[]
  readonly #groups: readonly BitGroup[]
  readonly #order: (wire: number) => number
  readonly #root: 0 | 1
  readonly #witness: bigint[]
  readonly #a: bigint[]
  readonly #b: bigint[]
  readonly #c: bigint[]
  readonly #settled: Set<number>
  readonly #suspects = new Map<number, number>()

  constructor({ system, evaluated, groups, ranks, forwards, root }: RepairOptions) {
    this.#root = root
    this.#system = system
    this.#original = evaluated.witness
    this.#groups = groups
    this.#order = (wire) => (forwards ? (ranks[wire] ?? 0) : -(ranks[wire] ?? 0))
    this.#witness = [...evaluated.witness]
    this.#a = [...evaluated.a]
    this.#b = [...evaluated.b]
    this.#c = [...evaluated.c]
    this.#settled = new Set([0, ...system.inputs])
  }

  /** The wires that differ in the end, or undefined when none does or some constraint cannot be mended. */
  run(changes: ReadonlyMap<number, bigint>): number[] | undefined {
    for (const [wire, value] of changes) this.#set(wire, value)
    for (let step = 0; step < STEPS; step++) {
      const row = this.#firstBroken()
      if (row === undefined) {
        const changed = [...this.#settled].filter((wire) => this.#witness[wire] !== this.#original[wire])
        return changed.length > 0 ? changed : undefined
      }
      if (!this.#mend(row)) return undefined
    }
    return undefined
  }

  #set(wire: number, value: bigint): void {
    this.#settled.add(wire)
    const difference = value - (this.#witness[wire] ?? 0n)
    if (difference === 0n) return
    this.#witness[wire] = value
    for (const { row, a, b, c } of this.#system.occurrences(wire)) {
      this.#a[row] = modulo((this.#a[row] ?? 0n) + difference * a)
      this.#b[row] = modulo((this.#b[row] ?? 0n) + difference * b)
      this.#c[row] = modulo((this.#c[row] ?? 0n) + difference * c)
      if (!this.#suspects.has(row)) this.#suspects.set(row, this.#lastOf(row))
    }
  }

  #lastOf(row: number): number {
    return Math.max(...this.#system.wiresOf(row).map(this.#order))
  }

  #firstBroken(): number | undefined {
    let first: number | undefined
    let lowest = Number.POSITIVE_INFINITY
    for (const [row, last] of this.#suspects) {
      if (this.#error(row) === 0n) this.#suspects.delete(row)
      else if (last < lowest) {
        first = row
        lowest = last
      }
    }
    return first
  }

  /** a·b − c */
  #error(row: number): bigint {
    return modulo((this.#a[row] ?? 0n) * (this.#b[row] ?? 0n) - (this.#c[row] ?? 0n))
  }

  #mend(row: number): boolean {
    const open = this.#system.wiresOf(row).filter((wire) => !this.#settled.has(wire))
    if (this.#spellAnew(row, open)) return true
    for (const wire of open.sort((left, right) => this.#order(right) - this.#order(left))) {
      const difference = this.#difference(row, wire)
      if (difference === undefined) continue
      this.#set(wire, modulo((this.#witness[wire] ?? 0n) + difference))
      return true
    }
    return false
  }

  /** What the wire lacks for this row to hold. */
  #difference(row: number, wire: number): bigint | undefined {
    const occurrence = this.#system.occurrences(wire).find((each) => each.row === row)
    if (!occurrence) return undefined
    const { a, b, c } = occurrence
    const square = modulo(a * b)
    const slope = modulo(a * (this.#b[row] ?? 0n) + b * (this.#a[row] ?? 0n) - c)
    const error = this.#error(row)
    if (square === 0n) return slope === 0n ? undefined : scalarField.neg(scalarField.div(error, slope))
    const discriminant = modulo(slope * slope - 4n * square * error)
    if (scalarField.pow(discriminant, (FIELD_ORDER - 1n) / 2n) !== 1n) return undefined
    const root = scalarField.sqrt(discriminant)
    return scalarField.div(modulo((this.#root === 0 ? root : -root) - slope), modulo(2n * square))
  }

  /**
   * Where a number's bits are left to change, the compiler has put one of them as (number − Σ 2^i·bit)·factor into its
   * own bit's constraint. The number follows from that, and the bits from the number.
   */
  #spellAnew(row: number, open: readonly number[]): boolean {
    const group = this.#groups.find(({ bits }) => [...bits.values()].filter((wire) => open.includes(wire)).length > 1)
    if (!group) return false
    const sides = [
      { side: 'a', value: this.#a[row] ?? 0n },
      { side: 'b', value: this.#b[row] ?? 0n },
      { side: 'c', value: this.#c[row] ?? 0n },
    ] as const
    for (const { side, value } of sides) {
      const coefficients = [...group.bits].map(([index, wire]) => {
        const coefficient = this.#system.occurrences(wire).find((each) => each.row === row)?.[side] ?? 0n
        return { index, wire, unit: modulo(coefficient * (HALVES[index] ?? 0n)) }
      })
      const unit = coefficients[0]?.unit ?? 0n
      if (unit === 0n || coefficients.some((each) => each.unit !== unit)) continue
      const spelt = coefficients.reduce(
        (sum, { index, wire }) => sum + ((this.#witness[wire] ?? 0n) << BigInt(index)),
        0n,
      )
      const number = modulo(spelt - scalarField.div(value, unit))
      if (number >= 1n << BigInt(group.length)) continue
      const before = coefficients.map(({ wire }) => [wire, this.#witness[wire] ?? 0n] as const)
      for (const { index, wire } of coefficients) this.#set(wire, (number >> BigInt(index)) & 1n)
      if (this.#error(row) === 0n) return true
      for (const [wire, value] of before) this.#set(wire, value)
    }
    return false
  }
}

/** 2^-i */
const HALVES = Array.from({ length: 256 }, (_, index) => scalarField.pow((FIELD_ORDER + 1n) / 2n, BigInt(index)))
