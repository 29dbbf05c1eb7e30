import { expect, test } from 'vitest'
import { toDay } from '../../src/protocol/day.ts'
import { toField } from '../../src/protocol/field.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { compilePredicates, type Predicate, queryHash } from '../../src/protocol/predicate.ts'
import { presentQuestion } from '../../src/protocol/present-question.ts'
import type { CredentialItem } from '../../src/protocol/query.ts'
import { parseSchema, schemaHash } from '../../src/protocol/schema.ts'
import { scopeOf } from '../../src/protocol/scope.ts'
import { codeOf } from '../expect-code.ts'
import vectors from '../vectors/protocol.json' with { type: 'json' }

const schema = parseSchema(vectors.schema)
const origin = parseOrigin('https://forum.example')
const points = (value: number): Predicate => ({ op: '$gte', claim: 'points', value })

const query = {
  id: 'age',
  issuers: [parseOrigin('https://issuer.example')],
  schema: schemaHash(schema),
  predicates: [points(1), points(2), points(3), points(4), points(5)],
}
const credential: CredentialItem = { type: 'credential', ...query }

const ask = (item: CredentialItem, part = 0) =>
  presentQuestion({
    ...{ item, part, schema, origin, today: toDay(46_345) },
    ...{ context: toField(1), walletNonce: toField(2), issuersRoot: toField(3) },
  })

test('a part asks its own predicates, and all else is the same for every part', () => {
  const [first, second] = [ask(credential, 0), ask(credential, 1)]
  expect(first.predicates).toEqual(query.predicates.slice(0, 4))
  expect(second.predicates).toEqual(query.predicates.slice(4))
  const compiled = compilePredicates(schema, query.predicates.slice(4))
  expect(second.compiled).toEqual(compiled)
  expect(second.inputs.queryHash).toBe(queryHash(schema, compiled))
  expect({ ...first.inputs, queryHash: 0n }).toEqual({ ...second.inputs, queryHash: 0n })
})

test('the inputs are those of the session', () =>
  expect(ask(credential).inputs).toEqual({
    context: 1n,
    walletNonce: 2n,
    today: 46_345,
    issuedBefore: 46_345,
    issuersRoot: 3n,
    queryHash: queryHash(schema, compilePredicates(schema, query.predicates.slice(0, 4))),
    kind: 'login',
    scope: scopeOf('login', origin),
  }))

test('a limit of issuance is taken from the item', () =>
  expect(ask({ ...credential, issuedBefore: toDay(46_000) }).inputs.issuedBefore).toBe(46_000))

test.each(['action', 'vote'] as const)('an %s has its own kind and scope', (type) => {
  const { kind, scope } = ask({ ...query, type, action: 'raffle' }).inputs
  expect(kind).toBe(type)
  expect(scope).toBe(scopeOf(type, origin, 'raffle'))
})

test('there is no part beyond the last', () => {
  expect(codeOf(() => ask(credential, 1))).toBeUndefined()
  expect(codeOf(() => ask(credential, 2))).toBe('part_unknown')
  expect(codeOf(() => ask(credential, -1))).toBe('part_unknown')
})

test('what the schema lacks can not be asked', () =>
  expect(codeOf(() => ask({ ...credential, predicates: [{ op: '$sd', claim: 'shoeSize' }] }))).toBe(
    'predicate_claim_unknown',
  ))
