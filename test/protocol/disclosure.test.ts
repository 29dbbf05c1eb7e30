import { expect, test } from 'vitest'
import { encodeClaim } from '../../src/protocol/claim.ts'
import { disclosedClaims, disclosedSignals } from '../../src/protocol/disclosure.ts'
import { toField } from '../../src/protocol/field.ts'
import type { Predicate } from '../../src/protocol/predicate.ts'
import { parseSchema } from '../../src/protocol/schema.ts'
import { codeOf } from '../expect-code.ts'
import vectors from '../vectors/protocol.json' with { type: 'json' }

const schema = parseSchema(vectors.schema)
const ZERO = toField(0)
const predicates: Predicate[] = [
  { op: '$eq', claim: 'residence', value: 'FR' },
  { op: '$sd', claim: 'points' },
  { op: '$sd', claim: 'givenName' },
]
const claims = { points: -12, givenName: 'Zoë' }

test('only what $sd asks for is disclosed, and only what the credential has', () => {
  expect(disclosedClaims(predicates, vectors.person)).toEqual(claims)
  expect(disclosedClaims(predicates, { givenName: 'Zoë' })).toEqual({ givenName: 'Zoë' })
  expect(disclosedClaims([{ op: '$sd', claim: 'toString' }], vectors.person)).toEqual({})
})

test('a disclosed claim stands in the place of its question, 0 in the others', () =>
  expect(disclosedSignals(schema, predicates, claims)).toEqual([
    ZERO,
    encodeClaim('integer', -12),
    encodeClaim('string', 'Zoë'),
    ZERO,
  ]))

test('one claim asked for twice stands in both places', () => {
  const twice: Predicate[] = [
    { op: '$sd', claim: 'points' },
    { op: '$sd', claim: 'points' },
  ]
  const value = encodeClaim('integer', 3)
  expect(disclosedSignals(schema, twice, { points: 3 })).toEqual([value, value, ZERO, ZERO])
})

test.each([
  ['one too few', { points: -12 }],
  ['one too many', { ...claims, residence: 'FR' }],
  ['another', { points: -12, residence: 'FR' }],
  ['none', {}],
])('claims are exactly those asked for, not %s', (_, given) =>
  expect(disclosedSignals(schema, predicates, given)).toBeUndefined(),
)

test('a claim that the schema lacks has no signal', () =>
  expect(disclosedSignals(schema, [{ op: '$sd', claim: 'shoeSize' }], { shoeSize: 44 })).toBeUndefined())

test('a value of another type is refused', () =>
  expect(codeOf(() => disclosedSignals(schema, predicates, { ...claims, points: 'many' }))).toBe('claim_invalid'))
