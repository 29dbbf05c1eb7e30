import { expect, test } from 'vitest'
import { formatDay, latestBirthDay, parseDay } from '../../src/protocol/day.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import type { Predicate } from '../../src/protocol/predicate.ts'
import type { CredentialItem, QueryItem } from '../../src/protocol/query.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import { learnedFrom, notLearnedFrom, questionOf } from '../../src/wallet/questions.ts'
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
  expect(types([asking()])).toEqual(['valid', 'not_revoked', 'issuer', 'name'])
  expect(types([{ ...asking(), type: 'vote', action: 'board' }])).toEqual([
    'valid',
    'not_revoked',
    'issuer',
    'act_name',
  ])
  expect(types([{ ...asking(), issuedBefore: TODAY }])).toEqual(['valid', 'not_revoked', 'issuer', 'issued_by', 'name'])
  expect(notLearnedFrom([LOGIN], schemas).map(({ type }) => type)).toEqual(['facts', 'cards', 'other_names'])
})

test('one issuer is learned; which of several it was is not, and each is counted once', () => {
  const [one, other] = ['https://id.example', 'https://town.example'].map(parseOrigin)
  if (!one || !other) throw new Error('two origins')
  const schemas = new Map([[schemaHash(PERSON), PERSON]])
  const facts = { schemas, today: TODAY, nickname: undefined }
  const of = (...issuers: (typeof one)[]) => [{ ...asking(), issuers }]
  const issuers = (items: CredentialItem[]) => ({
    learned: learnedFrom(items, facts).flatMap((entry) => (entry.type === 'issuer' ? [entry.issuers] : [])),
    notLearned: notLearnedFrom(items, schemas).flatMap((entry) => (entry.type === 'issuer' ? [entry.issuers] : [])),
  })
  expect(issuers(of(one))).toEqual({ learned: [[one]], notLearned: [] })
  expect(issuers(of(one, one))).toEqual({ learned: [[one]], notLearned: [] })
  expect(issuers(of(other, one))).toEqual({ learned: [[other, one]], notLearned: [[other, one]] })
  expect(issuers([...of(other, one), ...of(one, other)]).notLearned.length).toBe(1)
})

test('how old the list of revoked credentials may be: a day, or as the site says', () => {
  const facts = { schemas: new Map(), today: TODAY, nickname: undefined }
  expect(learnedFrom([asking()], facts)).toContainEqual({ type: 'not_revoked', within: 86_400 })
  expect(learnedFrom([{ ...asking(), notRevokedWithin: 600 }], facts)).toContainEqual({
    type: 'not_revoked',
    within: 600,
  })
})

test('the members of a set are shown as they are', () => {
  const item = asking({ claim: 'nationality', op: '$in', values: ['FI', 'SE'] })
  expect(questionOf(item, PERSON, TODAY)).toMatchObject({
    items: [{ op: '$in', values: ['FI', 'SE'], title: 'nationality', type: 'country' }],
  })
})
