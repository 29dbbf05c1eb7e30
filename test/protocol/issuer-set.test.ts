import { expect, test } from 'vitest'
import { toDay } from '../../src/protocol/day.ts'
import { encodeField, parseField, toField } from '../../src/protocol/field.ts'
import type { IssuerKey } from '../../src/protocol/issuer.ts'
import { acceptedIssuers, issuerLeaf, issuerSet, MAX_ISSUER_KEYS } from '../../src/protocol/issuer-set.ts'
import { poseidonNode } from '../../src/protocol/poseidon.ts'
import { codeOf } from '../expect-code.ts'
import vectors from '../vectors/protocol.json' with { type: 'json' }

const leaves = vectors.issuerSet.leaves.map(parseField)
const manyLeaves = (count: number) => Array.from({ length: count }, (_, leaf) => toField(100 + leaf))

function key(number: number): IssuerKey {
  return {
    keyId: `k${number}`,
    point: [toField(2 * number), toField(2 * number + 1)],
    notBefore: toDay(46_000),
    notAfter: toDay(46_500),
  }
}

function epoch(keys: number[], root: number) {
  return { root: toField(root), keys: keys.map(key) }
}

test('the root is that of the vector, in whatever order the leaves are named', () => {
  expect(encodeField(issuerSet(leaves).root)).toBe(vectors.issuerSet.root)
  expect(encodeField(issuerSet(leaves.toReversed()).root)).toBe(vectors.issuerSet.root)
  expect(encodeField(issuerSet([...leaves, ...leaves]).root)).toBe(vectors.issuerSet.root)
})

test('every part of a leaf changes it', () => {
  const base = issuerLeaf(key(1), toField(9))
  const changed = [
    issuerLeaf(key(1), toField(10)),
    issuerLeaf({ ...key(1), point: [toField(2), toField(4)] }, toField(9)),
    issuerLeaf({ ...key(1), point: [toField(3), toField(2)] }, toField(9)),
    issuerLeaf({ ...key(1), notBefore: toDay(46_001) }, toField(9)),
    issuerLeaf({ ...key(1), notAfter: toDay(46_501) }, toField(9)),
  ]
  expect(new Set([base, ...changed]).size).toBe(changed.length + 1)
  expect(issuerLeaf({ ...key(1), keyId: 'renamed' }, toField(9))).toBe(base)
})

test.each([1, 2, 5, 16])('each of %i members has a path to the root', (count) => {
  const set = issuerSet(manyLeaves(count))
  for (const leaf of manyLeaves(count)) {
    let node = leaf
    for (const children of set.path(leaf)) {
      expect(children).toContain(node)
      node = poseidonNode(children)
    }
    expect(node).toBe(set.root)
  }
})

test('who is no member has no path', () =>
  expect(codeOf(() => issuerSet(manyLeaves(5)).path(toField(99)))).toBe('issuer_key_unknown'))

test('a set hides among sixteen keys at most', () => {
  expect(codeOf(() => issuerSet(manyLeaves(MAX_ISSUER_KEYS)))).toBeUndefined()
  expect(codeOf(() => issuerSet(manyLeaves(MAX_ISSUER_KEYS + 1)))).toBe('issuers_too_many')
})

test('all keys in the epochs of all issuers are accepted, each with the root of its own list', () => {
  const epochs = [epoch([1, 2], 11), epoch([3], 12)]
  const expected = issuerSet([
    issuerLeaf(key(1), toField(11)),
    issuerLeaf(key(2), toField(11)),
    issuerLeaf(key(3), toField(12)),
  ])
  expect(acceptedIssuers(epochs).root).toBe(expected.root)
  expect(acceptedIssuers(epochs.toReversed()).root).toBe(expected.root)
})
