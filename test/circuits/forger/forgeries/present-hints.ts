import { FIELD_ORDER } from '../../../../src/protocol/field.ts'
import type { WitnessInputs } from '../../../../src/prover/witness.ts'
import { scalarField } from '../../../../src/setup/scalar-field.ts'
import { modulo } from '../../constraint-system.ts'
import { acceptedCase, askedCase, HASHED_NAME, MODE, presentInputs, SLOTS, setCase } from '../../present-case.ts'
import type { Forgery } from '../target.ts'
import type { Subject } from './subject.ts'

/**
 * False statements with the one hint that makes the check hold, and all that follows from it: what is left to refuse
 * them is that the hint itself is constrained.
 */
export async function* forgedHints(subject: Subject): AsyncGenerator<Forgery> {
  for (const { name, inputs, told, refusedBy } of hintedStatements()) {
    yield { name, witness: await withHints(subject, inputs, told), refusedBy }
  }
}

type Hinted = {
  readonly name: string
  readonly inputs: WitnessInputs
  /** Values by title. */
  readonly told: Readonly<Record<string, bigint>>
  readonly refusedBy: RegExp
}

const BIRTH = acceptedCase().claims[Number(SLOTS.birthDate)] ?? 0n

function hintedStatements(): Hinted[] {
  const [low, high] = [BIRTH - 3n, BIRTH + 5n]
  const inside = presentInputs(askedCase({ slot: SLOTS.birthDate, mode: MODE.RANGE, negate: 1n, low, high }))
  // low − v − 1 + above·(2v − low − high) = wanted
  const above = (wanted: bigint) => scalarField.div(modulo(wanted - low + BIRTH + 1n), modulo(2n * BIRTH - low - high))
  const set = [HASHED_NAME - 40n, HASHED_NAME, HASHED_NAME + 40n]
  const member = presentInputs(setCase({ slot: SLOTS.name, set, negate: 1n }))
  // value + wraps·2^252 = wanted
  const wraps = (wanted: bigint) => scalarField.div(modulo(wanted - HASHED_NAME), 2n ** 252n)
  const unequal = presentInputs(askedCase({ slot: SLOTS.birthDate, mode: MODE.EQUAL, low: BIRTH + 1n }))
  const tooYoung = presentInputs(askedCase({ slot: SLOTS.birthDate, mode: MODE.RANGE, low: 0n, high: BIRTH - 1n }))
  const absent = presentInputs(askedCase({ slot: SLOTS.birthDate, mode: MODE.EXISTS }))
  const noMode = /^Predicate\[0\]\.(is\[|OneOf)|^modes/
  const noSlot = /^Predicate\[0\]\.SlotChoice|^slots/
  return [
    ...[0n, 1n, 2n ** 63n].map((wanted) => ({
      name: `a side between below and above, at a distance of ${wanted}`,
      inputs: inside,
      told: { 'Predicate[0].RangeCheck.above': above(wanted) },
      refusedBy: /^Predicate\[0\]\.RangeCheck\.above$/,
    })),
    ...[1n, 7n, 39n].map((beyond) => ({
      name: `a part of a turn, to ${beyond} beyond the member`,
      inputs: member,
      told: { 'SetQuestion.SetCheck.wraps': wraps(HASHED_NAME + beyond) },
      refusedBy: /^SetQuestion\.SetCheck\.wraps$/,
    })),
    {
      name: 'no inverse of a difference, which makes it none',
      inputs: unequal,
      told: { 'Predicate[0].EqualityCheck.IsEqual.isz.inv': 0n },
      refusedBy: /^Predicate\[0\]\.EqualityCheck/,
    },
    {
      name: 'a verdict of equality whatever the difference',
      inputs: unequal,
      told: { 'Predicate[0].EqualityCheck.IsEqual.isz.out': 1n },
      refusedBy: /^Predicate\[0\]\.EqualityCheck/,
    },
    ...['no mode at all', 'the mode of no question'].map((name, mode) => ({
      name: `${name}, for a question that fails`,
      inputs: tooYoung,
      told: { 'Predicate[0].OneOf.out[1]': 0n, ...(mode === 1 && { 'Predicate[0].OneOf.out[0]': 1n }) },
      refusedBy: noMode,
    })),
    {
      name: 'a mode with its opposite, that leaves nothing to check',
      inputs: tooYoung,
      told: {
        'Predicate[0].OneOf.out[1]': 0n,
        'Predicate[0].OneOf.out[0]': 2n,
        'Predicate[0].OneOf.out[4]': FIELD_ORDER - 1n,
      },
      refusedBy: /^Predicate\[0\]|^modes/,
    },
    {
      name: 'the absence of no claim',
      inputs: absent,
      told: { 'Predicate[0].SlotChoice.OneOf.out[0]': 0n },
      refusedBy: noSlot,
    },
    {
      name: 'the absence of another claim',
      inputs: absent,
      told: { 'Predicate[0].SlotChoice.OneOf.out[0]': 0n, 'Predicate[0].SlotChoice.OneOf.out[5]': 1n },
      refusedBy: noSlot,
    },
    {
      name: 'the difference of two claims, which is absent',
      inputs: absent,
      told: {
        'Predicate[0].SlotChoice.OneOf.out[5]': 1n,
        'Predicate[0].SlotChoice.OneOf.out[7]': FIELD_ORDER - 1n,
      },
      refusedBy: noSlot,
    },
    {
      name: 'an inverse of no secret',
      inputs: presentInputs(acceptedCase({ holderSecret: 0n })),
      told: { 'NonZero.inverse': 1n },
      refusedBy: /^NonZero/,
    },
  ]
}

async function withHints(
  { recomputation, titles }: Subject,
  inputs: WitnessInputs,
  told: Readonly<Record<string, bigint>>,
): Promise<bigint[]> {
  const signals = await recomputation.forge(inputs)
  const wires = Object.entries(told).map(([title, value]): [number, bigint] => {
    const wire = titles.indexOf(title)
    if (wire === -1) throw new Error(`there is no signal ${title}`)
    return [wire, value]
  })
  const changes = recomputation.follow(signals, new Map(wires))
  return recomputation.circuit.provedAs.map((plain, wire) =>
    wire === 0 ? 1n : (changes.get(plain) ?? signals[plain] ?? 0n),
  )
}
