import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { toBase64url } from '../../src/protocol/bytes.ts'
import { encodeField } from '../../src/protocol/field.ts'
import { poseidonNode } from '../../src/protocol/poseidon.ts'
import {
  isRevoked,
  parseStatusList,
  revocationIdShape,
  STATUS_LIST_BYTES,
  statusListOf,
  statusTree,
  statusWitness,
} from '../../src/protocol/status-list.ts'
import { codeOf } from '../expect-code.ts'
import vectors from '../vectors/protocol.json' with { type: 'json' }

const { revoked, sha256, root } = vectors.statusList
const LAST = 4095 * 256 + 251

test('the bytes and the root of a list are those of the vector', () => {
  const list = statusListOf(revoked)
  expect(list).toHaveLength(129_024)
  expect(toBase64url(createHash('sha256').update(list).digest())).toBe(sha256)
  expect(encodeField(statusTree(list).root)).toBe(root)
})

test('a bit says revoked of its own identifier alone', () => {
  for (const id of [0, 1, 251, 256, 257, 511 - 4, 2043, LAST - 1, LAST]) {
    const list = statusListOf([id])
    const others = [0, 1, 250, 251, 256, 257, 507, 2042, 2043, LAST - 1, LAST].filter((other) => other !== id)
    expect(isRevoked(list, id)).toBe(true)
    expect(others.filter((other) => isRevoked(list, other))).toEqual([])
    expect(list.reduce((sum, byte) => sum + (byte.toString(2).match(/1/g)?.length ?? 0), 0)).toBe(1)
  }
})

test('a witness has the leaf of the identifier, with its bit 0, and a path from there to the root', () => {
  const list = statusListOf([2040, 2042, ...revoked])
  const tree = statusTree(list)
  for (const id of [1, 250, 257, 2041, LAST - 1]) {
    const { leaf, path } = statusWitness(list, tree, id)
    expect((leaf >> BigInt(id % 256)) & 1n).toBe(0n)
    let node = leaf
    for (const [level, children] of path.entries()) {
      expect(children[Math.floor(Math.floor(id / 256) / 4 ** level) % 4]).toBe(node)
      node = poseidonNode(children)
    }
    expect(node).toBe(tree.root)
  }
})

test('a leaf holds 252 bits, also one that begins in the middle of a byte', () => {
  for (const leaf of [0, 1, 2, 4095]) {
    const all = statusListOf(Array.from({ length: 251 }, (_, bit) => leaf * 256 + bit))
    expect(statusWitness(all, statusTree(all), leaf * 256 + 251).leaf).toBe(2n ** 251n - 1n)
  }
})

test('of a revoked identifier there is no witness', () => {
  const list = statusListOf([7])
  const tree = statusTree(list)
  expect(codeOf(() => statusWitness(list, tree, 8))).toBeUndefined()
  expect(codeOf(() => statusWitness(list, tree, 7))).toBe('credential_revoked')
})

test.each([252, 255, -1, 4096 * 256, 0.5, Number.NaN])('%d is no identifier', (id) => {
  expect(revocationIdShape.safeParse(id).success).toBe(false)
  expect(codeOf(() => isRevoked(statusListOf([]), id))).toBe('status_list_invalid')
})

test('a list has its one length', () => {
  expect(parseStatusList(new Uint8Array(STATUS_LIST_BYTES))).toHaveLength(STATUS_LIST_BYTES)
  for (const length of [0, STATUS_LIST_BYTES - 1, STATUS_LIST_BYTES + 1]) {
    expect(codeOf(() => parseStatusList(new Uint8Array(length)))).toBe('status_list_invalid')
  }
})
