import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64url, toBase64url } from '../../src/protocol/bytes.ts'
import {
  encodeField,
  FIELD_ORDER,
  fieldFromBytes,
  fieldToBytes,
  parseField,
  randomField,
  toField,
} from '../../src/protocol/field.ts'
import { codeOf } from '../expect-code.ts'

const element = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n }).map(toField)

test('both encodings are inverse and canonical', () => {
  fc.assert(
    fc.property(element, (x) => {
      expect(fieldFromBytes(fieldToBytes(x))).toBe(x)
      expect(parseField(encodeField(x))).toBe(x)
      expect(encodeField(x)).toHaveLength(43)
    }),
  )
})

test.each([-1n, FIELD_ORDER, FIELD_ORDER + 1n, 2n ** 256n])('%d is no field element', (x) =>
  expect(codeOf(() => toField(x))).toBe('field_out_of_range'),
)

test('an alias x + r of the same residue is refused', () => {
  const alias = new Uint8Array(32)
  let value = FIELD_ORDER + 5n
  for (let i = 31; i >= 0; i--) {
    alias[i] = Number(value & 255n)
    value >>= 8n
  }
  expect(codeOf(() => fieldFromBytes(alias))).toBe('field_out_of_range')
  expect(codeOf(() => parseField(toBase64url(alias)))).toBe('field_out_of_range')
})

test.each([31, 33, 0])('%d bytes are no field element', (n) =>
  expect(codeOf(() => fieldFromBytes(new Uint8Array(n)))).toBe('field_length'),
)

test.each(['AAA=', 'AA+A', 'AB', 'A', 'AA A', 'AAA\n'])('%j is not canonical base64url', (text) =>
  expect(codeOf(() => fromBase64url(text))).toBe('base64url_invalid'),
)

test('random elements differ and are in range', () => {
  const drawn = new Set(Array.from({ length: 64 }, () => randomField()))
  expect(drawn.size).toBe(64)
  for (const x of drawn) expect(x < FIELD_ORDER).toBe(true)
})
