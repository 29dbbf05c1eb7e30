import { beforeAll, describe, expect, test } from 'vitest'
import { toField } from '../../src/protocol/field.ts'
import { poseidonTagged } from '../../src/protocol/poseidon.ts'
import { quaternaryTree } from '../../src/protocol/quaternary-tree.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { modulo } from './constraint-system.ts'
import { expectProvable, expectUnprovable, withWires } from './expectations.ts'
import {
  acceptedCase,
  askedCase,
  caseMemberSet,
  HASHED_NAME,
  MAX_64,
  NOOP,
  type PresentCase,
  presentInputs,
  type Question,
  SLOTS,
  setCase,
} from './present-case.ts'

/* The part of line 7 of the statement that is about a set. */

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('present-v1')
})

const accepts = async (given: PresentCase): Promise<void> => {
  await expectProvable(circuit, presentInputs(given))
}
const refuses = (given: PresentCase, check: RegExp) => expectUnprovable(circuit, presentInputs(given), check)

const SET_CHECK = /^SetQuestion\.SetCheck/
const SLOT = 7n
const LARGEST = 2n ** 252n - 1n
const WIDE = Array.from({ length: 256 }, (_, member) => BigInt(1000 * (member + 1)))

/** "Is my claim in this set", asked of a claim with this value; negated: "is it not". */
function asked(value: bigint, set: readonly bigint[], negate: bigint, overrides: Partial<PresentCase> = {}) {
  return setCase({ slot: SLOT, set, negate }, { claims: acceptedCase().claims.with(Number(SLOT), value), ...overrides })
}

const CASES: [title: string, value: bigint, set: readonly bigint[], member: boolean][] = [
  ['the one member of a set of one', 5n, [5n], true],
  ['below a set of one', 4n, [5n], false],
  ['above a set of one', 6n, [5n], false],
  ['the first member', 5n, [5n, 7n, 20n], true],
  ['a middle member', 7n, [5n, 7n, 20n], true],
  ['the last member', 20n, [5n, 7n, 20n], true],
  ['below the first', 4n, [5n, 7n, 20n], false],
  ['between two members', 6n, [5n, 7n, 20n], false],
  ['above the last', 21n, [5n, 7n, 20n], false],
  ['0, a member', 0n, [0n, 7n], true],
  ['0, below the first', 0n, [1n, 7n], false],
  ['0, between 2^252 − 1 and 1', 0n, [1n, LARGEST], false],
  ['2^252 − 1, a member', LARGEST, [5n, LARGEST], true],
  ['2^252 − 1, above the last', LARGEST, [5n, LARGEST - 1n], false],
  ['2^252 − 1, between two turns of 0', LARGEST, [0n], false],
  ['between 0 and 2^252 − 1', 1n, [0n, LARGEST], false],
  ['2^64 − 1', MAX_64, [MAX_64], true],
  ['hashed text', HASHED_NAME, [3n, HASHED_NAME], true],
  ['other hashed text', HASHED_NAME, [HASHED_NAME - 1n, HASHED_NAME + 1n], false],
  ['the first of 256', 1000n, WIDE, true],
  ['the last of 256', 256_000n, WIDE, true],
  ['below 256', 999n, WIDE, false],
  ['above 256', 256_001n, WIDE, false],
  ['among 256', 128_001n, WIDE, false],
]

describe.each(CASES)('%s', (_, value, set, member) => {
  test('is in the set or not, and only the true answer has a proof', async () => {
    await accepts(asked(value, set, member ? 0n : 1n))
    await refuses(asked(value, set, member ? 1n : 0n), SET_CHECK)
  })
})

