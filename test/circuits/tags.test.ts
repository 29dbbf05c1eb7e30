import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { POSEIDON_TAGS } from '../../src/protocol/poseidon.ts'

test('the circuits and the protocol code have the same Poseidon tags', async () => {
  const source = await readFile('circuits/templates/tags.circom', 'utf8')
  const functions = [...source.matchAll(/^function TAG_(\w+)\(\) \{ return (0x[0-9a-f]+); \}$/gm)]
  expect(Object.fromEntries(functions.map(([, name, value]) => [name, BigInt(value ?? '')]))).toEqual(POSEIDON_TAGS)
})
