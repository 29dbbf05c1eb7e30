import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ageOfThreshold, dayOf, formatDay, latestBirthDay, parseDay, toDay } from '../../src/protocol/day.ts'
import { codeOf } from '../expect-code.ts'

test('day 0 is 1900-01-01 and 1900 had no leap day', () => {
  expect(parseDay('1900-01-01')).toBe(0)
  expect(parseDay('1900-03-01')).toBe(59)
  expect(parseDay('2000-03-01') - parseDay('2000-02-28')).toBe(2)
})

test('format and parse are inverse', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 80_000 }), (n) => parseDay(formatDay(toDay(n))) === n))
})

test('an instant belongs to its UTC day', () => {
  expect(formatDay(dayOf(new Date('2026-11-20T23:59:59.999Z')))).toBe('2026-11-20')
  expect(formatDay(dayOf(new Date('2026-11-21T00:00:00Z')))).toBe('2026-11-21')
})

test.each(['2026-02-29', '2026-13-01', '2026-1-01', '1899-12-31', '', '2026-11-20T00:00:00Z', ' 2026-11-20'])(
  '%j is refused',
  (text) => expect(codeOf(() => parseDay(text))).toBe('date_invalid'),
)

test.each([-1, 0.5, 2 ** 32, Number.NaN])('day %d is out of range', (n) =>
  expect(codeOf(() => toDay(n))).toBe('day_out_of_range'),
)

describe('coming of age', () => {
  const isAdult = (born: string, today: string) => parseDay(born) <= latestBirthDay(parseDay(today), 18)
  test.each([
    ['2008-11-20', '2026-11-20', true],
    ['2008-11-20', '2026-11-19', false],
    ['2008-11-21', '2026-11-20', false],
    ['2008-02-29', '2026-02-28', false],
    ['2008-02-29', '2026-03-01', true],
    ['2010-02-28', '2028-02-28', true],
    ['2010-03-01', '2028-02-29', false],
    ['2010-02-28', '2028-02-29', true],
    ['2010-03-01', '2028-03-01', true],
  ])('born %s, on %s: %s', (born, today, expected) => expect(isAdult(born, today)).toBe(expected))

  test('the threshold of an age names that age and no other threshold does', () => {
    for (let offset = 0; offset < 1500; offset++) {
      const today = toDay(parseDay('2026-01-01') + offset)
      const threshold = latestBirthDay(today, 18)
      expect(ageOfThreshold(today, threshold)).toBe(18)
      expect(ageOfThreshold(today, toDay(threshold - 1))).toBeUndefined()
    }
  })
})
