import { FIELD_ORDER } from '../../../src/protocol/field.ts'
import type { Circuit } from '../circuit.ts'

/** The bits of one number, as far as they have wires: the compiler substitutes some of them. */
export type BitGroup = {
  /** The array's name without the index. */
  readonly name: string
  /** Wire by the bit's weight, 0 for the lowest. */
  readonly bits: ReadonlyMap<number, number>
  /** At most so many bits: the highest may be the one without a wire. */
  readonly length: number
}

/**
 * Arrays of signals each of which has a constraint x·(x − 1) = 0, or has lost its wire. A group has two bits at least.
 */
export function bitGroups(circuit: Circuit): BitGroup[] {
  const groups = new Map<string, Map<number, number>>()
  for (const [wire, name] of circuit.names.entries()) {
    const [, array, index] = /^(.*)\[(\d+)\]$/.exec(name ?? '') ?? []
    if (array === undefined || !isBit(circuit, wire)) continue
    const bits = groups.get(array) ?? new Map<number, number>()
    bits.set(Number(index), wire)
    groups.set(array, bits)
  }
  return [...groups]
    .filter(([, bits]) => bits.size > 1)
    .map(([name, bits]) => ({ name, bits, length: Math.max(...bits.keys()) + 2 }))
}

/**
 * The other spellings of a group's number v: the bits of v + r, v + 2r … below two to the group's length. Bits that
 * have no wire are taken as 0 and as 1, so some of these belong to another number and break the constraints of those.
 */
export function aliasesOf(group: BitGroup, witness: readonly bigint[]): Map<number, bigint>[] {
  const seen = [...group.bits].reduce((sum, [index, wire]) => sum | ((witness[wire] ?? 0n) << BigInt(index)), 0n)
  const missing = Array.from({ length: group.length }, (_, index) => index).filter((index) => !group.bits.has(index))
  if (missing.length > MOST_MISSING) return []
  const numbers = missing.reduce(
    (all, index) => all.flatMap((number) => [number, number | (1n << BigInt(index))]),
    [seen],
  )
  const limit = 1n << BigInt(group.length)
  const aliases: Map<number, bigint>[] = []
  for (const number of numbers) {
    for (let alias = number + FIELD_ORDER; alias < limit; alias += FIELD_ORDER) {
      aliases.push(new Map([...group.bits].map(([index, wire]) => [wire, (alias >> BigInt(index)) & 1n])))
    }
  }
  return aliases
}

const MOST_MISSING = 3

/** A row with this wire and the constant alone that 0 and 1 satisfy. */
export function isBit({ system }: Circuit, wire: number): boolean {
  return system.occurrences(wire).some(({ row, a, b }) => {
    return a !== 0n && b !== 0n && system.wiresOf(row).every((other) => other === 0 || other === wire)
  })
}
