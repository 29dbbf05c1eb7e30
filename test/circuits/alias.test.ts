import { beforeAll, describe, expect, test } from 'vitest'
import { toField } from '../../src/protocol/field.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { expectProvable, expectUnprovable } from './expectations.ts'
import { beyondComparator, forgedAliases, hasAlias } from './forger/vectors/alias.ts'
import { acceptedCase, presentInputs } from './present-case.ts'

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('present-v1')
})

describe('days, which are compared in 32 bits', () => {
  test.each(['validUntil', 'keyNotAfter'])('%s may be 2^32 - 1', async (name) => {
    await expectProvable(circuit, presentInputs(acceptedCase({ [name]: 2n ** 32n - 1n })))
  })

  const days = ['validFrom', 'validUntil', 'issuedAt', 'keyNotBefore', 'keyNotAfter']
  test.each(days.flatMap((name) => beyondComparator(32).map(([title, value]) => ({ name, title, value }))))(
    '$name may not be $title',
    async ({ name, value }) => {
      // The checks of the five days are alike; what tells them apart is the day itself.
      await expectUnprovable(circuit, presentInputs(acceptedCase({ [name]: value })), new RegExp(`^${name}$`))
    },
  )
})

test('the bits of the signature hash cannot spell the hash plus r', async () => {
  const bits = 'IssuerSignature.EdDSAPoseidonVerifier.h2bits.out'
  let witness: readonly bigint[] = []
  for (let blinding = 1; !(witness.length > 0 && hasAlias(circuit, bits, witness)); blinding++) {
    witness = await expectProvable(circuit, presentInputs(acceptedCase({ holderBlinding: toField(blinding) })))
  }
  const forged = [...forgedAliases(circuit, circuit.system.evaluate(witness))]
  expect(forged.filter(({ name }) => name.startsWith(bits)).length).toBeGreaterThan(0)
  for (const forgery of forged) {
    if (!('changes' in forgery)) throw new Error('aliases are changes of an honest witness')
    expect(circuit.system.brokenBy(forgery.of, forgery.changes), forgery.name).not.toEqual([])
  }
})
