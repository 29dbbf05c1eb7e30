import { beforeAll, describe, expect, test } from 'vitest'
import { FIELD_ORDER } from '../../src/protocol/field.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { expectProvable, expectUnprovable } from './expectations.ts'
import {
  acceptedCase,
  askedCase,
  HASHED_NAME,
  MAX_64,
  MODE,
  NOOP,
  presentInputs,
  type Question,
  SLOTS,
} from './present-case.ts'

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('present-v1')
})

const accepts = async (question: Partial<Question>): Promise<void> => {
  await expectProvable(circuit, presentInputs(askedCase(question)))
}
const refuses = (question: Partial<Question>, check: RegExp) =>
  expectUnprovable(circuit, presentInputs(askedCase(question)), check)

const BIRTH = acceptedCase().claims[Number(SLOTS.birthDate)] ?? 0n

describe('RANGE', () => {
  const range = (slot: bigint, low: bigint, high: bigint, negate = 0n) => ({
    slot,
    mode: MODE.RANGE,
    negate,
    low,
    high,
  })
  const { birthDate, name, zero, largest, tooLarge } = SLOTS

  test.each([
    ['inside', range(birthDate, BIRTH - 1n, BIRTH + 1n)],
    ['at the lower end', range(birthDate, BIRTH, BIRTH + 1n)],
    ['at the upper end', range(birthDate, BIRTH - 1n, BIRTH)],
    ['a range of one', range(birthDate, BIRTH, BIRTH)],
    ['0 in everything', range(zero, 0n, MAX_64)],
    ['0 in a range of one', range(zero, 0n, 0n)],
    ['the largest in everything', range(largest, 0n, MAX_64)],
    ['the largest in a range of one', range(largest, MAX_64, MAX_64)],
    ['not: below', range(birthDate, BIRTH + 1n, BIRTH + 9n, 1n)],
    ['not: above', range(birthDate, BIRTH - 9n, BIRTH - 1n, 1n)],
    ['not: 0 below the largest', range(zero, 1n, MAX_64, 1n)],
    ['not: the largest above 0', range(largest, 0n, MAX_64 - 1n, 1n)],
    ['not: in an empty range', range(birthDate, BIRTH + 1n, BIRTH - 1n, 1n)],
  ])('holds: %s', (_, question) => accepts(question))

  test.each([
    ['below', range(birthDate, BIRTH + 1n, BIRTH + 9n)],
    ['above', range(birthDate, BIRTH - 9n, BIRTH - 1n)],
    ['0 below 1', range(zero, 1n, MAX_64)],
    ['the largest above', range(largest, 0n, MAX_64 - 1n)],
    ['an empty range', range(birthDate, BIRTH + 1n, BIRTH - 1n)],
    ['a claim of 65 bits', range(tooLarge, 0n, MAX_64)],
    ['hashed text', range(name, 0n, MAX_64)],
    ['not: inside', range(birthDate, BIRTH - 1n, BIRTH + 1n, 1n)],
    ['not: at the lower end', range(birthDate, BIRTH, BIRTH + 1n, 1n)],
    ['not: at the upper end', range(birthDate, BIRTH - 1n, BIRTH, 1n)],
    ['not: 0 in everything', range(zero, 0n, MAX_64, 1n)],
    ['not: the largest in everything', range(largest, 0n, MAX_64, 1n)],
    ['not: a claim of 65 bits', range(tooLarge, 0n, MAX_64, 1n)],
    ['not: a claim of 65 bits, far', range(tooLarge, 0n, 0n, 1n)],
    ['not: hashed text', range(name, 0n, 0n, 1n)],
  ])('fails: %s', (_, question) => refuses(question, /^Predicate\[0\]\.RangeCheck/))
})

describe('EQUAL', () => {
  const equal = (slot: bigint, low: bigint, negate = 0n) => ({ slot, mode: MODE.EQUAL, negate, low })

  test.each([
    ['a date', equal(SLOTS.birthDate, BIRTH)],
    ['0', equal(SLOTS.zero, 0n)],
    ['hashed text', equal(SLOTS.name, HASHED_NAME)],
    ['not: one more', equal(SLOTS.birthDate, BIRTH + 1n, 1n)],
    ['not: one less', equal(SLOTS.birthDate, BIRTH - 1n, 1n)],
    ['not: hashed text', equal(SLOTS.name, HASHED_NAME + 1n, 1n)],
    ['not: 0 and the greatest field element', equal(SLOTS.zero, FIELD_ORDER - 1n, 1n)],
  ])('holds: %s', (_, question) => accepts(question))

  test.each([
    ['one more', equal(SLOTS.birthDate, BIRTH + 1n)],
    ['one less', equal(SLOTS.birthDate, BIRTH - 1n)],
    ['hashed text', equal(SLOTS.name, HASHED_NAME + 1n)],
    ['not: a date', equal(SLOTS.birthDate, BIRTH, 1n)],
    ['not: 0', equal(SLOTS.zero, 0n, 1n)],
    ['not: hashed text', equal(SLOTS.name, HASHED_NAME, 1n)],
  ])('fails: %s', (_, question) => refuses(question, /^Predicate/))
})

