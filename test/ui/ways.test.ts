import { expect, test } from 'vitest'
import { cardAtFault, credentialAsks, otherChoice, pickedWay, shownCards, splitWays } from '../../src/ui/flow/ways.ts'
import type { RequestView } from '../../src/wallet/wallet.ts'
import { ARDEN, UNION } from '../fixtures/ui/contents.ts'
import {
  NO_WAY,
  ONE_REVOKED,
  ONE_WAY_IMPOSSIBLE,
  OVER_18,
  SEVERAL_CARDS,
  SHARED_QUESTION,
  TWO_WAYS,
} from '../fixtures/ui/requests.ts'

test('the first that may be possible is picked beforehand, and then whatever the person picks', () => {
  expect(pickedWay(TWO_WAYS, undefined).id).toBe('age')
  expect(pickedWay(TWO_WAYS, 'member+who').id).toBe('member+who')
  expect(pickedWay(ONE_WAY_IMPOSSIBLE, undefined).id).toBe('nationality')
  expect(pickedWay(NO_WAY, undefined).id).toBe('member+who')
})

test('while the wallet is locked, what may be possible is not passed over', () => {
  const alternatives = ONE_WAY_IMPOSSIBLE.alternatives.map((way) => ({ ...way, answerable: 'unknown' as const }))
  expect(pickedWay({ ...ONE_WAY_IMPOSSIBLE, alternatives }, undefined).id).toBe('member+who')
})

test('after a card that did not answer: another card, else another way, else nothing', () => {
  const choice = (view: RequestView) => otherChoice(view, pickedWay(view, undefined))
  expect(choice(SEVERAL_CARDS)).toBe('card')
  expect(choice(ONE_REVOKED)).toBeUndefined()
  expect(choice(TWO_WAYS)).toBe('way')
  expect(choice(ONE_WAY_IMPOSSIBLE)).toBeUndefined()
  expect(choice(OVER_18)).toBeUndefined()
})

test('only the cards of the picked way answer, and none that cannot', () => {
  expect(shownCards(pickedWay(TWO_WAYS, 'age'), { member: 'person-2' })).toEqual({ age: 'person-1' })
  expect(shownCards(pickedWay(TWO_WAYS, 'member+who'), {})).toEqual({ member: 'member-1' })
  const several = pickedWay(SEVERAL_CARDS, 'age')
  expect(shownCards(several, { age: 'person-2' })).toEqual({ age: 'person-2' })
  expect(shownCards(several, { age: 'reader-1' })).toEqual({ age: 'person-1' })
})

test('what all ways ask is told apart from what each asks besides', () => {
  const { shared, besides } = splitWays(SHARED_QUESTION.alternatives)
  expect(shared.map(({ itemId }) => itemId)).toEqual(['age'])
  expect(besides.map(({ id, asks }) => [id, asks.map(({ itemId }) => itemId)])).toEqual([
    ['age+member+who', ['member', 'who']],
    ['age+second', ['second']],
  ])
  expect(splitWays(TWO_WAYS.alternatives)).toEqual({ shared: [], besides: TWO_WAYS.alternatives })
})

test('to sign in alone is not told apart: what else a way asks would hang in the air', () => {
  const login = { kind: 'login', itemId: 'who' } as const
  const ways = TWO_WAYS.alternatives.map((way) => ({ ...way, asks: [...credentialAsks(way), login] }))
  expect(splitWays(ways)).toEqual({ shared: [], besides: ways })
})

test('the card at fault is named only where it is certain', () => {
  const single = pickedWay(OVER_18, undefined)
  expect(cardAtFault(single, {}, { origin: undefined })?.id).toBe('person-1')
  expect(cardAtFault(single, {}, { origin: UNION })).toBeUndefined()
  const two = pickedWay(SHARED_QUESTION, undefined)
  expect(cardAtFault(two, {}, { origin: undefined })).toBeUndefined()
  expect(cardAtFault(two, {}, { origin: UNION })?.id).toBe('member-1')
  const asks = credentialAsks(two).map((ask) => ({
    ...ask,
    candidates: ask.candidates.map((each) => ({ ...each, card: { ...each.card, issuerOrigin: ARDEN } })),
  }))
  expect(cardAtFault({ ...two, asks }, {}, { origin: ARDEN })).toBeUndefined()
})
