import type { FieldElement } from '../../src/protocol/field.ts'
import { quaternaryTree } from '../../src/protocol/quaternary-tree.ts'
import { STATUS_LEAVES, STATUS_LIST_BYTES, type StatusList, statusLeaf } from '../../src/protocol/status-list.ts'

/** The tree in 64 blocks of 64 leaves: three levels in each, three above them. A block is 2,016 whole bytes of the list. */
const BLOCKS = 64
const BLOCK_LEAVES = STATUS_LEAVES / BLOCKS
const BLOCK_BYTES = STATUS_LIST_BYTES / BLOCKS
const DEPTH = 3

/**
 * Gives the root of `statusTree` over a list. Keeps the blocks of the last list it saw, so that a list that differs in
 * one bit takes at most 42 hashes instead of up to 1,365. Only the time depends on what is kept, never the result.
 */
export function createStatusRoot(): (list: StatusList) => FieldElement {
  const known: { readonly bytes: Buffer; readonly root: FieldElement }[] = []
  return (list) => {
    const roots = Array.from({ length: BLOCKS }, (_, block) => {
      const bytes = Buffer.from(list.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES))
      const before = known[block]
      if (before?.bytes.equals(bytes)) return before.root
      const root = blockRoot(list, block)
      known[block] = { bytes, root }
      return root
    })
    return quaternaryTree(roots, DEPTH).root
  }
}

function blockRoot(list: StatusList, block: number): FieldElement {
  const leaves = Array.from({ length: BLOCK_LEAVES }, (_, leaf) => statusLeaf(list, block * BLOCK_LEAVES + leaf))
  return quaternaryTree(leaves, DEPTH).root
}
