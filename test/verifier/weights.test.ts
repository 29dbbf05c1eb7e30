import { expect, it } from 'vitest'
import { randomBytes } from '../../src/protocol/bytes.ts'
import { drawWeights } from '../../src/verifier/weights.ts'
import { codeOf } from '../expect-code.ts'

it('draws as many weights of 16 bytes as asked for, in one call', () => {
  const asked: number[] = []
  const source = (length: number) => {
    asked.push(length)
    return Uint8Array.from({ length }, (_, index) => index + 1)
  }
  const weights = drawWeights(3, source)
  expect(asked).toEqual([48])
  expect(weights.map((weight) => [weight.length, weight[0]])).toEqual([
    [16, 1],
    [16, 17],
    [16, 33],
  ])
})

it('refuses what no random source gives: a zero, the same twice, too few bytes', () => {
  const good = randomBytes(48)
  expect(codeOf(() => drawWeights(3, () => good))).toBe(undefined)
  const zero = Uint8Array.from(good).fill(0, 16, 32)
  const repeated = Uint8Array.from(good)
  repeated.copyWithin(32, 0, 16)
  for (const bytes of [zero, repeated, good.subarray(1)]) {
    expect(codeOf(() => drawWeights(3, () => bytes))).toBe('randomness_invalid')
  }
})
