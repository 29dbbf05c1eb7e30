import { FIELD_ORDER } from '../../../../src/protocol/field.ts'
import { modulo } from '../../constraint-system.ts'
import type { Forgery } from '../target.ts'
import { lie } from './lies.ts'
import type { Subject } from './subject.ts'

/**
 * For each decomposition into bits: digits that are not bits and have the same sum, and where they fit, the bits of the
 * number plus the field's order. What is computed from the digits goes along.
 */
export function* forgedDecompositions(subject: Subject): Generator<Forgery> {
  const { honest, titles } = subject
  for (const [component, bits] of decompositions(subject)) {
    const digit = (index: number): bigint => honest.signals[bits[index] ?? 0] ?? 0n
    const number = bits.reduce((sum, _, index) => sum + (digit(index) << BigInt(index)), 0n)
    const at = (index: number, value: bigint): [number, bigint] => [bits[index] ?? 0, modulo(value)]
    const last = bits.length - 2
    // Only what tests the digits can refuse them where nothing else reads them.
    const refusedBy = RANGE_CHECKS.test(component) ? RANGE_CHECKS : undefined
    for (const low of new Set([0, Math.floor(last / 2), last])) {
      const told = new Map([at(low, digit(low) + 2n), at(low + 1, digit(low + 1) - 1n)])
      yield* lie(subject, `${titles[bits[low] ?? 0]} borrows from the next bit`, told, refusedBy)
    }
    if (number > 1n) {
      const told = new Map(bits.map((_, index) => at(index, index === 0 ? number : 0n)))
      yield* lie(subject, `${component} has the whole number for its first bit`, told, refusedBy)
    }
    const alias = number + FIELD_ORDER
    if (alias < 2n ** BigInt(bits.length)) {
      const told = new Map(bits.map((_, index) => at(index, (alias >> BigInt(index)) & 1n)))
      yield* lie(subject, `${component} has the bits of the number plus the field's order`, told)
    }
  }
}

const RANGE_CHECKS = /^(Day|DayOrder|DayWithin|Predicate.*RangeCheck|SetQuestion.*SetCheck)\b.*Num2Bits/

/** Wires of the bits, least significant first, by the component's title. */
function decompositions({ titles }: Subject): Map<string, number[]> {
  const found = new Map<string, number[]>()
  for (const [wire, title] of titles.entries()) {
    const [, component, index] = /^(.*(?:num2bits|n2b)(?:#\d+)?)\.out\[(\d+)\]$/i.exec(title) ?? []
    if (component === undefined) continue
    const bits = found.get(component) ?? []
    bits[Number(index)] = wire
    found.set(component, bits)
  }
  return found
}
