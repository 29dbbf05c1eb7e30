import { buildPoseidon } from 'circomlibjs'
import { expect, test } from 'vitest'
import { FIELD_ORDER, toField } from '../../src/protocol/field.ts'
import { POSEIDON_TAGS, poseidonTagged } from '../../src/protocol/poseidon.ts'

test('Poseidon agrees with circomlibjs for every arity in use, and tagged arities avoid 4, 5 and 16', async () => {
  const poseidon = await buildPoseidon()
  for (const inputs of [1, 2, 3, 4, 5, 6, 9, 14]) {
    const values = Array.from({ length: inputs }, (_, i) => toField(FIELD_ORDER - 1n - BigInt(i * i)))
    const elements = [POSEIDON_TAGS.QRY, ...values]
    while ([4, 5, 16].includes(elements.length)) elements.push(toField(0))
    expect(poseidonTagged('QRY', values)).toBe(poseidon.F.toObject(poseidon(elements)))
  }
})

test('tags are distinct', () => {
  expect(new Set(Object.values(POSEIDON_TAGS)).size).toBe(Object.keys(POSEIDON_TAGS).length)
})
