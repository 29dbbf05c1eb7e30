import { FIELD_ORDER, toField } from '../../../../src/protocol/field.ts'
import { poseidonTagged } from '../../../../src/protocol/poseidon.ts'
import {
  acceptedCase,
  caseMemberSet,
  HASHED_NAME,
  MODE,
  NOOP,
  type PresentCase,
  presentInputs,
  SLOTS,
  setCase,
} from '../../present-case.ts'
import type { FalseStatement } from './false-statements.ts'
import { placeOf, rootOf, unequalPairs, withChild, withSwapped } from './tree-paths.ts'

/** Line 7 where it is about a set: not a member, or a member after all, or of another set. */
export function falseSets(): FalseStatement[] {
  return [...falseMembers(), ...falsePaths(), ...falseUses()]
}

const MEMBERS = [3n, 70n, HASHED_NAME - 5n, HASHED_NAME, HASHED_NAME + 5n, 2n ** 252n - 1n]
const WITHOUT = MEMBERS.filter((member) => member !== HASHED_NAME)
const BIRTH = acceptedCase().claims[Number(SLOTS.birthDate)] ?? 0n

/** Of what gap the answer is read, where the honest one does not give it. */
function falseMembers(): FalseStatement[] {
  const isIn = (set: readonly bigint[], slot: bigint = SLOTS.name) => setCase({ slot, set })
  const isOut = (set: readonly bigint[], slot: bigint = SLOTS.name) => setCase({ slot, set, negate: 1n })
  const gapOf = (set: readonly bigint[], value: bigint) => {
    const { member, next, path } = caseMemberSet(set).gap(toField(value))
    return { setMember: member, setNext: next, setPath: path.flat() }
  }
  const told = (name: string, given: PresentCase, gap: object, refusedBy: RegExp): FalseStatement => ({
    name,
    inputs: { ...presentInputs(given), ...gap },
    refusedBy,
  })
  return [
    told('a member that is none, by the gap around it', isIn(WITHOUT), {}, MEMBER),
    ...WITHOUT.map((member, index) =>
      told(`a member that is none, by member ${index}`, isIn(WITHOUT), gapOf(WITHOUT, member), MEMBER),
    ),
    told('no member that is one, by its own gap', isOut(MEMBERS), {}, GAP),
    ...WITHOUT.map((member, index) =>
      told(`no member that is one, by the gap of member ${index}`, isOut(MEMBERS), gapOf(MEMBERS, member), GAP),
    ),
    ...WITHOUT.flatMap((member) => {
      const right = caseMemberSet(WITHOUT).gap(toField(HASHED_NAME)).member
      return member === right
        ? []
        : [told(`no member, by a gap that is elsewhere, at ${member}`, isOut(WITHOUT), gapOf(WITHOUT, member), GAP)]
    }),
    told('the only member is none', isOut([HASHED_NAME]), {}, GAP),
    told('a member of a set of another one', isIn([7n]), {}, MEMBER),
    told('the last member is none', isOut([3n, HASHED_NAME]), {}, GAP),
    told('the first member is none', isOut([HASHED_NAME, HASHED_NAME + 9n]), {}, GAP),
    told(
      'the first member is none, by the gap around',
      isOut([HASHED_NAME, HASHED_NAME + 9n]),
      gapOf([HASHED_NAME, HASHED_NAME + 9n], HASHED_NAME + 9n),
      GAP,
    ),
    told('0 is no member of a set with 0', isOut([0n, 5n], SLOTS.zero), {}, GAP),
    told('0 is no member of a set with 0, by the gap around', isOut([0n, 5n], SLOTS.zero), gapOf([0n, 5n], 5n), GAP),
    told('0 is a member of a set without it', isIn([1n, 5n], SLOTS.zero), {}, MEMBER),
    told('a member by the other end of its gap', isIn([3n, HASHED_NAME]), gapOf([3n, HASHED_NAME], 3n), MEMBER),
    told('an absent claim in a set', isIn([0n, 5n], SLOTS.absent), {}, PRESENCE),
    told('an absent claim outside a set', isOut([1n, 5n], SLOTS.absent), {}, PRESENCE),
    told('an absent claim that has a value, in a set', isIn([77n], SLOTS.absentNonZero), {}, PRESENCE),
  ]
}

