import type { FieldElement } from './field.ts'
import { poseidonTagged } from './poseidon.ts'
import { type QuaternaryTree, quaternaryTree } from './quaternary-tree.ts'

/** Levels of a group's tree: up to 4^10 = 1,048,576 members. */
export const GROUP_DEPTH = 10

/** P(GM, s, group): what a holder gives a group to become a member; another number in every group. */
export function groupMember(holderSecret: FieldElement, group: FieldElement): FieldElement {
  return poseidonTagged('GM', [holderSecret, group])
}

/**
 * The tree over a group's members, in the order of its list. A wallet computes it from a list that it fetched itself:
 * a root of another's choosing may contain one person. Throws `tree_full`.
 */
export function groupTree(members: readonly FieldElement[]): QuaternaryTree {
  return quaternaryTree(members, GROUP_DEPTH)
}
