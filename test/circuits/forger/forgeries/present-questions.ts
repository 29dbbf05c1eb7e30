import { FIELD_ORDER } from '../../../../src/protocol/field.ts'
import {
  acceptedCase,
  askedCase,
  MAX_64,
  MODE,
  type PresentCase,
  presentInputs,
  type Question,
  SLOTS,
} from '../../present-case.ts'
import type { FalseStatement } from './false-statements.ts'
import { honestCase, otherCase } from './present-cases.ts'

/** Line 7 but for sets: an answer that is no, a question that is none, and the questions of another query. */
export function falseAnswers(seed: number): FalseStatement[] {
  return [...noAnswers(), ...noQuestions(), ...otherQueries(seed)]
}

const BIRTH = acceptedCase().claims[Number(SLOTS.birthDate)] ?? 0n
const NAME = acceptedCase().claims[Number(SLOTS.name)] ?? 0n
const { NOOP, RANGE, EQUAL, SET, EXISTS, DISCLOSE } = MODE

function noAnswers(): FalseStatement[] {
  const range = (slot: bigint, low: bigint, high: bigint, negate = 0n): Partial<Question> => ({
    slot,
    mode: RANGE,
    low,
    high,
    negate,
  })
  const equal = (slot: bigint, low: bigint, negate = 0n): Partial<Question> => ({ slot, mode: EQUAL, low, negate })
  const { birthDate, name, zero, largest, tooLarge, absent, absentNonZero } = SLOTS
  const asked: [string, Partial<Question>, RegExp][] = [
    ['a date a day above the range', range(birthDate, 0n, BIRTH - 1n), IN_RANGE],
    ['a date a day below the range', range(birthDate, BIRTH + 1n, MAX_64), IN_RANGE],
    ['a date in the empty range around it', range(birthDate, BIRTH + 1n, BIRTH - 1n), IN_RANGE],
    ['0 in a range from 1', range(zero, 1n, MAX_64), IN_RANGE],
    ['2^64 − 1 in a range to 2^64 − 2', range(largest, 0n, MAX_64 - 1n), IN_RANGE],
    ['2^64 in a range to 2^64 − 1', range(tooLarge, 0n, MAX_64), IN_RANGE],
    ['hashed text in the widest range', range(name, 0n, MAX_64), IN_RANGE],
    ['the one number of a range outside it', range(birthDate, BIRTH, BIRTH, 1n), IN_RANGE],
    ['the lower end outside the range', range(birthDate, BIRTH, BIRTH + 9n, 1n), IN_RANGE],
    ['the upper end outside the range', range(birthDate, BIRTH - 9n, BIRTH, 1n), IN_RANGE],
    ['a number in the middle outside the range', range(birthDate, BIRTH - 3n, BIRTH + 5n, 1n), IN_RANGE],
    ['any number outside the widest range', range(birthDate, 0n, MAX_64, 1n), IN_RANGE],
    ['2^64 outside a range below it', range(tooLarge, 0n, 5n, 1n), IN_RANGE],
    ['hashed text outside a range', range(name, 7n, 9n, 1n), IN_RANGE],
    ['one number equal to the next', equal(birthDate, BIRTH + 1n), EQUALITY],
    ['one number equal to the one before', equal(birthDate, BIRTH - 1n), EQUALITY],
    ['text equal to another', equal(name, NAME + 1n), EQUALITY],
    ['a number equal to its negative', equal(birthDate, FIELD_ORDER - BIRTH), EQUALITY],
    ['a number equal to 0', equal(birthDate, 0n), EQUALITY],
    ['0 equal to 1', equal(zero, 1n), EQUALITY],
    ['a number not equal to itself', equal(birthDate, BIRTH, 1n), EQUALITY],
    ['text not equal to itself', equal(name, NAME, 1n), EQUALITY],
    ['0 not equal to 0', equal(zero, 0n, 1n), EQUALITY],
    ['the range of an absent claim', range(absent, 0n, 5n), PRESENCE],
    ['the negated range of an absent claim', range(absentNonZero, 0n, 5n, 1n), PRESENCE],
    ['the equality of an absent claim', equal(absentNonZero, 77n), PRESENCE],
    ['the inequality of an absent claim', equal(absent, 5n, 1n), PRESENCE],
    ['the disclosure of an absent claim', { slot: absentNonZero, mode: DISCLOSE }, PRESENCE],
    ['the existence of an absent claim', { slot: absent, mode: EXISTS, low: 1n }, PRESENCE],
    ['the existence of an absent claim that has a value', { slot: absentNonZero, mode: EXISTS, low: 1n }, PRESENCE],
    ['the absence of a claim', { slot: birthDate, mode: EXISTS, low: 0n }, PRESENCE],
    ['the absence of a claim that is 0', { slot: zero, mode: EXISTS, low: 0n }, PRESENCE],
    ['an existence of 2', { slot: birthDate, mode: EXISTS, low: 2n }, PRESENCE],
    ['an existence of −1', { slot: birthDate, mode: EXISTS, low: FIELD_ORDER - 1n }, PRESENCE],
  ]
  const inEveryPlace = [0, 5, 11, 14, 20, 27, 30]
  return asked.flatMap(([name, question, refusedBy], index) =>
    (inEveryPlace.includes(index) ? [0, 1, 2, 3] : [index % 4]).map((place) => ({
      name: `${name}, question ${place}`,
      inputs: presentInputs(placed(question, place)),
      refusedBy,
    })),
  )
}

