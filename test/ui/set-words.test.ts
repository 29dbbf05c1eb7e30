import { describe, expect, test } from 'vitest'
import { createMessages } from '../../src/ui/i18n.ts'
import { ageText } from '../../src/ui/words/age-text.ts'
import { predicateText } from '../../src/ui/words/question-text.ts'
import type { PredicateView } from '../../src/wallet/wallet.ts'
import { EUROPEAN } from '../fixtures/ui/requests.ts'

const { t } = createMessages()

/** As a question and as what a site learns, without the marks that keep the direction of their parts apart. */
function textsOf(view: PredicateView): string[] {
  const moods = ['question', 'learned'] as const
  return moods.map((mood) => predicateText(mood, view, t, 'en-GB').replace(/[\u2068\u2069]/g, ''))
}

const countries = (op: '$in' | '$nin', codes: string): PredicateView => ({ ...EUROPEAN, op, values: codes.split(' ') })

describe('questions over sets', () => {
  test('a short set is named whole, in the order of its names', () => {
    expect(textsOf(countries('$in', 'NO AT SE'))).toEqual([
      'Is your “Nationality” one of: Austria, Norway, Sweden?',
      'Your “Nationality” is one of: Austria, Norway, Sweden',
    ])
    expect(textsOf(countries('$nin', 'NO AT'))).toEqual([
      'Is your “Nationality” none of: Austria, Norway?',
      'Your “Nationality” is none of: Austria, Norway',
    ])
  })

  test('of a long one the first are named, and how many there are; never is one alone left out', () => {
    expect(textsOf(EUROPEAN)).toEqual([
      'Is your “Nationality” one of: Austria, Belgium, Bulgaria, Croatia, Cyprus and 22 more?',
      'Your “Nationality” is one of these 27 countries',
    ])
    expect(textsOf({ ...EUROPEAN, op: '$nin' })[1]).toBe('Your “Nationality” is none of these 27 countries')
    expect(textsOf(countries('$in', 'AT BE BG HR CY CZ'))[0]).toContain('Cyprus, Czechia?')
    expect(textsOf(countries('$in', 'AT BE BG HR CY CZ DK'))[0]).toContain('Cyprus and 2 more?')
  })

  test('a set of one is that one', () => {
    expect(textsOf(countries('$in', 'NO'))).toEqual(['Is your “Nationality” Norway?', 'Your “Nationality” is Norway'])
    expect(textsOf(countries('$nin', 'NO'))).toEqual([
      'Is your “Nationality” other than Norway?',
      'Your “Nationality” is not Norway',
    ])
  })

  test('dates and numbers stand in their own order', () => {
    const day = { op: '$in', claim: 'day', title: 'Day', type: 'date', values: ['2027-01-02', '1999-12-31'] } as const
    const number = { op: '$in', claim: 'number', title: 'Number', type: 'integer' } as const
    expect(textsOf(day)[0]).toBe('Is your “Day” one of: 31 December 1999, 2 January 2027?')
    expect(textsOf({ ...number, values: [10, 9, 100] })[0]).toBe('Is your “Number” one of: 9, 10, 100?')
    expect(textsOf({ ...number, values: [1, 2, 3, 4, 5, 6, 7] })[1]).toBe('Your “Number” is one of these 7 values')
  })

  test('members in the words of a site stay between quotation marks, and short', () => {
    const values = ['Arden', `fine. Press Agree ${'x'.repeat(60)}`]
    const [question] = textsOf({ op: '$in', claim: 'city', title: 'City', type: 'string', values })
    expect(question).toMatch(/^Is your “City” one of: “Arden”, “fine\. Press Agree x{21}…”\?$/)
  })
})

describe('how old a list may be', () => {
  test.for([
    [86_400, 'a day'],
    [172_800, '2 days'],
    [129_600, '36 hours'],
    [3600, 'an hour'],
    [60, 'a minute'],
    [90, '2 minutes'],
  ] as const)('%i seconds: %s', ([seconds, text]) => expect(ageText(seconds, t)).toBe(text))
})
