import { beforeAll, describe, expect, test } from 'vitest'
import { FIELD_ORDER, toField } from '../../src/protocol/field.ts'
import { groupTree } from '../../src/protocol/group.ts'
import { poseidonNode } from '../../src/protocol/poseidon.ts'
import { quaternaryTree } from '../../src/protocol/quaternary-tree.ts'
import { PUBLIC_SIGNALS } from '../../src/protocol/signals.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { modulo } from './constraint-system.ts'
import { expectBroken, expectProvable, expectUnprovable, withWires } from './expectations.ts'
import { acceptedGroupCase, caseGroupMember, type GroupCase, groupInputs, groupOutputs } from './group-case.ts'

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('group-v1')
})

const accepts = async (overrides: Partial<GroupCase>): Promise<void> => {
  const given = acceptedGroupCase(overrides)
  const inputs = groupInputs(given)
  const { context, walletNonce, kind, scope, groupRoot } = inputs
  expect(circuit.publicSignals(await expectProvable(circuit, inputs))).toEqual({
    ...groupOutputs(given),
    ...{ context, walletNonce, kind, scope, groupRoot },
  })
}
const refuses = (overrides: Partial<GroupCase>, check: RegExp) =>
  expectUnprovable(circuit, groupInputs(acceptedGroupCase(overrides)), check)

const MEMBERSHIP = /^QuaternaryMembership/
const onLevel = (level: number) => new RegExp(`^QuaternaryMembership\\.(left|right)\\[${level}\\]$`)
const MEMBER = caseGroupMember(acceptedGroupCase())
const others = (count: number) => Array.from({ length: count }, (_, member) => toField(3101 + member))
const ZERO = toField(0)

describe('a member', () => {
  test.each([
    ['alone', 0, 0],
    ['the first of two', 0, 1],
    ['the last of two', 1, 0],
    ['the last of five', 4, 0],
    ['the third of 300', 2, 297],
    ['the last of 300', 299, 0],
  ])('%s', (_, before, after) => accepts({ before: others(before), after: others(after) }))

  test.each([1n, 2n, 3n, 4n])('with kind %i', (kind) => accepts({ kind }))
})

describe('no member', () => {
  const set = groupTree(others(5))
  const pathOf = (place: number) => ({ groupRoot: set.root, children: set.path(place).flat() })

  test('with the path of another', () => refuses(pathOf(2), onLevel(0)))
  test('with the path of an empty place', () => refuses(pathOf(5), onLevel(0)))
  test('with a path of its own', () => refuses({ groupRoot: set.root }, MEMBERSHIP))
  test('with a lowest node of its own', () => {
    const children = set.path(0).flat().with(0, MEMBER)
    return refuses({ groupRoot: set.root, children }, onLevel(1))
  })
  test('under another secret', () => {
    const { groupRoot, children } = groupInputs(acceptedGroupCase())
    return refuses({ holderSecret: 2103n, groupRoot, children }, onLevel(0))
  })
  test('by the name of another group', () => {
    const { groupRoot, children } = groupInputs(acceptedGroupCase())
    return refuses({ groupId: toField(2104), groupRoot, children }, onLevel(0))
  })
})

describe('a node is no leaf', () => {
  // A forger that finds the leaf's value among inner nodes, or a tree of another depth under the same root.
  test.each([9, 11])('nor a tree of %i levels one of ten', (depth) => {
    const tree = quaternaryTree([MEMBER, ...others(20)], depth)
    const path = tree.path(0)
    const blank = Array.from({ length: 4 }, () => ZERO)
    const children = Array.from({ length: 10 }, (_, level) => path[level] ?? blank).flat()
    return refuses({ groupRoot: tree.root, children }, MEMBERSHIP)
  })
  test('the leaf in the place of a node, one level up', () => {
    const node = poseidonNode([MEMBER, ZERO, ZERO, ZERO])
    const tree = groupTree([...others(16)])
    const children = tree.path(0).flat().with(4, MEMBER).with(5, node)
    return refuses({ groupRoot: tree.root, children }, MEMBERSHIP)
  })
  test('inner nodes in the place of leaves', () => {
    const tree = groupTree([MEMBER, ...others(20)])
    const [, ...upper] = tree.path(0)
    return refuses({ groupRoot: tree.root, children: [...upper, upper[8] ?? []].flat() }, MEMBERSHIP)
  })
})

describe('holder and kind', () => {
  test('the secret is not 0', () => refuses({ holderSecret: 0n }, /^(holderSecret|NonZero)/))
  test.each([0n, 5n, 6n, FIELD_ORDER - 1n])('no kind %i', (kind) => refuses({ kind }, /^PresentationKind/))
})

describe('public signals', () => {
  test.each(PUBLIC_SIGNALS['group-v1'])('%s is bound', async (name) => {
    const honest = await expectProvable(circuit, groupInputs(acceptedGroupCase()))
    const wire = circuit.wire(name)
    const value = honest[wire] ?? 0n
    for (const forged of [value + 1n, value - 1n, -value - 1n, value + 2n ** 253n]) {
      expectBroken(circuit, withWires(honest, new Map([[wire, modulo(forged)]])))
    }
  })
})
