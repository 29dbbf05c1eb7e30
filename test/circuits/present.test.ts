import { beforeAll, describe, expect, test } from 'vitest'
import { FIELD_ORDER } from '../../src/protocol/field.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { expectProvable, expectUnprovable } from './expectations.ts'
import { acceptedCase, presentInputs, presentOutputs } from './present-case.ts'

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('present-v1')
})

describe('present-v1 agrees with the protocol code', () => {
  test.each([1n, 2n, 3n, 4n])('kind %i', async (kind) => {
    const given = acceptedCase({ kind })
    const inputs = presentInputs(given)
    const witness = await expectProvable(circuit, inputs)
    const { context, walletNonce, today, issuedBefore, issuersRoot, queryHash, scope } = inputs
    expect(circuit.publicSignals(witness)).toEqual({
      ...presentOutputs(given),
      ...{ context, walletNonce, today, issuedBefore, issuersRoot, queryHash, kind, scope },
    })
  })

  test.each([0, 1, 2, 3])('device key %i', async (place) => {
    const deviceSelector = [0n, 0n, 0n, 0n].with(place, 1n)
    const given = acceptedCase({ deviceKeys: [4001n, 4002n, 4003n, 4004n], deviceSelector })
    const witness = await expectProvable(circuit, presentInputs(given))
    expect(circuit.publicSignals(witness)).toMatchObject(presentOutputs(given))
  })
})

describe('present-v1 refuses', () => {
  test.each([0n, 5n, 6n, FIELD_ORDER - 1n])('kind %i', async (kind) => {
    await expectUnprovable(circuit, presentInputs(acceptedCase({ kind })), /^PresentationKind/)
  })
  test('zero secret', async () => {
    await expectUnprovable(circuit, presentInputs(acceptedCase({ holderSecret: 0n })), /^(holderSecret|NonZero)/)
  })
})