function noQuestions(): FalseStatement[] {
  const negated = (negate: bigint, bounds: Partial<Question>): [string, Partial<Question>, RegExp] => [
    `negated by ${negate}`,
    { mode: RANGE, slot: SLOTS.birthDate, negate, ...bounds },
    NEGATE,
  ]
  const malformed: [string, Partial<Question>, RegExp][] = [
    ...[6n, 7n, 8n, 9n, 16n, 2n ** 32n, 2n ** 253n, FIELD_ORDER - 1n].map(
      (mode): [string, Partial<Question>, RegExp] => [`mode ${mode}`, { mode, slot: SLOTS.zero }, MODE_SIGNAL],
    ),
    ...[16n, 17n, 32n, 2n ** 32n, 2n ** 253n, FIELD_ORDER - 1n].map((slot): [string, Partial<Question>, RegExp] => [
      `slot ${slot}`,
      { slot },
      SLOT,
    ]),
    // Bounds with which both numbers of RangeCheck have 64 bits: what is wrong is that this is no bit.
    ...[2n, 2n ** 32n, 2n ** 64n].map((negate) => negated(negate, { low: BIRTH + 1n, high: 2n * BIRTH })),
    negated(FIELD_ORDER - 1n, { low: BIRTH, high: 2n * BIRTH }),
    negated((FIELD_ORDER + 1n) / 2n, { low: 1n, high: 2n }),
    ['a negated NOOP', { negate: 1n }, NEGATE],
    ['a negated EXISTS', { mode: EXISTS, low: 1n, negate: 1n }, NEGATE],
    ['a negated DISCLOSE', { mode: DISCLOSE, negate: 1n }, NEGATE],
  ]
  const masks = [2n ** 16n, 2n ** 32n, FIELD_ORDER - 2n ** 16n]
  return [
    ...malformed.map(([name, question, refusedBy], index) => ({
      name: `${name}, question ${index % 4}`,
      inputs: presentInputs(placed(question, index % 4)),
      refusedBy,
    })),
    ...masks.map((by) => {
      const presenceMask = (acceptedCase().presenceMask + by) % FIELD_ORDER
      return { name: `the mask plus ${by}`, inputs: presentInputs(acceptedCase({ presenceMask })), refusedBy: MASK }
    }),
  ]
}

