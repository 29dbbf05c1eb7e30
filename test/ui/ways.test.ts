import { expect, test } from 'vitest'
import { otherChoice, pickedWay, shownCards } from '../../src/ui/flow/ways.ts'
import type { RequestView } from '../../src/wallet/wallet.ts'
import { NO_WAY, ONE_REVOKED, ONE_WAY_IMPOSSIBLE, OVER_18, SEVERAL_CARDS, TWO_WAYS } from '../fixtures/ui/requests.ts'

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
