import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { createStatusRoot } from '../../server/issuer/status-root.ts'
import { revocationIdOf, STATUS_BITS, STATUS_LEAVES, statusListOf, statusTree } from '../../src/protocol/status-list.ts'

test('the root is that of statusTree, whichever list came before', () => {
  const rootOf = createStatusRoot()
  const id = () => revocationIdOf(randomInt(STATUS_LEAVES), randomInt(STATUS_BITS))
  const ids = Array.from({ length: 20 }, id)
  const edges = [0, 251, revocationIdOf(63, 251), revocationIdOf(64, 0), revocationIdOf(STATUS_LEAVES - 1, 251)]
  const lists = [[], edges, edges.slice(1), [...edges, ...ids], ids.slice(3), ids.slice(3), []]
  for (const revoked of lists) {
    const list = statusListOf(revoked)
    expect(rootOf(list)).toBe(statusTree(list).root)
  }
})
