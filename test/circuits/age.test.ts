import { beforeAll, describe, test } from 'vitest'
import { encodeClaims } from '../../src/protocol/claim.ts'
import { formatDay, latestBirthDay, parseDay } from '../../src/protocol/day.ts'
import { compilePredicates, type Predicate } from '../../src/protocol/predicate.ts'
import { type Schema, schemaField } from '../../src/protocol/schema.ts'
import { type Circuit, loadCircuit } from './circuit.ts'
import { expectProvable, expectUnprovable } from './expectations.ts'
import { acceptedCase, day, type PresentCase, presentInputs } from './present-case.ts'

let circuit: Circuit
beforeAll(async () => {
  circuit = await loadCircuit('present-v1')
})

const SCHEMA: Schema = {
  version: 1,
  name: 'Person',
  claims: [{ name: 'birthDate', slot: 9, type: 'date', title: 'Birth date', sensitive: true, required: true }],
}

/** A relying party asks "at least `years` old today" of a person born on `born`, through the protocol's own code. */
function ageCase(born: string, years: number, today: string): PresentCase {
  const latest = formatDay(latestBirthDay(parseDay(today), years))
  const predicate: Predicate = { op: '$lte', claim: 'birthDate', value: latest }
  const { slots, mask } = encodeClaims(SCHEMA, { birthDate: born })
  return acceptedCase({
    schema: schemaField(SCHEMA),
    claims: slots,
    presenceMask: BigInt(mask),
    today: day(today),
    validFrom: day('2020-01-01'),
    validUntil: day('2060-01-01'),
    questions: compilePredicates(SCHEMA, [predicate]).map(({ slot, mode, negate, low, high }) => {
      return { slot: BigInt(slot), mode: BigInt(mode), negate: negate ? 1n : 0n, low, high }
    }),
  })
}

describe('at least so many years old', () => {
  test.each([
    ['on the 18th birthday', '2008-06-15', 18, '2026-06-15'],
    ['the day after it', '2008-06-15', 18, '2026-06-16'],
    ['on the 21st birthday', '2005-06-15', 21, '2026-06-15'],
    ['born on 29 February, 18 on 1 March', '2008-02-29', 18, '2026-03-01'],
    ['born on 28 February of a leap year, 18 on 28 February', '2008-02-28', 18, '2026-02-28'],
    ['born on 1 March of a leap year, 18 on 1 March', '2008-03-01', 18, '2026-03-01'],
    ['born on 29 February, 20 on 29 February', '2008-02-29', 20, '2028-02-29'],
    ['born on 28 February, 18 by 29 February', '2010-02-28', 18, '2028-02-29'],
    ['born on the first day there is', '1900-01-01', 18, '2026-06-15'],
  ])('yes: %s', async (_, born, years, today) => {
    await expectProvable(circuit, presentInputs(ageCase(born, years, today)))
  })

  test.each([
    ['the day before the 18th birthday', '2008-06-15', 18, '2026-06-14'],
    ['17 years and a day', '2009-06-14', 18, '2026-06-15'],
    ['the day before the 21st birthday', '2005-06-15', 21, '2026-06-14'],
    ['born on 29 February, 17 on 28 February', '2008-02-29', 18, '2026-02-28'],
    ['born on 1 March, 17 on 29 February', '2010-03-01', 18, '2028-02-29'],
    ['born on 1 March of a leap year, 17 on 28 February', '2008-03-01', 18, '2026-02-28'],
    ['born on 29 February, 19 on 28 February', '2008-02-29', 20, '2028-02-28'],
    ['born today', '2026-06-15', 18, '2026-06-15'],
  ])('no: %s', async (_, born, years, today) => {
    await expectUnprovable(circuit, presentInputs(ageCase(born, years, today)), /^Predicate\[0\]\.RangeCheck/)
  })
})
