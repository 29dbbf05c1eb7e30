import { Field } from '@noble/curves/abstract/modular.js'
import { FIELD_ORDER } from '../protocol/field.ts'

/** BN254's scalar field, the field of every circuit; elements are bigints `0 ≤ x < r`. */
export const scalarField = Field(FIELD_ORDER)

/** r − 1 = 2^28 · odd: the largest domain has 2^28 points. */
export const TWO_ADICITY = 28

/**
 * The primitive 2^`log`-th root of unity that the `.zkey` format means: 5 is the least non-residue, and each root is
 * the square of the next. A prover with other roots would read the H section in another order.
 */
export function rootOfUnity(log: number): bigint {
  if (!Number.isInteger(log) || log < 0 || log > TWO_ADICITY) throw new RangeError(`no domain of 2^${log} points`)
  return scalarField.pow(5n, (FIELD_ORDER - 1n) >> BigInt(log))
}
