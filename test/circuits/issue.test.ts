import { beforeAll, describe, expect, test } from 'vitest'
import { FIELD_ORDER, randomField, toField } from '../../src/protocol/field.ts'
import { holderCommitment, nullifier } from '../../src/protocol/holder.ts'
import { issueSignals } from '../../src/protocol/signals.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { expectProvable, expectUnprovable } from './expectations.ts'

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('issue-v1')
})

const INPUTS = {
  context: toField(11),
  issuerScope: toField(12),
  holderSecret: toField(13),
  holderBlinding: toField(14),
}

async function agrees(inputs: typeof INPUTS): Promise<void> {
  const witness = await expectProvable(circuit, inputs)
  const { context, issuerScope, holderSecret, holderBlinding } = inputs
  expect(witness.slice(1, 5)).toEqual(
    issueSignals({
      holderCommitment: holderCommitment(holderSecret, holderBlinding),
      issuerTag: nullifier('issuer', holderSecret, issuerScope),
      context,
      issuerScope,
    }),
  )
}

describe('issue-v1', () => {
  test('agrees with the protocol code', () => agrees(INPUTS))
  test('agrees at the ends of the field', async () => {
    const greatest = toField(FIELD_ORDER - 1n)
    await agrees({ context: greatest, issuerScope: greatest, holderSecret: greatest, holderBlinding: greatest })
    await agrees({ context: toField(0), issuerScope: toField(0), holderSecret: toField(1), holderBlinding: toField(0) })
  })
  test('agrees on random inputs', () =>
    agrees({
      context: randomField(),
      issuerScope: randomField(),
      holderSecret: randomField(),
      holderBlinding: randomField(),
    }))
  test('refuses the secret 0', () =>
    expectUnprovable(circuit, { ...INPUTS, holderSecret: toField(0) }, /^(holderSecret|NonZero)/))
})
