import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { FIELD_ORDER } from '../../src/protocol/field.ts'
import { createGroth16Prover } from '../../src/prover/groth16-prover.ts'
import { seeded } from '../circuits/forger/seeded.ts'
import { ACCEPTED, createJudges, REFUSED } from './judges.ts'
import { wireAt, withWire } from './wires.ts'

/** A key of a public ceremony, of a circuit that is none of ours: its README says where it is from. */
const FOLDER = resolve(import.meta.dirname, '../fixtures/semaphore-1')
const KEY_HASH = '471a978875f91411b21ba5a2fbea41df30ec45eb23e3ac045edf7f30a2846a08'

let zkey: Uint8Array
let witness: Uint8Array
let judge: Awaited<ReturnType<typeof createJudges>>

beforeAll(async () => {
  zkey = await unpacked('semaphore-1.zkey.gz')
  witness = await unpacked('witness.gz')
  judge = await createJudges(JSON.parse(await readFile(join(FOLDER, 'semaphore-1.json'), 'utf8')))
})

async function unpacked(name: string): Promise<Uint8Array> {
  return new Uint8Array(gunzipSync(await readFile(join(FOLDER, name))))
}

test('the key is the published one', () => {
  expect(createHash('sha256').update(zkey).digest('hex')).toBe(KEY_HASH)
})

test('proofs under a key made by others verify under its verification key, by snarkjs and by noble-curves', async () => {
  const prover = await createGroth16Prover({ zkey })
  expect(prover.wires).toBe(witness.length / 32)
  for (let time = 0; time < 5; time++) {
    const made = await prover.prove(witness)
    // Message and scope, behind root and nullifier.
    expect(made.publicSignals.slice(2)).toEqual([1111n, 2222n])
    expect(await judge(made)).toEqual(ACCEPTED)
  }
})

test('with any wire changed they do not', async () => {
  const prover = await createGroth16Prover({ zkey })
  const { below } = seeded(1, 'foreign wires')
  for (const wire of [1, 2, ...Array.from({ length: 8 }, () => 5 + Number(below(BigInt(prover.wires - 5))))]) {
    const changed = withWire(witness, wire, (wireAt(witness, wire) + 1n) % FIELD_ORDER)
    expect(await judge(await prover.prove(changed)), `wire ${wire}`).toEqual(REFUSED)
  }
})
