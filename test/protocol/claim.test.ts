import { expect, test } from 'vitest'
import { encodeClaim, encodeClaims } from '../../src/protocol/claim.ts'
import { encodeField } from '../../src/protocol/field.ts'
import { parseSchema, schemaHash } from '../../src/protocol/schema.ts'
import { codeOf } from '../expect-code.ts'
import vectors from '../vectors/protocol.json' with { type: 'json' }

const schema = parseSchema(vectors.schema)

test('a schema has the hash of its canonical form, whatever the order of its members', () => {
  expect(schemaHash(schema)).toBe(vectors.schemaHash)
  expect(
    schemaHash(
      parseSchema(
        JSON.parse(
          JSON.stringify(
            schema,
            Object.keys(schema.claims[0] ?? {})
              .concat('claims', 'version')
              .sort()
              .reverse(),
          ),
        ),
      ),
    ),
  ).toBe(vectors.schemaHash)
})

test.each(vectors.claims)('$type $value is encoded as in the vector', ({ type, value, field }) => {
  expect(encodeField(encodeClaim(type as 'string', value))).toBe(field)
})

test('integers keep their order', () => {
  const ordered = [Number.MIN_SAFE_INTEGER, -1, 0, 1, Number.MAX_SAFE_INTEGER].map((n) => encodeClaim('integer', n))
  expect([...ordered].sort((a, b) => (a < b ? -1 : 1))).toEqual(ordered)
  for (const field of ordered) expect(field < 2n ** 64n).toBe(true)
})

test('text stays below 2^252', () => {
  for (let i = 0; i < 200; i++) expect(encodeClaim('string', `text ${i}`) < 2n ** 252n).toBe(true)
})

test.each([
  ['integer', 1.5],
  ['integer', 2 ** 53],
  ['integer', '1'],
  ['boolean', 1],
  ['country', 'FRA'],
  ['country', 'fr'],
  ['string', ''],
  ['string', 'e\u0301'],
  ['string', 'a\ud800'],
  ['string', 'x'.repeat(257)],
  ['date', 20_000],
] as const)('%s does not take %j', (type, value) =>
  expect(codeOf(() => encodeClaim(type, value))).toBe('claim_invalid'),
)

test('the mask says which slots are present; absent slots are 0', () => {
  const { slots, mask } = encodeClaims(schema, vectors.person)
  for (const { name, slot } of schema.claims) {
    expect((mask >> slot) & 1).toBe(name in vectors.person ? 1 : 0)
    if (!(name in vectors.person)) expect(slots[slot]).toBe(0n)
  }
})

test('a claim the schema does not have, or lacks, is refused', () => {
  expect(codeOf(() => encodeClaims(schema, { ...vectors.person, shoeSize: 43 }))).toBe('claim_unknown')
  const { birthDate: _, ...rest } = vectors.person
  expect(codeOf(() => encodeClaims(schema, rest))).toBe('claim_missing')
  expect(codeOf(() => encodeClaims(schema, JSON.parse('{"__proto__":{"birthDate":"1990-01-01"}}')))).toBe(
    'claim_unknown',
  )
})

test.each([
  [
    'two claims of one slot',
    (s: { claims: { slot: number }[] }) =>
      s.claims.forEach((c) => {
        c.slot = 0
      }),
  ],
  [
    'a slot of 16',
    (s: { claims: { slot: number }[] }) =>
      s.claims.forEach((c, i) => {
        c.slot = 16 + i
      }),
  ],
  [
    'an unknown member',
    (s: Record<string, unknown>) => {
      s.extra = 1
    },
  ],
])('a schema with %s is refused', (_, change) => {
  const copy = structuredClone(vectors.schema)
  change(copy as never)
  expect(codeOf(() => parseSchema(copy))).toBe('schema_invalid')
})
