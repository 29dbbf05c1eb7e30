import { expect, test } from 'vitest'
import { formatDay, latestBirthDay, parseDay } from '../../src/protocol/day.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import type { Predicate } from '../../src/protocol/predicate.ts'
import type { CredentialItem, QueryItem } from '../../src/protocol/query.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import { learnedFrom, notLearnedFrom, questionOf } from '../../src/wallet/questions.ts'
import { revealedClaims } from '../../src/wallet/revealed-claims.ts'
import { PERSON } from './issuer.ts'

const TODAY = parseDay('2026-02-28')
const LOGIN: QueryItem = { type: 'login', id: 'me' }

function asking(...predicates: Predicate[]): CredentialItem {
  const issuers = [parseOrigin('https://id.example')]
  return { type: 'credential', id: 'item', issuers, schema: schemaHash(PERSON), predicates }
}

function bornBy(value: string): CredentialItem {
  return asking({ claim: 'birthDate', op: '$lte', value })
}

test('a bound on the birth date is an age only where it is a birthday', () => {
  const eighteen = formatDay(latestBirthDay(TODAY, 18))
  expect(questionOf(bornBy(eighteen), PERSON, TODAY)).toEqual({ type: 'age', years: 18 })
  expect(questionOf(bornBy(eighteen), undefined, TODAY)).toEqual({ type: 'age', years: 18 })
  const dayBefore = questionOf(bornBy('2008-02-27'), PERSON, TODAY)
  expect(dayBefore).toMatchObject({ type: 'predicates', items: [{ title: 'Birth date', value: '2008-02-27' }] })
  const other: Predicate = { claim: 'birthDate', op: '$gte', value: eighteen }
  expect(questionOf(asking(other), PERSON, TODAY).type).toBe('predicates')
})

test('without the schema the claim is named by its name', () => {
  const item = asking({ claim: 'nationality', op: '$eq', value: 'FI' })
  expect(questionOf(item, undefined, TODAY)).toEqual({
    type: 'predicates',
    items: [{ claim: 'nationality', op: '$eq', value: 'FI', title: 'nationality' }],
  })
})

test('what a site learns names the issuer, the name, and the key where it signs somebody in', () => {
  const schemas = new Map([[schemaHash(PERSON), PERSON]])
  const facts = { schemas, today: TODAY, nickname: 'blue-otter-27' }
  const types = (items: QueryItem[]) => learnedFrom(items, facts).map(({ type }) => type)
  expect(types([LOGIN])).toEqual(['name', 'same_key'])
  expect(types([asking()])).toEqual(['valid', 'issuer', 'name'])
  expect(types([{ ...asking(), type: 'vote', action: 'board' }])).toEqual(['valid', 'issuer', 'act_name'])
  expect(types([{ ...asking(), issuedBefore: TODAY }])).toEqual(['valid', 'issuer', 'issued_by', 'name'])
  expect(notLearnedFrom([LOGIN], schemas).map(({ type }) => type)).toEqual(['facts', 'cards', 'other_names'])
})

test.each<[string, Predicate[], string[]]>([
  ['a bound', [{ claim: 'birthDate', op: '$lte', value: '2008-01-01' }], []],
  ['a bound from below', [{ claim: 'birthDate', op: '$gt', value: '2008-01-01' }], []],
  ['not equal', [{ claim: 'nationality', op: '$ne', value: 'FI' }], []],
  ['outside', [{ claim: 'birthDate', op: '$nonbetween', from: '2000-01-01', to: '2001-01-01' }], []],
  ['present', [{ claim: 'birthDate', op: '$exists', value: true }], []],
  ['disclosed', [{ claim: 'givenName', op: '$sd' }], ['givenName']],
  ['equal', [{ claim: 'nationality', op: '$eq', value: 'FI' }], ['nationality']],
  ['a boolean', [{ claim: 'member', op: '$ne', value: true }], ['member']],
  ['one day between', [{ claim: 'birthDate', op: '$between', from: '2000-01-01', to: '2000-01-01' }], ['birthDate']],
  [
    'two bounds that meet',
    [
      { claim: 'birthDate', op: '$gt', value: '1999-12-31' },
      { claim: 'birthDate', op: '$lt', value: '2000-01-02' },
    ],
    ['birthDate'],
  ],
  [
    'two days of which one is excluded',
    [
      { claim: 'birthDate', op: '$between', from: '2000-01-01', to: '2000-01-02' },
      { claim: 'birthDate', op: '$ne', value: '2000-01-01' },
    ],
    ['birthDate'],
  ],
  [
    'a century but for all of it save a day',
    [
      { claim: 'birthDate', op: '$between', from: '1950-01-01', to: '2049-12-31' },
      { claim: 'birthDate', op: '$nonbetween', from: '1950-01-01', to: '2000-06-14' },
      { claim: 'birthDate', op: '$nonbetween', from: '2000-06-16', to: '2049-12-31' },
    ],
    ['birthDate'],
  ],
  ['a month', [{ claim: 'birthDate', op: '$between', from: '2000-01-01', to: '2000-01-31' }], ['birthDate']],
  ['a month and a day', [{ claim: 'birthDate', op: '$between', from: '2000-01-01', to: '2000-02-01' }], []],
  [
    'a month and a day, without that day',
    [
      { claim: 'birthDate', op: '$between', from: '2000-01-01', to: '2000-02-01' },
      { claim: 'birthDate', op: '$ne', value: '2000-01-20' },
    ],
    ['birthDate'],
  ],
  [
    'a month and a day, without another day',
    [
      { claim: 'birthDate', op: '$between', from: '2000-01-01', to: '2000-02-01' },
      { claim: 'birthDate', op: '$ne', value: '2000-02-02' },
    ],
    [],
  ],
  ['the first month that can be written', [{ claim: 'birthDate', op: '$lte', value: '1900-01-31' }], ['birthDate']],
  ['equal, of a date', [{ claim: 'birthDate', op: '$eq', value: '2000-01-01' }], ['birthDate']],
  ['absent', [{ claim: 'member', op: '$exists', value: false }], ['member']],
  ['a boolean that is there', [{ claim: 'member', op: '$exists', value: true }], []],
])('a claim whose value follows from the answers is not listed as kept back: %s', (_, predicates, revealed) => {
  expect([...revealedClaims(PERSON, predicates)]).toEqual(revealed)
})
