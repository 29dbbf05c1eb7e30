import { beforeAll, describe, expect, test } from 'vitest'
import { deviceCommitment, deviceTag } from '../../src/protocol/device.ts'
import { FIELD_ORDER, randomField, toField } from '../../src/protocol/field.ts'
import { nullifier } from '../../src/protocol/holder.ts'
import { loginSignals } from '../../src/protocol/signals.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { expectProvable, expectUnprovable } from './expectations.ts'

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('login-v1')
})

const INPUTS = {
  context: toField(21),
  scope: toField(22),
  holderSecret: toField(23),
  deviceKey: toField(24),
  deviceSalt: toField(25),
}

async function agrees(inputs: typeof INPUTS): Promise<void> {
  const witness = await expectProvable(circuit, inputs)
  const { context, scope, holderSecret, deviceKey, deviceSalt } = inputs
  expect(witness.slice(1, 6)).toEqual(
    loginSignals({
      nullifier: nullifier('login', holderSecret, scope),
      deviceTag: deviceTag(holderSecret, deviceKey, scope),
      deviceCommitment: deviceCommitment(deviceKey, deviceSalt),
      context,
      scope,
    }),
  )
}

describe('login-v1', () => {
  test('agrees with the protocol code', () => agrees(INPUTS))
  test('agrees at the ends of the field', async () => {
    const [zero, one, greatest] = [toField(0), toField(1), toField(FIELD_ORDER - 1n)]
    await agrees({
      context: greatest,
      scope: greatest,
      holderSecret: greatest,
      deviceKey: greatest,
      deviceSalt: greatest,
    })
    await agrees({ context: zero, scope: zero, holderSecret: one, deviceKey: one, deviceSalt: zero })
  })
  test('agrees on random inputs', () =>
    agrees({
      context: randomField(),
      scope: randomField(),
      holderSecret: randomField(),
      deviceKey: randomField(),
      deviceSalt: randomField(),
    }))
  test('refuses the secret 0', () =>
    expectUnprovable(circuit, { ...INPUTS, holderSecret: toField(0) }, /^(holderSecret|NonZero)/))
  test('refuses the device key 0', () =>
    expectUnprovable(circuit, { ...INPUTS, deviceKey: toField(0) }, /^(deviceKey|NonZero)/))
})