describe('a gap that does not answer', () => {
  const set = [5n, 7n, 20n, 21n]
  const members = caseMemberSet(set)
  const gapFrom = (member: bigint) => {
    const { next, path } = members.gap(toField(member))
    return { setMember: member, setNext: next, setPath: path.flat() }
  }

  test('no gap says of a member that it is outside', async () => {
    for (const value of set) {
      for (const member of set) await refuses(asked(value, set, 1n, gapFrom(member)), SET_CHECK)
    }
  })
  test('only its own gap says of a member that it is one', async () => {
    for (const member of set) {
      const given = asked(7n, set, 0n, gapFrom(member))
      await (member === 7n ? accepts(given) : refuses(given, SET_CHECK))
    }
  })
  test('only the gap around it says of a value that it is outside', async () => {
    for (const member of set) {
      const given = asked(9n, set, 1n, gapFrom(member))
      await (member === 7n ? accepts(given) : refuses(given, SET_CHECK))
    }
  })
  test.each([
    ['two gaps joined to one', { setMember: 5n, setNext: 20n }],
    ['a gap made wider', { setMember: 6n, setNext: 20n }],
  ])('%s is not in the tree', (_, ends) => refuses(asked(7n, set, 1n, { ...gapFrom(5n), ...ends }), SET_CHECK))
  test('a member of the forger’s own is not in the tree', () =>
    refuses(asked(9n, set, 0n, { ...gapFrom(7n), setMember: 9n }), SET_CHECK))

  test('the turn of a value that is outside is the one around it', async () => {
    for (const [value, turn] of [
      [4n, 1n],
      [9n, 0n],
      [22n, 0n],
    ] as const) {
      const inputs = presentInputs(asked(value, set, 1n))
      expect(circuit.system.violated(await withTurn(inputs, turn))).toEqual([])
      expect(circuit.system.violated(await withTurn(inputs, 1n - turn))).not.toEqual([])
    }
  })
  test.each([0n, 1n])('whichever turn is claimed, a member is not outside: %i', async (turn) => {
    for (const value of [5n, 21n]) {
      for (const member of set) {
        const given = presentInputs(asked(value, set, 1n, gapFrom(member)))
        const broken = circuit.system.violated(await withTurn(given, turn))
        expect(broken.length).toBeGreaterThan(0)
        for (const row of broken) {
          const names = circuit.system.wiresOf(row).map((wire) => circuit.names[wire])
          expect(names).toContainEqual(expect.stringMatching(SET_CHECK))
        }
      }
    }
  })

  /** The coherent witness of a forger who claims this turn: all that follows from it is computed anew. */
  async function withTurn(inputs: ReturnType<typeof presentInputs>, turn: bigint): Promise<bigint[]> {
    const value = inputs.claims[Number(SLOT)] ?? 0n
    const turned = value + turn * 2n ** 252n
    const distances = [modulo(turned - inputs.setMember - 1n), modulo(inputs.setNext - turned - 1n)]
    const changes = new Map([[circuit.wire('SetQuestion.SetCheck.wraps'), turn]])
    for (const [wire, name] of circuit.names.entries()) {
      const bit = /^SetQuestion\.SetCheck\.Num2Bits\.out\[(\d+)\]$/.exec(name)?.[1]
      // The two decompositions have one name; the wires of the first come first.
      if (bit === undefined) continue
      const distance = distances[wire < circuit.wire('SetQuestion.SetCheck.Num2Bits.out[0]') ? 0 : 1] ?? 0n
      changes.set(wire, (distance >> BigInt(bit)) & 1n)
    }
    return withWires(await circuit.forge(inputs), changes)
  }
})

describe('the same member twice', () => {
  test('a list that names it twice has no root', () => expect(() => caseMemberSet([5n, 5n])).toThrow(/once/))

  test.each([4n, 5n, 6n])(
    'a gap without width, were it in a tree, says of no value that it is outside: %i',
    (value) => {
      const tree = quaternaryTree([poseidonTagged('GAP', [toField(5), toField(5)])], 4)
      const gap = { setRoot: tree.root, setMember: 5n, setNext: 5n, setPath: tree.path(0).flat() }
      return refuses(asked(value, [5n], 1n, gap), SET_CHECK)
    },
  )
})

describe('a value that no claim has, of 2^252 or more', () => {
  test.each([2n ** 252n + 5n, 2n ** 252n, 2n ** 253n - 1n])('%i is no member', (value) =>
    refuses(asked(value, [5n, 9n], 0n), SET_CHECK),
  )
})

