import { FIELD_ORDER } from '../../../../src/protocol/field.ts'
import type { Circuit } from '../../circuit.ts'
import type { EvaluatedWitness } from '../../constraint-system.ts'
import { aliasesOf, bitGroups } from '../patterns-bits.ts'
import type { Forgery } from '../target.ts'

/**
 * For each array of bits that is wide enough for another spelling of its number: the bits of the number plus r. A third
 * of all numbers fit into 254 bits once more; give a witness of one that does, {@link hasAlias} says so.
 */
export function* forgedAliases(circuit: Circuit, evaluated: EvaluatedWitness): Generator<Forgery> {
  for (const group of bitGroups(circuit)) {
    for (const [index, changes] of aliasesOf(group, evaluated.witness).entries()) {
      yield { name: `${group.name} spells its number plus r, ${index + 1}`, of: evaluated, changes }
    }
  }
}

/** Whether the array's number has a second spelling in this witness. Throws when no array of bits has the name. */
export function hasAlias(circuit: Circuit, name: string, witness: readonly bigint[]): boolean {
  const group = bitGroups(circuit).find((each) => each.name === name)
  if (!group) throw new Error(`${circuit.name}: no bits named ${name}`)
  return aliasesOf(group, witness).length > 0
}

/** Spellings of a public signal that are the same residue and must be refused where a proof is verified. */
export function signalAliases(value: bigint): [name: string, value: bigint][] {
  return [
    ['+ r', value + FIELD_ORDER],
    ['- r', value - FIELD_ORDER],
  ]
}

/** Operands that a comparator of so many bits must refuse: its first beyond, and what wraps around the field. */
export function beyondComparator(bits: number): [name: string, value: bigint][] {
  return [
    [`2^${bits}`, 2n ** BigInt(bits)],
    ['r - 1', FIELD_ORDER - 1n],
    [`r - 2^${bits}`, FIELD_ORDER - 2n ** BigInt(bits)],
  ]
}
