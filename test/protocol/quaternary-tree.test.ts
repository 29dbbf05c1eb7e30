import { buildPoseidon } from 'circomlibjs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeField, type FieldElement, toField } from '../../src/protocol/field.ts'
import { poseidonNode } from '../../src/protocol/poseidon.ts'
import { quaternaryTree } from '../../src/protocol/quaternary-tree.ts'
import { codeOf } from '../expect-code.ts'
import vectors from '../vectors/protocol.json' with { type: 'json' }

const leavesOf = (count: number) => Array.from({ length: count }, (_, leaf) => toField(1000 + leaf))

test.each(vectors.trees)('the root over $count leaves in $depth levels', ({ count, depth, root }) =>
  expect(encodeField(quaternaryTree(leavesOf(count), depth).root)).toBe(root),
)

test('the root is that of every place hashed by another implementation', async () => {
  const poseidon = await buildPoseidon()
  const wholeRoot = (leaves: readonly bigint[], depth: number): bigint => {
    let level = Array.from({ length: 4 ** depth }, (_, place) => leaves[place] ?? 0n)
    while (level.length > 1) {
      level = Array.from({ length: level.length / 4 }, (_, node) =>
        poseidon.F.toObject(poseidon(level.slice(4 * node, 4 * node + 4))),
      )
    }
    return level[0] ?? 0n
  }
  for (const count of [0, 1, 3, 4, 5, 17, 64]) {
    expect(quaternaryTree(leavesOf(count), 3).root).toBe(wholeRoot(leavesOf(count), 3))
  }
})

/** What the circuits do with a path: the node below is among the four, in the place that its index says. */
function climb(leaf: FieldElement, index: number, path: readonly (readonly FieldElement[])[]): FieldElement {
  let node = leaf
  for (const [level, children] of path.entries()) {
    expect(children[Math.floor(index / 4 ** level) % 4]).toBe(node)
    node = poseidonNode(children)
  }
  return node
}

test('a path leads from every place to the root, from empty ones too', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 70 }), fc.nat(255), (count, place) => {
      const leaves = leavesOf(count)
      const tree = quaternaryTree(leaves, 4)
      expect(climb(leaves[place] ?? toField(0), place, tree.path(place))).toBe(tree.root)
    }),
    { numRuns: 20 },
  )
})

test('a leaf that is 0 is an empty place', () => {
  expect(quaternaryTree([toField(5), toField(0), toField(0)], 2).root).toBe(quaternaryTree([toField(5)], 2).root)
})

test('sixteen leaves fill two levels, a seventeenth has no place', () => {
  expect(codeOf(() => quaternaryTree(leavesOf(16), 2))).toBeUndefined()
  expect(codeOf(() => quaternaryTree(leavesOf(17), 2))).toBe('tree_full')
})

test.each([-1, 16, 0.5, Number.NaN])('there is no place %d in two levels', (place) => {
  const tree = quaternaryTree(leavesOf(3), 2)
  expect(codeOf(() => tree.path(15))).toBeUndefined()
  expect(codeOf(() => tree.path(place))).toBe('tree_place')
})
