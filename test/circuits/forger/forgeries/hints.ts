import { FIELD_ORDER } from '../../../../src/protocol/field.ts'
import { scalarField } from '../../../../src/setup/scalar-field.ts'
import type { PlainCircuit } from './plain-circuit.ts'

/**
 * A signal that the source assigns with `<--` by something else than a division, or one whose definition could be taken
 * for an assertion about it.
 */
export type Hint = {
  readonly wire: number
  readonly from: readonly number[]
  readonly value: (...from: readonly bigint[]) => bigint
}

/** The hints of circomlib's and this project's templates, by each wire that they read. */
export function hintsOf({ names, wireOf }: Pick<PlainCircuit, 'names' | 'wireOf'>): Map<number, Hint[]> {
  const byWire = new Map<number, Hint[]>()
  for (const [wire, name] of names.entries()) {
    const { component, template, signal, index } = partsOfName(name)
    const rule = RULES.find((candidate) => candidate.template.test(template) && candidate.signal === signal)
    if (!rule) continue
    const from = rule.from.map((input) => wireOf.get(`${component}.${input}`))
    if (!from.every((input) => input !== undefined)) continue
    const hint: Hint = { wire, from, value: (...values) => rule.value(index, ...values) }
    for (const input of new Set(from)) byWire.set(input, [...(byWire.get(input) ?? []), hint])
  }
  return byWire
}

type Rule = {
  /** Matched against a component's name, which begins with the template's where the source gives it none. */
  readonly template: RegExp
  readonly signal: string
  readonly from: readonly string[]
  readonly value: (index: bigint, ...from: readonly bigint[]) => bigint
}

const RULES: readonly Rule[] = [
  { template: /num2bits|n2b/i, signal: 'out', from: ['in'], value: (index, number = 0n) => (number >> index) & 1n },
  { template: /OneOf/, signal: 'out', from: ['in'], value: (index, number) => (number === index ? 1n : 0n) },
  {
    template: /isz|isZero|zeropoint/i,
    signal: 'inv',
    from: ['in'],
    value: (_, number = 0n) => (number === 0n ? 0n : scalarField.inv(number)),
  },
  {
    template: /isz|isZero|zeropoint/i,
    signal: 'out',
    from: ['in', 'inv'],
    value: (_, number = 0n, inverse = 0n) => scalarField.sub(1n, scalarField.mul(number, inverse)),
  },
  {
    template: /RangeCheck/,
    signal: 'above',
    from: ['value', 'high'],
    value: (_, value = 0n, high = 0n) => (signed(value) > signed(high) ? 1n : 0n),
  },
  {
    template: /SetCheck/,
    signal: 'wraps',
    from: ['value', 'member'],
    value: (_, value = 0n, member = 0n) => (signed(value) < signed(member) ? 1n : 0n),
  },
]

/** circom compares field elements as integers from −r/2 to r/2. */
function signed(value: bigint): bigint {
  return value > FIELD_ORDER / 2n ? value - FIELD_ORDER : value
}

function partsOfName(name: string): { component: string; template: string; signal: string; index: bigint } {
  const dot = name.lastIndexOf('.')
  const component = name.slice(0, Math.max(0, dot))
  const [, signal = '', index = '0'] = /^(\w+)(?:\[(\d+)\])?$/.exec(name.slice(dot + 1)) ?? []
  return { component, template: component.slice(component.lastIndexOf('.') + 1), signal, index: BigInt(index) }
}
