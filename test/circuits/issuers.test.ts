import { beforeAll, describe, test } from 'vitest'
import { toField } from '../../src/protocol/field.ts'
import { issuerSet } from '../../src/protocol/issuer-set.ts'
import { poseidonNode } from '../../src/protocol/poseidon.ts'
import { testPublicKey } from './baby-jubjub.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { expectProvable, expectUnprovable } from './expectations.ts'
import { acceptedCase, caseIssuerLeaf, type PresentCase, presentInputs } from './present-case.ts'

/* Line 4 of the statement: the issuer's key, with its list, is among the accepted ones. */

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('present-v1')
})

const accepts = async (overrides: Partial<PresentCase>): Promise<void> => {
  await expectProvable(circuit, presentInputs(acceptedCase(overrides)))
}
const refuses = (overrides: Partial<PresentCase>, check: RegExp) =>
  expectUnprovable(circuit, presentInputs(acceptedCase(overrides)), check)

const MEMBERSHIP = /^IssuerSet/
const LOWER_LEVEL = /^IssuerSet\.QuaternaryMembership\.(left|right)\[0\]$/
const UPPER_LEVEL = /^IssuerSet\.QuaternaryMembership\.(left|right)\[1\]$/
const LEAF = caseIssuerLeaf(acceptedCase())
const others = (count: number) => Array.from({ length: count }, (_, member) => toField(5001 + member))
const ZERO = toField(0)

describe('a member', () => {
  test.each([1, 2, 5, 16])('of a set of %i', (size) => accepts({ otherIssuers: others(size - 1) }))

  test('in each of the sixteen places', async () => {
    for (let place = 0; place < 16; place++) {
      // Above any hash or below: the set is sorted.
      const greatest = Array.from({ length: 15 - place }, (_, index) => toField(LEAF + 1n + BigInt(index)))
      await accepts({ otherIssuers: [...others(place), ...greatest] })
    }
  })
})

describe('no member', () => {
  test.each([1, 2, 5, 16])('of a set of %i', (size) => {
    const set = issuerSet(others(size))
    const [first = ZERO] = others(size)
    return refuses({ issuersRoot: set.root, issuerPath: set.path(first).flat() }, LOWER_LEVEL)
  })
  test('of the empty set, whose leaves are all 0', () => {
    const node = poseidonNode([ZERO, ZERO, ZERO, ZERO])
    const root = poseidonNode([node, node, node, node])
    const issuerPath = [ZERO, ZERO, ZERO, ZERO, node, node, node, node]
    return refuses({ issuersRoot: root, issuerPath }, LOWER_LEVEL)
  })
  test('though its own path is in order: the root is another', () => {
    const { root } = issuerSet(others(3))
    return refuses({ issuersRoot: root }, MEMBERSHIP)
  })
  test('by another of the accepted keys, which did not sign', () => {
    const { signatureR8, signatureS } = presentInputs(acceptedCase())
    const signature = { r8: signatureR8, s: signatureS }
    return refuses({ issuerKey: testPublicKey(8), signature }, /^IssuerSignature/)
  })
})

describe('a node is no leaf', () => {
  const set = issuerSet([LEAF, ...others(5)])
  const [lower = [], upper = []] = set.path(LEAF)

  test('inner nodes in the place of leaves', () =>
    refuses({ issuersRoot: set.root, issuerPath: [...upper, ...upper] }, MEMBERSHIP))
  test('the leaf in the place of an inner node', () => {
    const path = [...lower, ...upper.with(0, LEAF)]
    // The same leaf is then under a node that the upper level does not have.
    return refuses({ issuersRoot: set.root, issuerPath: path.with(0, ZERO).with(1, LEAF) }, MEMBERSHIP)
  })
  test('a node of the forger’s own below the true root', () =>
    refuses({ issuersRoot: set.root, issuerPath: [LEAF, ZERO, ZERO, ZERO, ...upper] }, UPPER_LEVEL))
})

test('the root of another epoch', () => {
  const { issuersRoot } = presentInputs(acceptedCase({ revoked: [1] }))
  return refuses({ issuersRoot }, MEMBERSHIP)
})
