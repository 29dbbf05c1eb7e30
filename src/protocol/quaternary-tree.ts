import { ProtocolError } from './error.ts'
import { type FieldElement, toField } from './field.ts'
import { poseidonNode } from './poseidon.ts'

/**
 * A tree whose nodes are the untagged Poseidon of four children, as the circuits' QuaternaryMembership and QuaternaryPath
 * take it. Places without a leaf hold 0.
 */
export type QuaternaryTree = {
  readonly root: FieldElement
  /** The four children on each level, from the leaf's up; that of the level below is among them. */
  path(index: number): FieldElement[][]
}

const ZERO = toField(0)

/**
 * The tree of `depth` levels over up to 4^depth leaves. Costs one hash for each node above a leaf that is not 0, some
 * 0.3 ms in JavaScript. Throws `tree_full`.
 */
export function quaternaryTree(leaves: readonly FieldElement[], depth: number): QuaternaryTree {
  if (leaves.length > 4 ** depth) throw new ProtocolError('tree_full', `a tree of ${depth} levels has no more places`)
  const empty = [ZERO]
  const levels: (readonly FieldElement[])[] = [leaves]
  for (let level = 0; level < depth; level++) {
    const blank = empty[level] ?? ZERO
    empty.push(emptyNode(blank))
    const below = levels[level] ?? []
    levels.push(
      Array.from({ length: Math.ceil(below.length / 4) }, (_, node) => {
        const children = childrenOf(below, node, blank)
        return children.every((child) => child === blank) ? emptyNode(blank) : poseidonNode(children)
      }),
    )
  }
  return {
    root: levels[depth]?.[0] ?? empty[depth] ?? ZERO,
    path: (index) => {
      if (!Number.isInteger(index) || index < 0 || index >= 4 ** depth) {
        throw new ProtocolError('tree_place', `a tree of ${depth} levels has no place ${index}`)
      }
      return Array.from({ length: depth }, (_, level) =>
        childrenOf(levels[level] ?? [], Math.floor(index / 4 ** (level + 1)), empty[level] ?? ZERO),
      )
    },
  }
}

function childrenOf(level: readonly FieldElement[], node: number, blank: FieldElement): FieldElement[] {
  return [0, 1, 2, 3].map((child) => level[4 * node + child] ?? blank)
}

const emptyNodes = new Map<FieldElement, FieldElement>()

function emptyNode(child: FieldElement): FieldElement {
  const known = emptyNodes.get(child) ?? poseidonNode([child, child, child, child])
  emptyNodes.set(child, known)
  return known
}
