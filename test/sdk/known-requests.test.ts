import { expect, it } from 'vitest'
import { parseQuery } from '../../sdk/server/request-definitions.ts'
import { ageOver, login, PERSON_SCHEMA_HASH } from '../../sdk/server.ts'
import personSchema from '../../server/issuer/schemas/person.json' with { type: 'json' }
import { parseDay } from '../../src/protocol/day.ts'
import { parseSchema, schemaHash } from '../../src/protocol/schema.ts'
import { codeOf } from '../expect-code.ts'

const surroundings = { issuers: undefined, today: parseDay('2026-03-01') }

it('the schema of persons is the one that the issuer publishes', () => {
  expect(PERSON_SCHEMA_HASH).toBe(schemaHash(parseSchema(personSchema)))
})

it('login asks for a name', () => {
  expect(parseQuery('a', login(), surroundings)).toEqual({ type: 'login', id: 'login' })
})

it('ageOver asks for a birth date long enough ago, and for nothing of it', () => {
  const issuers = ['https://issuer.example']
  expect(parseQuery('a', ageOver(18, { issuers }), surroundings)).toEqual({
    type: 'credential',
    id: 'age',
    issuers,
    schema: PERSON_SCHEMA_HASH,
    predicates: [{ op: '$lte', claim: 'birthDate', value: '2008-03-01' }],
  })
  const other = ageOver(21, { issuers, id: 'adult', schema: 'S'.repeat(43) })
  expect(parseQuery('a', other, surroundings)).toMatchObject({ id: 'adult', schema: 'S'.repeat(43) })
})

it('ageOver says what it wants instead', () => {
  const issuers = ['https://issuer.example']
  // What JavaScript lets a site write.
  const given = ageOver as (...values: unknown[]) => unknown
  for (const values of [['18', { issuers }], [18.5, { issuers }], [0, { issuers }], [18], [18, { issuer: issuers }]]) {
    expect(codeOf(() => given(...values))).toBe('option_invalid')
  }
})
