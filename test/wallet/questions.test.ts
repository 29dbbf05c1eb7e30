import { expect, test } from 'vitest'
import { formatDay, latestBirthDay, parseDay } from '../../src/protocol/day.ts'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'
import type { Predicate } from '../../src/protocol/predicate.ts'
import type { CredentialItem, QueryItem } from '../../src/protocol/query.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import { type Facts, learnedFrom, notLearnedFrom, questionOf } from '../../src/wallet/questions.ts'
import { stoneOf } from '../../src/wallet/stone.ts'
import type { Candidate } from '../../src/wallet/wallet.ts'
import { PERSON } from './issuer.ts'

const TODAY = parseDay('2026-02-28')
const LOGIN: QueryItem = { type: 'login', id: 'me' }

function asking(...predicates: Predicate[]): CredentialItem {
  const issuers = [parseOrigin('https://id.example')]
  return { type: 'credential', id: 'item', issuers, schema: schemaHash(PERSON), predicates }
}

const FACTS: Facts = {
  schemas: new Map([['item', PERSON]]),
  candidates: new Map(),
  choices: {},
  today: TODAY,
  nickname: undefined,
}

function bornOn(op: '$lte' | '$gte', value: string): CredentialItem {
  return asking({ claim: 'birthDate', op, value })
}

function bornBy(value: string): CredentialItem {
  return bornOn('$lte', value)
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
  const facts = { ...FACTS, nickname: 'blue-otter-27' }
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
  expect(notLearnedFrom([LOGIN], FACTS).map(({ type }) => type)).toEqual(['facts', 'cards', 'other_names'])
})

const [ONE, OTHER, THIRD] = ['https://id.example', 'https://town.example', 'https://region.example'].map(parseOrigin)

/** What is learned and what is not of the issuers of these items. */
function issuersIn(items: CredentialItem[], facts: Facts = FACTS) {
  return {
    learned: learnedFrom(items, facts).flatMap((entry) => (entry.type === 'issuer' ? [entry.issuers] : [])),
    notLearned: notLearnedFrom(items, facts).flatMap((entry) => (entry.type === 'issuer' ? [entry.issuers] : [])),
  }
}

function by(id: string, ...issuers: (Origin | undefined)[]): CredentialItem {
  return { ...asking(), id, issuers: issuers.filter((issuer) => issuer !== undefined) }
}

/** A card that may answer, or one that cannot. */
function candidate(issuerOrigin: Origin | undefined, satisfiable: Candidate['satisfiable'] = true): Candidate {
  if (!issuerOrigin) throw new Error('an origin')
  const card = {
    id: issuerOrigin,
    issuerOrigin,
    issuerName: issuerOrigin,
    kind: 'Person',
    validUntil: TODAY,
    demo: false,
  }
  return { credentialId: card.id, card: { ...card, stone: stoneOf(issuerOrigin) }, satisfiable }
}

function holding(candidates: Record<string, Candidate[]>): Facts {
  return { ...FACTS, candidates: new Map(Object.entries(candidates)) }
}

test('one issuer is learned; which of several it was is not, and each is counted once', () => {
  expect(issuersIn([by('item', ONE)])).toEqual({ learned: [[ONE]], notLearned: [] })
  expect(issuersIn([by('item', ONE, ONE)])).toEqual({ learned: [[ONE]], notLearned: [] })
  expect(issuersIn([by('item', OTHER, ONE)])).toEqual({ learned: [[OTHER, ONE]], notLearned: [[OTHER, ONE]] })
  expect(issuersIn([by('item', OTHER, ONE), by('again', ONE, OTHER)]).notLearned.length).toBe(1)
})

test('one card that answers two items is of an issuer that both of them accept', () => {
  const items = [by('item', OTHER, ONE), by('again', ONE, THIRD)]
  const card = candidate(ONE, 'unknown')
  expect(issuersIn(items, holding({ item: [card], again: [card] }))).toEqual({
    learned: [[ONE], [ONE]],
    notLearned: [],
  })
})

test('what is learned of issuers follows the cards that are chosen', () => {
  const items = [by('item', OTHER, ONE), by('again', ONE)]
  const [hidden, alone] = [candidate(OTHER), candidate(ONE)]
  const facts = holding({ item: [hidden, alone], again: [alone] })
  const apart = { learned: [[OTHER, ONE], [ONE]], notLearned: [[OTHER, ONE]] }
  const byOne = { learned: [[ONE], [ONE]], notLearned: [] }
  const chosen = (item: string) => issuersIn(items, { ...facts, choices: { item, again: alone.credentialId } })
  expect(chosen(hidden.credentialId)).toEqual(apart)
  expect(chosen(alone.credentialId)).toEqual(byOne)
  // Before anybody chose: the first that may be able.
  expect(issuersIn(items, facts)).toEqual(apart)
  const over = candidate(OTHER, false)
  expect(issuersIn(items, holding({ item: [over, alone], again: [alone] }))).toEqual(byOne)
})

test('a third item that another card answers narrows nothing', () => {
  const items = [by('item', ONE, OTHER, THIRD), by('again', THIRD, OTHER), by('other', OTHER)]
  const facts = holding({ item: [candidate(THIRD)], again: [candidate(THIRD)], other: [candidate(OTHER)] })
  expect(issuersIn(items, facts)).toEqual({
    learned: [[OTHER, THIRD], [OTHER, THIRD], [OTHER]],
    notLearned: [[OTHER, THIRD]],
  })
})

test('of two issuers that both items accept it stays open which it was', () => {
  const items = [by('item', ONE, OTHER), by('again', THIRD, OTHER, ONE)]
  const facts = holding({ item: [candidate(ONE)], again: [candidate(ONE)] })
  expect(issuersIn(items, facts)).toEqual({
    learned: [
      [ONE, OTHER],
      [ONE, OTHER],
    ],
    notLearned: [[ONE, OTHER]],
  })
})

test('two cards that answer two items are of any issuers that these accept', () => {
  const items = [by('item', OTHER, ONE), by('again', ONE, THIRD)]
  const lists = [
    [OTHER, ONE],
    [ONE, THIRD],
  ]
  const two = holding({ item: [candidate(OTHER)], again: [candidate(THIRD)] })
  expect(issuersIn(items, two)).toEqual({ learned: lists, notLearned: lists })
  const over = candidate(ONE, false)
  const expired = holding({ item: [candidate(OTHER), over], again: [candidate(THIRD), over] })
  expect(issuersIn(items, expired)).toEqual({ learned: lists, notLearned: lists })
})

test('what two items of one schema ask of a claim is taken together', () => {
  const from = { ...bornOn('$gte', '2000-01-01'), id: 'item' }
  const until = { ...bornOn('$lte', '2000-01-31'), id: 'again' }
  const facts = { ...FACTS, schemas: new Map(['item', 'again'].map((id) => [id, PERSON])) }
  const kept = (items: QueryItem[]) =>
    notLearnedFrom(items, facts).flatMap((entry) => (entry.type === 'claim' ? [entry.claim] : []))
  expect(kept([from])).toContain('birthDate')
  expect(kept([from, until])).not.toContain('birthDate')
  expect(kept([from, until]).length).toBe(PERSON.claims.length - 1)
})

test('how old the list of revoked credentials may be: a day, or as the site says', () => {
  const facts = { ...FACTS, schemas: new Map() }
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