describe('EXISTS', () => {
  const exists = (slot: bigint, low: bigint) => ({ slot, mode: MODE.EXISTS, low })

  test.each([
    ['a present claim is there', exists(SLOTS.birthDate, 1n)],
    ['a present claim that is 0 is there', exists(SLOTS.zero, 1n)],
    ['an absent claim is not there', exists(SLOTS.absent, 0n)],
    ['an absent claim whose slot holds a number is not there', exists(SLOTS.absentNonZero, 0n)],
  ])('holds: %s', (_, question) => accepts(question))

  test.each([
    ['a present claim is not absent', exists(SLOTS.birthDate, 0n)],
    ['an absent claim is not there', exists(SLOTS.absent, 1n)],
    ['neither yes nor no', exists(SLOTS.birthDate, 2n)],
  ])('fails: %s', (_, question) => refuses(question, /^Predicate/))
})

describe('DISCLOSE', () => {
  test.each([
    ['a date', SLOTS.birthDate, BIRTH],
    ['hashed text', SLOTS.name, HASHED_NAME],
    ['0', SLOTS.zero, 0n],
  ])('puts out %s', async (_, slot, value) => {
    const signals = circuit.publicSignals(
      await expectProvable(circuit, presentInputs(askedCase({ slot, mode: MODE.DISCLOSE }))),
    )
    expect([0, 1, 2, 3].map((place) => signals[`disclosed[${place}]`])).toEqual([value, 0n, 0n, 0n])
  })

  test('no other mode puts out a claim', async () => {
    const questions: Question[] = [
      { slot: SLOTS.birthDate, mode: MODE.RANGE, negate: 0n, low: 0n, high: MAX_64 },
      { slot: SLOTS.birthDate, mode: MODE.EQUAL, negate: 0n, low: BIRTH, high: 0n },
      { slot: SLOTS.birthDate, mode: MODE.EXISTS, negate: 0n, low: 1n, high: 0n },
      { slot: SLOTS.birthDate, mode: MODE.NOOP, negate: 0n, low: 0n, high: 0n },
    ]
    const signals = circuit.publicSignals(await expectProvable(circuit, presentInputs(acceptedCase({ questions }))))
    expect([0, 1, 2, 3].map((place) => signals[`disclosed[${place}]`])).toEqual([0n, 0n, 0n, 0n])
  })
})

describe('an absent claim', () => {
  const { absent, absentNonZero } = SLOTS
  test.each([
    ['RANGE', { slot: absent, mode: MODE.RANGE, low: 0n, high: MAX_64 }],
    ['RANGE negated', { slot: absent, mode: MODE.RANGE, negate: 1n, low: 1n, high: MAX_64 }],
    ['RANGE on what its slot holds', { slot: absentNonZero, mode: MODE.RANGE, low: 77n, high: 77n }],
    ['EQUAL', { slot: absent, mode: MODE.EQUAL, low: 0n }],
    ['EQUAL negated', { slot: absent, mode: MODE.EQUAL, negate: 1n, low: 1n }],
    ['EQUAL on what its slot holds', { slot: absentNonZero, mode: MODE.EQUAL, low: 77n }],
    ['DISCLOSE', { slot: absentNonZero, mode: MODE.DISCLOSE }],
  ])('fails %s', (_, question) => refuses(question, /^Predicate\[0\]\.isPresent$/))
  test('is nothing to NOOP', () => accepts({ slot: absent, mode: MODE.NOOP }))
})

describe('the form of a question', () => {
  test.each([6n, 7n, FIELD_ORDER - 1n])('no mode %i', (mode) => refuses({ mode }, /^(Predicate|modes)/))
  test.each([16n, 17n, FIELD_ORDER - 1n])('no slot %i', (slot) => refuses({ slot }, /^(Predicate|slots)/))
  // With twice the negation all other constraints hold: 3·low − 3v − 2 and 3v − high have 64 bits.
  test('negation is a bit', () =>
    refuses({ slot: 7n, mode: MODE.RANGE, negate: 2n, low: 2014n, high: 2014n }, /^negates/))
  test.each([
    ['NOOP', { mode: MODE.NOOP }],
    ['EXISTS', { slot: SLOTS.birthDate, mode: MODE.EXISTS, low: 1n }],
    ['DISCLOSE', { slot: SLOTS.birthDate, mode: MODE.DISCLOSE }],
  ])('%s has no negation', (_, question) => refuses({ ...question, negate: 1n }, /^negates/))
})

describe('four questions', () => {
  const asked: Question[] = [
    { slot: SLOTS.birthDate, mode: MODE.RANGE, negate: 0n, low: 0n, high: BIRTH },
    { slot: SLOTS.name, mode: MODE.EQUAL, negate: 1n, low: 5n, high: 0n },
    { slot: SLOTS.absent, mode: MODE.EXISTS, negate: 0n, low: 0n, high: 0n },
    { slot: SLOTS.name, mode: MODE.DISCLOSE, negate: 0n, low: 0n, high: 0n },
  ]
  test('hold together', async () => {
    const signals = circuit.publicSignals(
      await expectProvable(circuit, presentInputs(acceptedCase({ questions: asked }))),
    )
    expect(signals['disclosed[3]']).toBe(HASHED_NAME)
  })
  test.each([0, 1, 2, 3])('fail when question %i does', async (place) => {
    const failing: Question = { slot: SLOTS.zero, mode: MODE.EQUAL, negate: 1n, low: 0n, high: 0n }
    await expectUnprovable(
      circuit,
      presentInputs(acceptedCase({ questions: asked.with(place, failing) })),
      /^Predicate/,
    )
  })
  test.each([0, 1, 2, 3])('are those the verifier asked: question %i', async (place) => {
    const { queryHash } = presentInputs(acceptedCase({ questions: asked }))
    const given = acceptedCase({ questions: asked.with(place, NOOP), queryHash })
    await expectUnprovable(circuit, presentInputs(given), /^QueryHash/)
  })
})
