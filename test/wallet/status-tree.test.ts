import { expect, test } from 'vitest'
import { statusListOf, statusTree } from '../../src/protocol/status-list.ts'
import { statusTreeInPieces } from '../../src/wallet/status-tree.ts'

/** Identifiers in leaves at both ends of the tree, of a piece, and in one piece only. */
const REVOKED = [0, 63 * 256 + 251, 64 * 256, 127 * 256 + 5, 2000 * 256 + 100, 4095 * 256 + 251]

test('the tree in pieces is the tree', async () => {
  for (const list of [statusListOf([]), statusListOf(REVOKED)]) {
    const whole = statusTree(list)
    const pieces = await statusTreeInPieces(list)
    expect(pieces.root).toBe(whole.root)
    for (const leaf of [0, 63, 64, 2000, 4095]) expect(pieces.path(leaf)).toEqual(whole.path(leaf))
  }
})

test('others get their turn while it is computed', async () => {
  let turns = 0
  const interval = setInterval(() => turns++, 0)
  await statusTreeInPieces(statusListOf(Array.from({ length: 4096 }, (_, leaf) => leaf * 256)))
  clearInterval(interval)
  expect(turns).toBeGreaterThan(10)
})

test('stops when it is cancelled', async () => {
  const reason = new Error('enough')
  await expect(statusTreeInPieces(statusListOf([]), AbortSignal.abort(reason))).rejects.toBe(reason)
})
