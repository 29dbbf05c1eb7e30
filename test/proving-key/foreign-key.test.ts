import { beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { checkPoints } from '../../src/proving-key/check-points.ts'
import { packProvingKey } from '../../src/proving-key/pack.ts'
import { readZkey } from '../../src/proving-key/read-zkey.ts'
import { unpackProvingKey } from '../../src/proving-key/unpack.ts'
import { writeZkey } from '../../src/proving-key/write-zkey.ts'
import { foreignKey } from './foreign-key.ts'

let foreign: Uint8Array<ArrayBuffer>

beforeAll(async () => {
  foreign = await foreignKey()
})

test("a key of snarkjs's own ceremony is read, with its contributions", () => {
  const key = readZkey(foreign)
  expect(key).toMatchObject({ wires: 14, publicCount: 1, domain: 16, domainLog: 4 })
  expect(new DataView(key.contributions.slice().buffer).getUint32(64, true)).toBe(2)
  expect(writeZkey(key)).toEqual(foreign)
})

test('it is packed and unpacked to the byte', async () => {
  const engine = await createEngine()
  const packed = packProvingKey(engine, foreign)
  expect(packed.length).toBeLessThan(foreign.length / 2)
  expect(await unpackProvingKey(engine, packed, { zkeyBytes: foreign.length })).toEqual(foreign)
})

test('its points are points', async () => {
  await checkPoints(await createEngine(), readZkey(foreign))
})