/** Gaps that the verifier's set does not have. */
function falsePaths(): FalseStatement[] {
  const given = setCase({ slot: SLOTS.name, set: MEMBERS, negate: 0n })
  const inputs = presentInputs(given)
  const path = inputs.setPath
  const outside = presentInputs(setCase({ slot: SLOTS.name, set: WITHOUT, negate: 1n }))
  const ends = { setMember: HASHED_NAME - 1n, setNext: HASHED_NAME + 1n }
  const leaf = poseidonTagged('GAP', [toField(inputs.setMember), toField(inputs.setNext)])
  const other = caseMemberSet(WITHOUT)
  return [
    { name: 'a gap made up around the value', inputs: { ...outside, ...ends }, refusedBy: LEVEL(0) },
    {
      name: 'a gap whose lower end is another',
      inputs: { ...outside, setMember: outside.setMember + 1n },
      refusedBy: LEVEL(0),
    },
    {
      name: 'a gap whose upper end is another',
      inputs: { ...outside, setNext: outside.setNext - 1n },
      refusedBy: LEVEL(0),
    },
    {
      name: 'a gap whose ends change places',
      inputs: { ...inputs, setMember: inputs.setNext, setNext: inputs.setMember },
      refusedBy: /^SetQuestion/,
    },
    {
      name: 'a member of its own choice',
      inputs: presentInputs({ ...setCase({ slot: SLOTS.name, set: WITHOUT }), setMember: HASHED_NAME }),
      refusedBy: LEVEL(0),
    },
    {
      name: 'a set of its own making',
      inputs: {
        ...inputs,
        setRoot: other.root,
        queryHash: presentInputs(setCase({ slot: SLOTS.name, set: WITHOUT })).queryHash,
      },
      refusedBy: /^SetQuestion/,
    },
    {
      name: "its own set in place of the query's",
      inputs: { ...inputs, queryHash: presentInputs(setCase({ slot: SLOTS.name, set: WITHOUT })).queryHash },
      refusedBy: QUERY,
    },
    { name: 'the root of no set', inputs: presentInputs({ ...given, setRoot: 0n }), refusedBy: /^SetQuestion/ },
    { name: 'the gap for the root', inputs: presentInputs({ ...given, setRoot: leaf }), refusedBy: /^SetQuestion/ },
    ...[0, 1, 2, 3].flatMap((level) => {
      const place = level === 0 ? path.slice(0, 4).indexOf(leaf) : placeOf(path, level)
      const instead: [string, bigint][] = [
        ['is empty', 0n],
        ['holds one more', (path[4 * level + place] ?? 0n) + 1n],
        ["holds another set's", outside.setPath[4 * level] ?? 1n],
      ]
      return [
        ...instead.map(([what, child]) => {
          const setPath = withChild(path, { level, place, child })
          return {
            name: `the gap's place on level ${level} ${what}`,
            inputs: presentInputs({ ...given, setPath, setRoot: rootOf(setPath) }),
            refusedBy: LEVEL(level),
          }
        }),
        ...unequalPairs(path, level).map(([one, two]) => ({
          name: `gaps ${one} and ${two} of level ${level} change places`,
          inputs: { ...inputs, setPath: withSwapped(path, level, one, two) },
          refusedBy: level === 3 ? /^SetQuestion|^setRoot$/ : LEVEL(level + 1),
        })),
      ]
    }),
  ]
}

/** More than one set, or a set question that is none. */
function falseUses(): FalseStatement[] {
  const asks = (slot: bigint, negate = 0n) => ({ ...NOOP, slot, mode: MODE.SET, negate })
  const two = (first: number, second: number) => {
    const questions = [NOOP, NOOP, NOOP, NOOP].map((noop, place) =>
      place === first || place === second ? asks(SLOTS.name) : noop,
    )
    return {
      name: `sets in questions ${first} and ${second}`,
      inputs: presentInputs(acceptedCase({ questions, set: MEMBERS })),
      refusedBy: ONE,
    }
  }
  return [
    two(0, 1),
    two(0, 2),
    two(0, 3),
    two(1, 2),
    two(1, 3),
    two(2, 3),
    {
      name: 'four sets',
      inputs: presentInputs(acceptedCase({ questions: [0, 1, 2, 3].map(() => asks(SLOTS.name)), set: MEMBERS })),
      refusedBy: ONE,
    },
    {
      name: 'a set and its opposite',
      inputs: presentInputs(
        acceptedCase({ questions: [asks(SLOTS.name), asks(SLOTS.birthDate, 1n), NOOP, NOOP], set: MEMBERS }),
      ),
      refusedBy: ONE,
    },
    {
      name: 'the sum of two claims in a set',
      inputs: presentInputs(
        acceptedCase({ questions: [asks(SLOTS.name), asks(SLOTS.birthDate), NOOP, NOOP], set: [HASHED_NAME + BIRTH] }),
      ),
      refusedBy: ONE,
    },
    ...[2n, (FIELD_ORDER + 1n) / 2n].map((negate) => ({
      name: `a set negated by ${negate}`,
      inputs: presentInputs(acceptedCase({ questions: [asks(SLOTS.name, negate), NOOP, NOOP, NOOP], set: WITHOUT })),
      refusedBy: /^negates|^SetQuestion\.SetCheck\./,
    })),
    {
      // A member whose next is one more: both distances have 252 bits, and what is wrong is that −1 is no bit.
      name: 'a set negated by −1',
      inputs: presentInputs(
        setCase({ slot: SLOTS.name, set: [3n, HASHED_NAME, HASHED_NAME + 1n], negate: FIELD_ORDER - 1n }),
      ),
      refusedBy: /^negates/,
    },
  ]
}

const MEMBER = /^SetQuestion\.SetCheck/
const GAP = /^SetQuestion\.SetCheck\.(Num2Bits|outside)/
const PRESENCE = /^Predicate\[\d\]\.isPresent$/
const ONE = /^SetQuestion|^isSet/
const QUERY = /^queryHash$/
const LEVEL = (level: number): RegExp =>
  new RegExp(`^SetQuestion\\.SetCheck\\.QuaternaryMembership\\.(left|right)\\[${level}\\]$`)
