import { expect, test } from 'vitest'
import { encodeField, parseField, toField } from '../../src/protocol/field.ts'
import { groupMember, groupTree } from '../../src/protocol/group.ts'
import vectors from '../vectors/protocol.json' with { type: 'json' }

const group = parseField(vectors.group.group)
const secrets = vectors.group.holderSecrets.map(parseField)
const members = secrets.map((secret) => groupMember(secret, group))

test('members and root are those of the vector', () => {
  expect(members.map(encodeField)).toEqual(vectors.group.members)
  const tree = groupTree(members)
  expect(encodeField(tree.root)).toBe(vectors.group.root)
  expect(tree.path(4)).toHaveLength(10)
})

test('a holder is another member in every group', () => {
  const names = secrets.flatMap((secret) => [1, 2, 3].map((id) => groupMember(secret, toField(id))))
  expect(new Set(names).size).toBe(15)
})

test('the order of the list is part of the root', () =>
  expect(groupTree(members.toReversed()).root).not.toBe(groupTree(members).root))
