import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeClaim } from '../../src/protocol/claim.ts'
import { encodeField } from '../../src/protocol/field.ts'
import {
  compilePredicates,
  type Predicate,
  predicateShape,
  queryHash,
  satisfies,
} from '../../src/protocol/predicate.ts'
import { parseSchema } from '../../src/protocol/schema.ts'
import { codeOf } from '../expect-code.ts'
import vectors from '../vectors/protocol.json' with { type: 'json' }

const schema = parseSchema(vectors.schema)

function holds(predicate: Predicate, value: number | undefined): boolean {
  const [compiled] = compilePredicates(schema, [predicate])
  if (!compiled) throw new Error('a predicate compiles to one entry')
  return satisfies(compiled, value === undefined ? undefined : encodeClaim('integer', value))
}

test('compiled forms are those of the vector', () => {
  const compiled = compilePredicates(schema, vectors.predicates as Predicate[])
  expect(compiled.map((entry) => ({ ...entry, low: encodeField(entry.low), high: encodeField(entry.high) }))).toEqual(
    vectors.compiled,
  )
})

test('each operator means on encoded claims what it means on numbers', () => {
  const int = fc.integer({ min: -40, max: 40 })
  const meanings = {
    $eq: (v: number, x: number) => v === x,
    $ne: (v: number, x: number) => v !== x,
    $lt: (v: number, x: number) => v < x,
    $lte: (v: number, x: number) => v <= x,
    $gt: (v: number, x: number) => v > x,
    $gte: (v: number, x: number) => v >= x,
  }
  fc.assert(
    fc.property(int, int, int, (v, x, y) => {
      for (const [op, meaning] of Object.entries(meanings)) {
        expect(holds({ op, claim: 'points', value: x } as Predicate, v)).toBe(meaning(v, x))
      }
      const [from, to] = [Math.min(x, y), Math.max(x, y)]
      expect(holds({ op: '$between', claim: 'points', from, to }, v)).toBe(from <= v && v <= to)
      expect(holds({ op: '$nonbetween', claim: 'points', from, to }, v)).toBe(v < from || v > to)
    }),
  )
})

test('$in and $nin are about the members of a set', () => {
  const values = [5, -3, 40]
  for (const [value, member] of [
    [5, true],
    [-3, true],
    [40, true],
    [4, false],
    [-4, false],
    [41, false],
  ] as const) {
    expect(holds({ op: '$in', claim: 'points', values }, value)).toBe(member)
    expect(holds({ op: '$nin', claim: 'points', values }, value)).toBe(!member)
  }
  expect(holds({ op: '$in', claim: 'points', values }, undefined)).toBe(false)
  expect(holds({ op: '$nin', claim: 'points', values }, undefined)).toBe(false)
})

test('a set is in the query hash by its root, whatever the order of its members', () => {
  const hashOf = (predicate: Predicate) => queryHash(schema, compilePredicates(schema, [predicate]))
  const hash = hashOf({ op: '$in', claim: 'points', values: [1, 2] })
  expect(hashOf({ op: '$in', claim: 'points', values: [2, 1] })).toBe(hash)
  expect(hashOf({ op: '$in', claim: 'points', values: [1, 3] })).not.toBe(hash)
  expect(hashOf({ op: '$nin', claim: 'points', values: [1, 2] })).not.toBe(hash)
})

test.each(['$eq', '$ne', '$lt', '$lte', '$gt', '$gte'])('%s is false of an absent claim', (op) =>
  expect(holds({ op, claim: 'points', value: 0 } as Predicate, undefined)).toBe(false),
)

test('only $exists reads the mask', () => {
  expect(holds({ op: '$exists', claim: 'points', value: false }, undefined)).toBe(true)
  expect(holds({ op: '$exists', claim: 'points', value: false }, 1)).toBe(false)
  expect(holds({ op: '$exists', claim: 'points', value: true }, 1)).toBe(true)
  expect(holds({ op: '$sd', claim: 'points' }, undefined)).toBe(false)
})

test('no two of these predicates have one query hash', () => {
  const predicates: Predicate[] = [
    { op: '$eq', claim: 'points', value: 1 },
    { op: '$ne', claim: 'points', value: 1 },
    { op: '$lt', claim: 'points', value: 1 },
    { op: '$lte', claim: 'points', value: 1 },
    { op: '$gt', claim: 'points', value: 1 },
    { op: '$gte', claim: 'points', value: 1 },
    { op: '$exists', claim: 'points', value: true },
    { op: '$exists', claim: 'points', value: false },
    { op: '$sd', claim: 'points' },
    { op: '$sd', claim: 'givenName' },
  ]
  const hashes = predicates.map((predicate) => queryHash(schema, compilePredicates(schema, [predicate])))
  hashes.push(queryHash(schema, compilePredicates(schema, [])))
  expect(new Set(hashes).size).toBe(predicates.length + 1)
})

test.each([
  ['a claim the schema lacks', { op: '$eq', claim: 'shoeSize', value: 1 }, 'predicate_claim_unknown'],
  ['order on text', { op: '$lt', claim: 'givenName', value: 'M' }, 'predicate_type'],
  ['order on a truth value', { op: '$gte', claim: 'resident', value: true }, 'predicate_type'],
  ['a range upside down', { op: '$between', claim: 'points', from: 2, to: 1 }, 'predicate_range'],
  ['a date that does not exist', { op: '$lte', claim: 'birthDate', value: '2026-02-30' }, 'date_invalid'],
  ['a set that has a member twice', { op: '$in', claim: 'points', values: [1, 2, 1] }, 'predicate_set'],
  ['a set of another type', { op: '$nin', claim: 'points', values: ['1'] }, 'claim_invalid'],
  ['a number for a date', { op: '$lte', claim: 'birthDate', value: 4 }, 'claim_invalid'],
])('%s is refused when the request is made', (_, predicate, code) =>
  expect(codeOf(() => compilePredicates(schema, [predicate as Predicate]))).toBe(code),
)

test('a fifth predicate is refused', () => {
  const five = Array.from({ length: 5 }, () => ({ op: '$sd', claim: 'points' }) as const)
  expect(codeOf(() => compilePredicates(schema, five))).toBe('too_many_predicates')
})

test('a second set is refused, whether in it or not', () => {
  const set: Predicate = { op: '$in', claim: 'points', values: [1] }
  expect(codeOf(() => compilePredicates(schema, [set]))).toBeUndefined()
  expect(codeOf(() => compilePredicates(schema, [set, { ...set, op: '$nin' }]))).toBe('too_many_predicates')
})

test('a set names 1 to 256 members', () => {
  const ofSize = (length: number) => ({ op: '$in', claim: 'points', values: Array.from({ length }, (_, i) => i) })
  expect([0, 1, 256, 257].map((size) => predicateShape.safeParse(ofSize(size)).success)).toEqual([
    false,
    true,
    true,
    false,
  ])
})

test.each([
  { op: '$in', claim: 'points', value: 1 },
  { op: '$eq', claim: 'points' },
  { op: '$eq', claim: 'points', value: 1, extra: 1 },
  { op: '$sd', claim: '__proto__' },
  { op: '$ne', claim: 'givenName', value: 'Ann\u202e?eerga' },
  { op: '$ne', claim: 'givenName', value: 'Ann\nPress Agree' },
  { op: '$ne', claim: 'givenName', value: 'Ann\ud800' },
  { op: '$ne', claim: 'givenName', value: 'x'.repeat(257) },
])('%j is no predicate', (value) => expect(predicateShape.safeParse(value).success).toBe(false))
