import { type QuaternaryTree, quaternaryTree } from '../protocol/quaternary-tree.ts'
import { STATUS_LEAVES, type StatusList, statusLeaf } from '../protocol/status-list.ts'

/** Levels of the whole tree above and below the cut. */
const HALF = 3
const SUBTREE_LEAVES = 4 ** HALF

/**
 * The same tree as `statusTree`, in 64 pieces of some milliseconds, between which the page may draw and be clicked: a full
 * list takes the better part of a second. Throws the signal's abort.
 */
export async function statusTreeInPieces(list: StatusList, signal?: AbortSignal): Promise<QuaternaryTree> {
  const below: QuaternaryTree[] = []
  for (let first = 0; first < STATUS_LEAVES; first += SUBTREE_LEAVES) {
    const leaves = Array.from({ length: SUBTREE_LEAVES }, (_, leaf) => statusLeaf(list, first + leaf))
    below.push(quaternaryTree(leaves, HALF))
    await nextTask()
    signal?.throwIfAborted()
  }
  const above = quaternaryTree(
    below.map(({ root }) => root),
    HALF,
  )
  return {
    root: above.root,
    path: (index) => {
      const subtree = Math.floor(index / SUBTREE_LEAVES)
      const upper = above.path(subtree)
      return [...(below[subtree]?.path(index % SUBTREE_LEAVES) ?? []), ...upper]
    },
  }
}

/** By a message and not by a timer: browsers let timers of a page in the background wait for a second each. */
function nextTask(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    resolve()
  }
  port2.postMessage(undefined)
  return promise
}
