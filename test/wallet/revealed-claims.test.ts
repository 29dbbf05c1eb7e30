import { expect, test } from 'vitest'
import countries from '../../src/protocol/countries.json' with { type: 'json' }
import { parseDay } from '../../src/protocol/day.ts'
import type { Predicate } from '../../src/protocol/predicate.ts'
import { revealedClaims } from '../../src/wallet/revealed-claims.ts'
import { PERSON } from './issuer.ts'

const TODAY = parseDay('2026-02-28')

/** All but the first so many. */
function countriesFrom(first: number): string[] {
  return countries.slice(first)
}

/** So many days, a month apart. */
function days(count: number): string[] {
  return Array.from({ length: count }, (_, month) => {
    return `${1980 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-15`
  })
}

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
  ['born in the last month', [{ claim: 'birthDate', op: '$gt', value: '2026-01-28' }], ['birthDate']],
  ['born in the last month and a day', [{ claim: 'birthDate', op: '$gte', value: '2026-01-28' }], []],
  ['equal, of a date', [{ claim: 'birthDate', op: '$eq', value: '2000-01-01' }], ['birthDate']],
  ['absent', [{ claim: 'member', op: '$exists', value: false }], ['member']],
  ['a set of one', [{ claim: 'nationality', op: '$in', values: ['FI'] }], ['nationality']],
  ['a set of two', [{ claim: 'nationality', op: '$in', values: ['FI', 'SE'] }], []],
  [
    'two sets that share one member',
    [
      { claim: 'nationality', op: '$in', values: ['FI', 'SE'] },
      { claim: 'nationality', op: '$in', values: ['FI', 'DK'] },
    ],
    ['nationality'],
  ],
  [
    'a set of two of which one is excluded',
    [
      { claim: 'nationality', op: '$in', values: ['FI', 'SE'] },
      { claim: 'nationality', op: '$nin', values: ['SE', 'DK'] },
    ],
    ['nationality'],
  ],
  [
    'a set of two of which another is excluded',
    [
      { claim: 'nationality', op: '$in', values: ['FI', 'SE'] },
      { claim: 'nationality', op: '$ne', value: 'DK' },
    ],
    [],
  ],
  ['not in a set', [{ claim: 'nationality', op: '$nin', values: ['FI'] }], []],
  ['none of all countries but one', [{ claim: 'nationality', op: '$nin', values: countriesFrom(1) }], ['nationality']],
  ['none of all countries but two', [{ claim: 'nationality', op: '$nin', values: countriesFrom(2) }], []],
  [
    'none of all countries but two, nor the other of those',
    [
      { claim: 'nationality', op: '$nin', values: countriesFrom(100) },
      { claim: 'nationality', op: '$nin', values: countries.slice(2, 100) },
      { claim: 'nationality', op: '$ne', value: countries[1] ?? '' },
    ],
    ['nationality'],
  ],
  ['none of all countries', [{ claim: 'nationality', op: '$nin', values: countries }], ['nationality']],
  ['of a country and none', [{ claim: 'nationality', op: '$in', values: ['FI', 'ZZ'] }], ['nationality']],
  ['none of all countries but one, of a text', [{ claim: 'givenName', op: '$nin', values: countriesFrom(1) }], []],
  ['a boolean in a set of one', [{ claim: 'member', op: '$in', values: [true] }], ['member']],
  ['a boolean not in a set of one', [{ claim: 'member', op: '$nin', values: [true] }], ['member']],
  ['a boolean in a set of both', [{ claim: 'member', op: '$in', values: [true, false] }], []],
  ['31 days of a set', [{ claim: 'birthDate', op: '$in', values: days(31) }], ['birthDate']],
  ['32 days of a set', [{ claim: 'birthDate', op: '$in', values: days(32) }], []],
  [
    '32 days of a set, bounded to half of them',
    [
      { claim: 'birthDate', op: '$in', values: days(32) },
      { claim: 'birthDate', op: '$lt', value: days(17)[16] ?? '' },
    ],
    ['birthDate'],
  ],
  [
    'a month and a day, without a day of a set',
    [
      { claim: 'birthDate', op: '$between', from: '2000-01-01', to: '2000-02-01' },
      { claim: 'birthDate', op: '$nin', values: ['1999-01-01', '2000-01-20'] },
    ],
    ['birthDate'],
  ],
  [
    'a month and a day, without other days',
    [
      { claim: 'birthDate', op: '$between', from: '2000-01-01', to: '2000-02-01' },
      { claim: 'birthDate', op: '$nin', values: ['1999-01-01', '2000-02-20'] },
    ],
    [],
  ],
  ['a boolean that is there', [{ claim: 'member', op: '$exists', value: true }], []],
])('a claim whose value follows from the answers is not listed as kept back: %s', (_, predicates, revealed) => {
  expect([...revealedClaims(PERSON, predicates, TODAY)]).toEqual(revealed)
})
