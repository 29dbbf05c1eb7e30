import { scalarField } from '../../../src/setup/scalar-field.ts'
import { modulo } from '../constraint-system.ts'

/** A linear equation: coefficients by wire, none of them 0. */
export type Row = Map<number, bigint>

/** An equation that gives its wire from wires that are eliminated later, or never. */
export type Pivot = { readonly wire: number; readonly row: ReadonlyMap<number, bigint> }

/**
 * Sparse Gaussian elimination, for equations of which most are short. The pivot is chosen for little fill-in, as
 * Markowitz has it: first an unknown of a single equation, which costs nothing; else the shortest equation, and in it
 * the unknown of the fewest others.
 */
export class Elimination {
  readonly #rows: Set<Row>
  readonly #columns = new Map<number, Set<Row>>()
  /** Equations by length; an entry whose equation has changed since is skipped. */
  readonly #byLength: Row[][] = []
  /** Unknowns that stood in one equation when they were noted. */
  readonly #single: number[] = []

  /** Takes the equations over and changes them. */
  constructor(rows: readonly Row[]) {
    this.#rows = new Set(rows)
    for (const row of rows) {
      this.#note(row)
      for (const wire of row.keys()) this.#column(wire).add(row)
    }
    for (const [wire, column] of this.#columns) if (column.size === 1) this.#single.push(wire)
  }

  /** In the order of elimination. As many as the equations have independent ones. */
  pivots(): Pivot[] {
    const pivots: Pivot[] = []
    for (let pivot = this.#choose(); pivot; pivot = this.#choose()) {
      pivots.push(pivot)
      this.#eliminate(pivot)
    }
    return pivots
  }

  #choose(): { wire: number; row: Row } | undefined {
    for (let wire = this.#single.pop(); wire !== undefined; wire = this.#single.pop()) {
      const [row, ...more] = this.#column(wire)
      if (row && more.length === 0) return { wire, row }
    }
    for (const [length, rows] of this.#byLength.entries()) {
      for (let row = rows?.pop(); row !== undefined; row = rows?.pop()) {
        if (!this.#rows.has(row) || row.size !== length) continue
        let best: number | undefined
        for (const wire of row.keys()) {
          if (best === undefined || this.#column(wire).size < this.#column(best).size) best = wire
        }
        if (best !== undefined) return { wire: best, row }
      }
    }
    return undefined
  }

  #eliminate({ wire, row }: { wire: number; row: Row }): void {
    this.#rows.delete(row)
    for (const other of row.keys()) this.#column(other).delete(row)
    const targets = [...this.#column(wire)]
    if (targets.length > 0) {
      const inverse = scalarField.inv(row.get(wire) ?? 0n)
      for (const target of targets) this.#subtract(target, row, modulo((target.get(wire) ?? 0n) * inverse))
    }
    for (const other of row.keys()) if (this.#column(other).size === 1) this.#single.push(other)
  }

  /** target − factor·row */
  #subtract(target: Row, row: Row, factor: bigint): void {
    for (const [wire, coefficient] of row) {
      const before = target.get(wire)
      const after = modulo((before ?? 0n) - factor * coefficient)
      if (after === 0n) {
        target.delete(wire)
        this.#column(wire).delete(target)
      } else {
        target.set(wire, after)
        if (before === undefined) this.#column(wire).add(target)
      }
    }
    if (target.size === 0) this.#rows.delete(target)
    else this.#note(target)
  }

  #note(row: Row): void {
    this.#byLength[row.size] ??= []
    this.#byLength[row.size]?.push(row)
  }

  #column(wire: number): Set<Row> {
    const known = this.#columns.get(wire)
    if (known) return known
    const column = new Set<Row>()
    this.#columns.set(wire, column)
    return column
  }
}