/** The prover answers something that it was not asked. */
function otherQueries(seed: number): FalseStatement[] {
  const honest = honestCase(seed)
  const inputs = presentInputs(honest)
  const asked = (name: string, question: Partial<Question>, place: number): FalseStatement => {
    const questions = honest.questions.map((one, index) => (index === place ? { ...one, ...question } : one))
    const answered = presentInputs({ ...honest, questions })
    return { name: `${name} ${place}`, inputs: { ...answered, queryHash: inputs.queryHash }, refusedBy: QUERY }
  }
  const easier: [string, Partial<Question>][] = [
    ['NOOP for question', { mode: NOOP, negate: 0n }],
    ['the existence of the claim for question', { mode: EXISTS, low: 1n, negate: 0n }],
    ['the disclosure of the claim for question', { mode: DISCLOSE, negate: 0n }],
    ['a wider range for question', { mode: RANGE, slot: SLOTS.birthDate, negate: 0n, low: 0n, high: MAX_64 }],
    ['an operand of its own for question', { mode: EQUAL, slot: SLOTS.name, negate: 0n, low: NAME }],
    ['another slot for question', { mode: DISCLOSE, slot: 9n, negate: 0n }],
    ['an unread upper operand for question', { mode: NOOP, negate: 0n, high: 5n }],
  ]
  const different = easier.flatMap(([name, question]) =>
    // The last is asked to disclose as it is.
    (question.mode === DISCLOSE ? [0, 1] : [0, 1, 3]).map((place) => asked(name, question, place)),
  )
  // slot + 16·mode + 128·negate is the same; only the ranges of the three tell them apart.
  const aliases: [string, Partial<Question>, Partial<Question>, RegExp][] = [
    [
      'a slot 16 higher and a mode one lower in question',
      { mode: DISCLOSE },
      { mode: EXISTS, slot: SLOTS.birthDate + 16n },
      SLOT,
    ],
    [
      'a slot 16 lower and a mode one higher in question',
      { mode: SET },
      { mode: EXISTS, slot: SLOTS.birthDate - 16n + FIELD_ORDER },
      SLOT,
    ],
    [
      'eight modes for a negation in question',
      { mode: EQUAL, slot: SLOTS.zero, negate: 1n, low: 1n },
      { mode: EQUAL + 8n, negate: 0n },
      MODE_SIGNAL,
    ],
    [
      'a negation for eight modes in question',
      { mode: EQUAL, slot: SLOTS.zero },
      { mode: EQUAL - 8n + FIELD_ORDER, negate: 1n },
      MODE_OR_NEGATE,
    ],
    ['everything in the slot of question', { mode: DISCLOSE }, { mode: NOOP, slot: 16n * DISCLOSE }, SLOT],
  ]
  const aliased = aliases.flatMap(([name, question, alias, refusedBy]) =>
    [0, 1, 3].map((place) => {
      const { queryHash } = presentInputs(placed(question, place, { set: [BIRTH] }))
      const answered = presentInputs(placed({ ...question, ...alias }, place, { set: [BIRTH] }))
      return { name: `${name} ${place}`, inputs: { ...answered, queryHash }, refusedBy }
    }),
  )
  const swapped = [
    [0, 1],
    [1, 3],
    [0, 3],
  ].map(([one = 0, two = 0]) => {
    const questions = honest.questions.map(
      (question, place) => honest.questions[place === one ? two : place === two ? one : place] ?? question,
    )
    return {
      name: `questions ${one} and ${two} change places`,
      inputs: { ...presentInputs({ ...honest, questions }), queryHash: inputs.queryHash },
      refusedBy: QUERY,
    }
  })
  return [
    ...different,
    ...aliased,
    ...swapped,
    {
      name: 'a credential of another schema',
      inputs: { ...presentInputs({ ...honest, schema: otherCase(seed).schema }), queryHash: inputs.queryHash },
      refusedBy: QUERY,
    },
    {
      name: "another verifier's query",
      inputs: { ...inputs, queryHash: presentInputs(otherCase(seed)).queryHash },
      refusedBy: QUERY,
    },
    { name: 'no query', inputs: { ...inputs, queryHash: 0n }, refusedBy: QUERY },
  ]
}

/** The question in one place, NOOP in the others. */
function placed(question: Partial<Question>, place: number, overrides: Partial<PresentCase> = {}) {
  const given = askedCase(question, overrides)
  const [first, ...rest] = given.questions
  return first ? { ...given, questions: [...rest.slice(0, place), first, ...rest.slice(place)] } : given
}

const IN_RANGE = /^Predicate\[\d\]\.RangeCheck/
const EQUALITY = /^Predicate\[\d\]\.EqualityCheck/
const PRESENCE = /^Predicate\[\d\]\.isPresent$/
const MODE_SIGNAL = /^modes/
const SLOT = /^Predicate\[\d\]\.SlotChoice|^slots/
const NEGATE = /^negates/
const MODE_OR_NEGATE = /^(modes|negates)/
const MASK = /^present/
const QUERY = /^queryHash$/