describe('the root', () => {
  const set = [5n, 7n]
  const { setRoot, queryHash } = presentInputs(asked(6n, set, 1n))

  test('is the query’s: a set of the holder’s choice answers another query', () =>
    refuses(asked(6n, [5n, 8n], 1n, { queryHash }), /^QueryHash/))
  test('is the query’s: with that root another set’s path does not answer', () =>
    refuses(asked(6n, [5n, 8n], 1n, { setRoot, queryHash }), SET_CHECK))
  test('is the query’s: a query of mode SET without one has no set', () =>
    refuses(asked(6n, set, 1n, { setRoot: 0n }), SET_CHECK))
  test('of a set does not answer a query that names none', () => {
    const withoutRoot = presentInputs(asked(6n, set, 1n, { setRoot: 0n })).queryHash
    return refuses(asked(6n, set, 1n, { queryHash: withoutRoot }), /^QueryHash/)
  })
  test('is bound where no question is about a set', () => {
    const { queryHash: withoutSet } = presentInputs(acceptedCase())
    return refuses(acceptedCase({ setRoot: 1n, queryHash: withoutSet }), /^QueryHash/)
  })
})

describe('without a question about a set', () => {
  test('the gap is free', async () => {
    const { member, next, path } = caseMemberSet([3n, 4n]).gap(toField(9))
    await accepts(acceptedCase({ setMember: member, setNext: next, setPath: path.flat() }))
  })
  test('and nothing public shows which it was', async () => {
    const { member, next, path } = caseMemberSet([3n, 4n]).gap(toField(9))
    const gap = { setMember: member, setNext: next, setPath: path.flat() }
    const [one, two] = await Promise.all(
      [acceptedCase(gap), acceptedCase()].map(async (given) =>
        circuit.publicSignals(await expectProvable(circuit, presentInputs(given))),
      ),
    )
    expect(one).toEqual(two)
  })
  test('its path leads from it to some root', () =>
    refuses(acceptedCase({ setMember: 1n }), /^SetQuestion\.SetCheck\.QuaternaryMembership/))
})

describe('the question', () => {
  const question = (slot: bigint, negate = 0n): Question => ({ ...NOOP, slot, mode: 3n, negate })
  const set = [1007n, 2007n]

  test.each([0, 1, 2, 3])('in place %i', async (place) => {
    const questions = [NOOP, NOOP, NOOP, NOOP]
    await accepts(acceptedCase({ questions: questions.with(place, question(SLOT)), set }))
    await refuses(acceptedCase({ questions: questions.with(place, question(SLOT, 1n)), set }), SET_CHECK)
  })
  // Both sums are such that all else fits: of two claims, 1007 and 1007 or 1008, in the set or in its gap.
  test.each([
    ['of the same kind', question(SLOT), [2014n], 2014n],
    ['that is negated', question(8n, 1n), [2014n, 2020n], 2015n],
  ])('a second one %s has no proof', (_, second, members, sum) => {
    const { member, next, path } = caseMemberSet(members).gap(toField(sum))
    const gap = { setMember: member, setNext: next, setPath: path.flat() }
    return refuses(
      acceptedCase({ questions: [question(SLOT), second, NOOP, NOOP], set: members, ...gap }),
      /^isSet\[0\]$/,
    )
  })
  test('beside three others', () =>
    accepts(
      acceptedCase({
        set,
        questions: [
          { slot: SLOTS.birthDate, mode: 5n, negate: 0n, low: 0n, high: 0n },
          { slot: SLOTS.name, mode: 2n, negate: 1n, low: 5n, high: 0n },
          question(SLOT),
          { slot: SLOTS.absent, mode: 4n, negate: 0n, low: 0n, high: 0n },
        ],
      }),
    ))
  test('has a negation that is a bit', () =>
    refuses(acceptedCase({ questions: [question(SLOT, 2n), NOOP, NOOP, NOOP], set }), /^(negates|SetQuestion)/))
  test.each([
    ['in it, were it there', 0n, [0n, 9n]],
    ['not in it, were it there', 1n, [9n]],
  ])('an absent claim is %s', (_, negate, members) =>
    refuses(setCase({ slot: SLOTS.absent, negate, set: members }), /^Predicate\[0\]\.isPresent$/),
  )
  test('discloses nothing', async () => {
    const signals = circuit.publicSignals(
      await expectProvable(circuit, presentInputs(askedCase(question(SLOT), { set }))),
    )
    expect([0, 1, 2, 3].map((place) => signals[`disclosed[${place}]`])).toEqual([0n, 0n, 0n, 0n])
  })
})
