import * as snarkjs from 'snarkjs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SetupArithmetic } from '../../src/setup/arithmetic.ts'
import { createEngineArithmetic } from '../../src/setup/engine-arithmetic.ts'
import { makeKeyPair } from '../../src/setup/proving-key.ts'
import { readR1cs } from '../../src/setup/r1cs.ts'
import { developmentTrapdoor, randomTrapdoor } from '../../src/setup/trapdoor.ts'
import { encodePtau } from './ptau-file.ts'
import { encodeR1cs, productCircuit } from './r1cs-file.ts'
import { readSections } from './sections.ts'

const R1CS_HASH = new Uint8Array(32).fill(7)
const file = encodeR1cs(productCircuit(9))
const r1cs = readR1cs(file)

let arithmetic: SetupArithmetic

beforeAll(async () => {
  // One thread: snarkjs's own would outlive the test.
  globalThis.curve_bn128 = await snarkjs.curves.getCurveFromName('bn128', { singleThread: true })
  arithmetic = await createEngineArithmetic()
})

describe('makeKeyPair', () => {
  test('writes, section by section, what snarkjs writes from the same secrets', async () => {
    const trapdoor = { ...randomTrapdoor(), delta: 1n }
    const ours = await makeKeyPair({ r1cs, r1csHash: R1CS_HASH, trapdoor, arithmetic })
    const prepared: snarkjs.FileSource = { type: 'mem' }
    const theirs: { type: 'mem'; data?: Uint8Array } = { type: 'mem' }
    // 11 constraints, one public signal, the constant: a domain of 16; one power more, as the quotient's points need.
    await snarkjs.powersOfTau.preparePhase2({ type: 'mem', data: encodePtau(5, trapdoor, arithmetic) }, prepared)
    await snarkjs.zKey.newZKey({ type: 'mem', data: file }, prepared, theirs)
    const expected = readSections(theirs.data ?? new Uint8Array())
    const actual = readSections(ours.zkey)
    expect([...actual.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    for (const section of [1, 2, 3, 4, 5, 6, 7, 8, 9]) expect(actual.get(section)).toEqual(expected.get(section))
    expect(actual.get(10)?.length).toBe(expected.get(10)?.length)
  })

  test('gives the verification key that snarkjs reads out of the file', async () => {
    const keys = await makeKeyPair({ r1cs, r1csHash: R1CS_HASH, trapdoor: randomTrapdoor(), arithmetic })
    const { vk_alphabeta_12, ...exported } = await snarkjs.zKey.exportVerificationKey({ type: 'mem', data: keys.zkey })
    expect(vk_alphabeta_12).toBeDefined()
    expect(keys.verificationKey).toEqual(exported)
    expect(keys.verificationKey.vk_delta_2).not.toEqual(keys.verificationKey.vk_gamma_2)
  })

  test('is the same file for the same secrets, and another for others', async () => {
    const make = (hash: Uint8Array) =>
      makeKeyPair({ r1cs, r1csHash: R1CS_HASH, trapdoor: developmentTrapdoor(hash), arithmetic })
    const first = await make(R1CS_HASH)
    expect((await make(R1CS_HASH)).zkey).toEqual(first.zkey)
    expect((await make(new Uint8Array(32).fill(8))).zkey).not.toEqual(first.zkey)
  })

  test('counts points up to the total', async () => {
    const seen: number[] = []
    let last = 0
    await makeKeyPair({
      r1cs,
      r1csHash: R1CS_HASH,
      trapdoor: randomTrapdoor(),
      arithmetic,
      onProgress: (done, total) => {
        seen.push(done)
        last = total
      },
    })
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(last)
  })
})

describe('createEngineArithmetic', () => {
  test.each(['G1', 'G2'] as const)('multiplies in %s as snarkjs does, at the edges too', async (group) => {
    const curve = await snarkjs.curves.getCurveFromName('bn128', { singleThread: true })
    const scalars = [1n, 2n, 511n, 512n, 1023n, 1024n, 1n << 253n, curve.r - 1n, randomTrapdoor().tau]
    const bytesEach = group === 'G1' ? 64 : 128
    const points = group === 'G1' ? arithmetic.multiplyG1(scalars) : arithmetic.multiplyG2(scalars)
    for (const [index, scalar] of scalars.entries()) {
      const expected = curve[group].toAffine(curve[group].timesScalar(curve[group].g, scalar))
      expect(points.subarray(index * bytesEach, (index + 1) * bytesEach)).toEqual(expected)
    }
  })

  test('gives infinity as zeros, among others', () => {
    const points = arithmetic.multiplyG1([1n, 0n, 1n])
    expect(points.subarray(64, 128).every((byte) => byte === 0)).toBe(true)
    expect(points.subarray(128)).toEqual(points.subarray(0, 64))
    expect(points.subarray(0, 64).some((byte) => byte !== 0)).toBe(true)
    expect(arithmetic.multiplyG2([0n]).every((byte) => byte === 0)).toBe(true)
  })
})
