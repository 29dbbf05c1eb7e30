import { LIMB_BITS, LIMBS, power } from '../parameters.ts'
import { limbs } from './limbs.ts'

const LIMB = 1n << BigInt(LIMB_BITS)
const MASK = LIMB - 1n

/**
 * What one Montgomery reduction adds, column by column. Step i adds mᵢ·M·2^(29i) with mᵢ chosen so that the column
 * vanishes. For M = p that choice is a multiplication which the next step waits for. The first eight steps therefore
 * take M = N, the multiple of p whose low limb is 2^29 − 1: then mᵢ is the column's low limb itself, and the carry is
 * (column >> 29) + mᵢ. N has ten limbs, but its eight steps together add less than p·2^261, so the result stays
 * below ab/2^261 + 2p; only the last step must take p.
 */
export class Reduction {
  readonly #p: readonly bigint[]
  readonly #n: readonly bigint[]
  /** −1/p mod 2^29. */
  readonly #inverse: bigint
  readonly #m: string

  /** `m` begins the names of the locals m0 … m8, which the caller declares as `i64`. */
  constructor(p: bigint, m: string) {
    this.#inverse = LIMB - power(p, LIMB / 2n - 1n, LIMB)
    this.#p = limbs(p)
    this.#n = limbs(p * this.#inverse, LIMBS + 1)
    this.#m = m
  }

  /** The terms of earlier steps in a column. */
  terms(column: number): string[] {
    const terms: string[] = []
    for (let step = 0; step < LIMBS; step++) {
      const limb = column - step
      const multiple = step < LIMBS - 1 ? this.#n : this.#p
      if (limb >= 1 && limb < multiple.length) terms.push(`${this.#m}${step} * ${multiple[limb]}`)
    }
    return terms
  }

  /** The step itself: what is left of the column `sum` goes into the next one. */
  step(column: number, sum: string): string {
    const m = `${this.#m}${column}`
    if (column < LIMBS - 1) return `${m} = ${sum} & ${MASK}; ${sum} = (${sum} >> ${LIMB_BITS}) + ${m};`
    const cleared = `(${sum} + ${m} * ${this.#p[0]})`
    return `${m} = <i64>((<i32>${sum} * ${this.#inverse}) & ${MASK}); ${sum} = ${cleared} >> ${LIMB_BITS};`
  }
}

export const COLUMNS = 2 * LIMBS - 1

export function declare(prefix: string): string {
  return `  let ${limbs(0n)
    .map((_, index) => `${prefix}${index}: i64`)
    .join(', ')};`
}

export function load(prefix: string, pointer: string, offset = 0): string {
  return `  const ${limbs(0n)
    .map((_, index) => `${prefix}${index} = <i64>load<i32>(${pointer}, ${offset + 4 * index})`)
    .join(', ')};`
}

/** The products aᵢ·bⱼ with i + j = column. */
export function products(a: string, b: string, column: number): string[] {
  const terms: string[] = []
  for (let i = 0; i < LIMBS; i++) {
    const j = column - i
    if (j >= 0 && j < LIMBS) terms.push(`${a}${i} * ${b}${j}`)
  }
  return terms
}

/** The same for a = b, each mixed product once, by the doubled limbs. */
export function squares(a: string, doubled: string, column: number): string[] {
  const terms: string[] = []
  for (let i = 0; 2 * i <= column; i++) {
    const j = column - i
    if (i < LIMBS && j < LIMBS) terms.push(i === j ? `${a}${i} * ${a}${i}` : `${doubled}${i} * ${a}${j}`)
  }
  return terms
}

/**
 * What a fused subtraction adds to a result: −e, and the multiple of p nearest to e, so that the result's range does
 * not grow by e's. The multiple is judged by e's top limb alone.
 */
export function subtrahend(p: bigint, pointer: string, offset: number, multiple: string) {
  const pLimbs = limbs(p)
  const shift = 44n
  const scale = ((1n << BigInt(LIMB_BITS * (LIMBS - 1))) << shift) / p
  const top = `<i64>load<i32>(${pointer}, ${offset + 4 * (LIMBS - 1)})`
  return {
    prepare: `  const ${multiple} = (${top} * ${scale} + ${1n << (shift - 1n)}) >> ${shift};`,
    terms: (limb: number): string =>
      ` + ${multiple} * ${pLimbs[limb]} - <i64>load<i32>(${pointer}, ${offset + 4 * limb})`,
  }
}
