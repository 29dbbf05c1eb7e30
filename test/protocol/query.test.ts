import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBase64url } from '../../src/protocol/bytes.ts'
import type { Predicate } from '../../src/protocol/predicate.ts'
import {
  alternativesOf,
  isAnswered,
  itemsOf,
  partsOf,
  type Query,
  queryShape,
  statusAgeOf,
} from '../../src/protocol/query.ts'

const login = (id: string) => ({ type: 'login', id }) as const
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(login) as [Query, Query, Query, Query]

const waysOf = (query: Query) => alternativesOf(query).map((items) => items.map(({ id }) => id).join(''))

describe('the ways to answer', () => {
  test.each<[string, Query, string[]]>([
    ['one item', a, ['a']],
    ['all', { all: [a, b] }, ['ab']],
    ['any', { any: [a, b] }, ['a', 'b']],
    ['all with any', { all: [a, { any: [b, c] }] }, ['ab', 'ac']],
    ['any of all', { any: [{ all: [a, b] }, { all: [c, d] }] }, ['ab', 'cd']],
    ['any twice', { all: [{ any: [a, b] }, { any: [c, d] }] }, ['ac', 'ad', 'bc', 'bd']],
    ['three levels', { any: [{ all: [a, { any: [b, c] }] }, d] }, ['ab', 'ac', 'd']],
    ['in reading order', { all: [{ any: [c, a] }, b] }, ['cb', 'ab']],
    ['any of one', { any: [a] }, ['a']],
  ])('%s', (_, query, ways) => expect(waysOf(query)).toEqual(ways))

  test('each is enough, none is too much, and what is enough has one of them in it', () => {
    const { query } = fc.letrec<{ query: Query }>((tie) => ({
      query: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'query' },
        fc.constantFrom('a', 'b', 'c', 'd', 'e').map(login),
        fc.record({ all: fc.array(tie('query'), { minLength: 1, maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('query'), { minLength: 1, maxLength: 2 }) }),
      ),
    }))
    fc.assert(
      fc.property(query, fc.subarray(['a', 'b', 'c', 'd', 'e']), (asked, chosen) => {
        // As in every query: an id stands once.
        fc.pre(new Set(itemsOf(asked).map(({ id }) => id)).size === itemsOf(asked).length)
        const ways = alternativesOf(asked).map((items) => new Set(items.map(({ id }) => id)))
        for (const way of ways) {
          expect(isAnswered(asked, way)).toBe(true)
          for (const id of way) expect(isAnswered(asked, way.difference(new Set([id])))).toBe(false)
        }
        const answered = new Set(chosen)
        expect(ways.some((way) => way.isSubsetOf(answered))).toBe(isAnswered(asked, answered))
      }),
    )
  })
})

const points = (value: number): Predicate => ({ op: '$gte', claim: 'points', value })
const over = (...values: number[]): Predicate => ({ op: '$in', claim: 'points', values })
const many = (count: number) => Array.from({ length: count }, (_, place) => points(place))

function credential(id: string, predicates: Predicate[] = [], more: object = {}) {
  const schema = toBase64url(new Uint8Array(32))
  return { type: 'credential', id, issuers: ['https://issuer.example'], schema, predicates, ...more }
}

const accepted = (query: unknown) => queryShape.safeParse(query).success

describe('what a query may be', () => {
  const anyOf = (...ids: string[]) => ({ any: ids.map(login) })

  test.each([
    ['sixteen ways', { all: [anyOf('a', 'b'), anyOf('c', 'd'), anyOf('e', 'f'), anyOf('g', 'h')] }, true],
    ['eighteen ways', { all: [anyOf('a', 'b', 'c'), anyOf('d', 'e', 'f'), anyOf('g', 'h')] }, false],
    ['eight items', { all: [...'abcdefgh'].map(login) }, true],
    ['nine items', { all: [{ all: [...'abcdefgh'].map(login) }, login('i')] }, false],
    ['two items of one name', { all: [login('a'), login('a')] }, false],
    ['three levels', { all: [{ any: [{ all: [login('a')] }] }] }, true],
    ['four levels', { all: [{ any: [{ all: [{ any: [login('a')] }] }] }] }, false],
    ['none of nothing', { all: [] }, false],
    ['both', { all: [login('a')], any: [login('b')] }, false],
    ['sixteen predicates', credential('a', many(16)), true],
    ['seventeen predicates', credential('a', many(17)), false],
    [
      'sixteen proofs',
      {
        all: [
          credential(
            'a',
            many(16).map(() => over(1)),
          ),
        ],
      },
      true,
    ],
    [
      'seventeen proofs',
      {
        all: [
          credential(
            'a',
            many(16).map(() => over(1)),
          ),
          login('b'),
        ],
      },
      false,
    ],
    [
      'sixteen issuers',
      credential('a', [], { issuers: Array.from({ length: 16 }, (_, i) => `https://i${i}.example`) }),
      true,
    ],
    [
      'seventeen issuers',
      credential('a', [], { issuers: Array.from({ length: 17 }, (_, i) => `https://i${i}.example`) }),
      false,
    ],
    ['no issuer', credential('a', [], { issuers: [] }), false],
    ['a list of a minute', credential('a', [], { notRevokedWithin: 60 }), true],
    ['a list of less', credential('a', [], { notRevokedWithin: 59 }), false],
    ['a list of 31 days', credential('a', [], { notRevokedWithin: 31 * 86_400 }), true],
    ['a list of more', credential('a', [], { notRevokedWithin: 31 * 86_400 + 1 }), false],
    ['an action without a name', { ...credential('a'), type: 'action' }, false],
    ['an action', { ...credential('a'), type: 'action', action: 'raffle' }, true],
  ])('%s: %#', (_, query, is) => expect(accepted(query)).toBe(is))
})

test('how old a list may be is a day, if the item does not say', () => {
  const item = (more = {}) => {
    const [parsed] = itemsOf(queryShape.parse(credential('a', [], more)))
    if (parsed?.type !== 'credential') throw new Error('the query is a credential item')
    return statusAgeOf(parsed)
  }
  expect(item()).toBe(86_400)
  expect(item({ notRevokedWithin: 3600 })).toBe(3600)
})

describe('the proofs of an item', () => {
  const proofsFor = (predicates: Predicate[]) => {
    const [item] = itemsOf(queryShape.parse(credential('a', predicates)))
    return item ? partsOf(item) : []
  }

  test('a login is one', () => expect(partsOf(login('a'))).toEqual([[]]))
  test('no predicates are one too', () => expect(proofsFor([])).toEqual([[]]))

  test('every predicate is in one of them, no proof has more than four or more than one set, and none could be spared', () => {
    const predicate = fc.oneof(
      fc.integer().map(points),
      fc.integer().map((value) => over(value)),
    )
    fc.assert(
      fc.property(fc.array(predicate, { maxLength: 16 }), (predicates) => {
        const parts = proofsFor(predicates)
        const bySize = (items: Predicate[]) => items.map((item) => JSON.stringify(item)).toSorted()
        expect(bySize(parts.flat())).toEqual(bySize(predicates))
        const sets = predicates.filter(({ op }) => op === '$in').length
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(4)
          expect(part.filter(({ op }) => op === '$in').length).toBeLessThanOrEqual(1)
        }
        // Neither the sets nor the places allow fewer.
        expect(parts).toHaveLength(Math.max(1, sets, Math.ceil(predicates.length / 4)))
      }),
    )
  })
})
