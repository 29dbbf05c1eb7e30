import { readFile } from 'node:fs/promises'
import * as snarkjs from 'snarkjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CompiledCircuit, compileCircuits } from '../../scripts/circuits/compile.ts'
import { loadWitnessProgram } from '../../src/prover/witness.ts'
import { createEngineArithmetic } from '../../src/setup/engine-arithmetic.ts'
import { makeKeyPair } from '../../src/setup/proving-key.ts'
import { readR1cs } from '../../src/setup/r1cs.ts'
import { developmentTrapdoor, randomTrapdoor } from '../../src/setup/trapdoor.ts'
import { encodeWtns } from '../fixtures/wtns.ts'
import { readSections } from './sections.ts'

/** The keys of one real circuit, ours and those of snarkjs's own ceremony, used on each other. */
describe('keys of issue-v1, beside those of snarkjs', () => {
  const keys = new Map<string, { zkey: Uint8Array; verificationKey: snarkjs.VerificationKeyJson }>()
  let circuit: CompiledCircuit
  let wtns: Uint8Array

  beforeAll(async () => {
    circuit = (await compileCircuits())['issue-v1']
    const program = await loadWitnessProgram(await readFile(circuit.wasmPath))
    wtns = encodeWtns(
      await program.calculate({ holderSecret: 11n, holderBlinding: 12n, context: 13n, issuerScope: 14n }),
    )
    const file = await readFile(circuit.r1csPath)
    const [r1cs, r1csHash] = [readR1cs(file), new Uint8Array(32)]
    const arithmetic = await createEngineArithmetic()
    for (const [name, trapdoor] of [
      ['local', randomTrapdoor()],
      ['another local', randomTrapdoor()],
      ['development', developmentTrapdoor(r1csHash)],
    ] as const) {
      keys.set(name, await makeKeyPair({ r1cs, r1csHash, trapdoor, arithmetic }))
    }
    const zkey = await snarkjsCeremony(file)
    keys.set('snarkjs', {
      zkey,
      verificationKey: await snarkjs.zKey.exportVerificationKey({ type: 'mem', data: zkey }),
    })
  }, 300_000)

  test('have sections of the same sizes and the same coefficients', () => {
    const theirs = readSections(keys.get('snarkjs')?.zkey ?? new Uint8Array())
    for (const name of ['local', 'development']) {
      const ours = readSections(keys.get(name)?.zkey ?? new Uint8Array())
      for (const section of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
        expect(ours.get(section)?.length).toBe(theirs.get(section)?.length)
      }
      expect(ours.get(4)).toEqual(theirs.get(4))
    }
  })

  test('export as snarkjs exports them', async () => {
    for (const { zkey, verificationKey } of keys.values()) {
      const exported = await snarkjs.zKey.exportVerificationKey({ type: 'mem', data: zkey })
      expect(exported).toMatchObject(verificationKey)
    }
  })

  test('a proof verifies under its own key and under no other', async () => {
    const accepted: string[] = []
    for (const [prover, { zkey }] of keys) {
      const { proof, publicSignals } = await snarkjs.groth16.prove(
        { type: 'mem', data: zkey },
        { type: 'mem', data: wtns },
      )
      for (const [verifier, { verificationKey }] of keys) {
        if (await snarkjs.groth16.verify(verificationKey, publicSignals, proof))
          accepted.push(`${prover} → ${verifier}`)
      }
      const changed = publicSignals.map((signal, index) => (index === 2 ? String(BigInt(signal) + 1n) : signal))
      const own = keys.get(prover)?.verificationKey
      expect(own && (await snarkjs.groth16.verify(own, changed, proof))).toBe(false)
    }
    expect(accepted).toEqual([...keys.keys()].map((name) => `${name} → ${name}`))
  })
})

/** Powers of tau with one contribution, then phase 2 with one: all by snarkjs, on as many threads as it takes. */
async function snarkjsCeremony(r1cs: Uint8Array): Promise<Uint8Array> {
  const curve = await snarkjs.curves.getCurveFromName('bn128')
  const file = (): { type: 'mem'; data?: Uint8Array } => ({ type: 'mem' })
  const [empty, contributed, prepared, initial, final] = [file(), file(), file(), file(), file()]
  await snarkjs.powersOfTau.newAccumulator(curve, 10, empty)
  await snarkjs.powersOfTau.contribute(empty, contributed, 'first', 'entropy of the test')
  await snarkjs.powersOfTau.preparePhase2(contributed, prepared)
  await snarkjs.zKey.newZKey({ type: 'mem', data: r1cs }, prepared, initial)
  await snarkjs.zKey.contribute(initial, final, 'first', 'entropy of the test')
  await curve.terminate()
  if (!final.data) throw new Error('snarkjs made no key')
  return final.data
}
