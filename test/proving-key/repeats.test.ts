import { expect, test } from 'vitest'
import { fromSigned, NumberReader, NumberWriter, toSigned } from '../../src/proving-key/numbers.ts'
import { foldRepeats, unfoldRepeats } from '../../src/proving-key/repeats.ts'
import { bytesOfSeed } from './seeded-bytes.ts'

const SEED = 5
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

test.each<[string, Uint8Array, number]>([
  ['nothing', new Uint8Array(), 1],
  ['one byte', text('a'), 2],
  ['nothing repeated', text('abcdefgh'), 9],
  ['a repetition at the end', text('abcdefabcdef'), 10],
  ['a repetition that reaches into itself', new Uint8Array(1000), 6],
  ['repetitions near and far', text(`${'abcdefgh'.repeat(9)}${'0123456789'.repeat(30)}abcdefgh`), 30],
])('folds %s and back', (_what, bytes, atMost) => {
  const folded = foldRepeats(bytes)
  expect(folded.length).toBeLessThanOrEqual(atMost)
  expect(unfoldRepeats(folded, bytes.length)).toEqual(bytes)
})

test('folds anything and back, of few values and of many', () => {
  for (let round = 0; round < 60; round++) {
    const bytes = bytesOfSeed(SEED + round, 40 * round, 2 + (round % 7) ** 2)
    expect(unfoldRepeats(foldRepeats(bytes), bytes.length)).toEqual(bytes)
  }
})

test('unfolds to the length that is asked for, or not at all', () => {
  const bytes = text('abcdefgh'.repeat(50))
  const folded = foldRepeats(bytes)
  for (const length of [0, 1, bytes.length - 1, bytes.length + 1, 1 << 20]) {
    expect(unfoldRepeats(folded, length)).toBeUndefined()
  }
  for (let cut = 0; cut < folded.length; cut++)
    expect(unfoldRepeats(folded.subarray(0, cut), bytes.length)).toBeUndefined()
  expect(unfoldRepeats(new Uint8Array([...folded, 0]), bytes.length)).toBeUndefined()
})

test.each<[string, readonly number[]]>([
  ['from before the beginning', [1, 97, 0, 2, 0]],
  ['from where it stands', [1, 97, 0, 0, 0]],
  ['beyond the end', [1, 97, 1, 1, 0]],
])('refuses a repetition %s', (_what, folded) => {
  expect(unfoldRepeats(Uint8Array.from([1, 97, 0, 1, 0]), 5)).toEqual(text('aaaaa'))
  expect(unfoldRepeats(Uint8Array.from(folded), 5)).toBeUndefined()
})

test('numbers come back, and have one form', () => {
  const values = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 - 1]
  const writer = new NumberWriter()
  for (const value of values) writer.number(value)
  const reader = new NumberReader(writer.take())
  expect(values.map(() => reader.number())).toEqual(values)
  expect(reader.complete).toBe(true)
  for (const bytes of [[0x80, 0], [0x80], [0xff, 0xff, 0xff, 0xff, 0x1f], [0x80, 0x80, 0x80, 0x80, 0x80, 1]]) {
    const other = new NumberReader(Uint8Array.from(bytes))
    other.number()
    expect(other.complete).toBe(false)
  }
  for (const value of [0, 1, -1, 2, -2, 2 ** 30, -(2 ** 30)]) expect(toSigned(fromSigned(value))).toBe(value)
})
