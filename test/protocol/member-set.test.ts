import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { INTEGER_OFFSET } from '../../src/protocol/claim.ts'
import { encodeField, toField } from '../../src/protocol/field.ts'
import { type Gap, memberSet } from '../../src/protocol/member-set.ts'
import { poseidonNode, poseidonTagged } from '../../src/protocol/poseidon.ts'
import { quaternaryTree } from '../../src/protocol/quaternary-tree.ts'
import { codeOf } from '../expect-code.ts'
import vectors from '../vectors/protocol.json' with { type: 'json' }

vi.mock('../../src/protocol/quaternary-tree.ts', { spy: true })

const LARGEST = 2n ** 252n - 1n
const setOf = (members: readonly bigint[]) => memberSet(members.map(toField))

/** Whether the circuit accepts the gap as an answer for the value. */
function answers(value: bigint, { member, next }: Gap, negate: boolean): boolean {
  if (!negate) return value === member
  const between = (turned: bigint) => member < turned && turned < next
  return between(value) || between(value + 2n ** 252n)
}

test.each(vectors.sets)('the root of a set of integers $root', ({ values, root }) => {
  const members = values.map((value) => toField(INTEGER_OFFSET + BigInt(value)))
  expect(encodeField(memberSet(members).root)).toBe(root)
  expect(encodeField(memberSet(members.toReversed()).root)).toBe(root)
})

test('the gap of any value answers truly, and stands in the tree', () => {
  const member = fc.oneof(fc.bigInt(0n, 12n), fc.constantFrom(LARGEST, LARGEST - 1n), fc.bigInt(0n, LARGEST))
  fc.assert(
    fc.property(fc.uniqueArray(member, { minLength: 1, maxLength: 9 }), member, (members, value) => {
      const set = setOf(members)
      const gap = set.gap(toField(value))
      expect(set.has(toField(value))).toBe(members.includes(value))
      expect(answers(value, gap, false)).toBe(members.includes(value))
      expect(answers(value, gap, true)).toBe(!members.includes(value))
      let node = poseidonTagged('GAP', [gap.member, gap.next])
      for (const children of gap.path) {
        expect(children).toContain(node)
        node = poseidonNode(children)
      }
      expect(node).toBe(set.root)
    }),
    { numRuns: 40 },
  )
})

test('no gap of a set answers wrongly for any value', () => {
  const members = [0n, 1n, 5n, 9n, LARGEST]
  const set = setOf(members)
  for (const value of [0n, 1n, 2n, 5n, 6n, 9n, 10n, LARGEST - 1n, LARGEST]) {
    const gaps = members.map((member) => set.gap(toField(member)))
    expect(gaps.some((gap) => answers(value, gap, false))).toBe(members.includes(value))
    expect(gaps.filter((gap) => answers(value, gap, true))).toHaveLength(members.includes(value) ? 0 : 1)
  }
})

test('the root over the same members is computed once, and again only after 64 other sets', () => {
  const computed = vi.mocked(quaternaryTree).mock.calls
  const rootOf = (...members: bigint[]) => setOf(members).root
  const before = computed.length
  const root = rootOf(1001n, 1002n)
  expect(rootOf(1002n, 1001n)).toBe(root)
  expect(computed.length).toBe(before + 1)
  for (let other = 0n; other < 63n; other++) expect(rootOf(2000n + other)).not.toBe(root)
  expect(rootOf(1001n, 1002n)).toBe(root)
  expect(computed.length).toBe(before + 64)
  for (let other = 0n; other < 64n; other++) rootOf(3000n + other)
  expect(rootOf(1001n, 1002n)).toBe(root)
  expect(computed.length).toBe(before + 129)
})

test.each([
  ['1 member', [5n]],
  ['256 members', Array.from({ length: 256 }, (_, member) => BigInt(member))],
  ['the largest', [LARGEST]],
])('%s are a set', (_, members) => expect(codeOf(() => setOf(members))).toBeUndefined())

test.each([
  ['no member', []],
  ['257 members', Array.from({ length: 257 }, (_, member) => BigInt(member))],
  ['a member twice', [5n, 7n, 5n]],
  ['a member of more than 252 bits', [LARGEST + 1n]],
])('%s are none', (_, members) => expect(codeOf(() => setOf(members))).toBe('predicate_set'))
