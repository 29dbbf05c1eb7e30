import { expect, test } from 'vitest'
import { R } from '../../src/engine/parameters.ts'
import { joinEntries, splitEntries } from '../../src/proving-key/coefficient-columns.ts'
import { NumberReader } from '../../src/proving-key/numbers.ts'
import { ENTRY_BYTES } from '../../src/proving-key/zkey-format.ts'
import { bytesOfSeed } from './seeded-bytes.ts'
import { littleEndian, smallKey } from './small-key.ts'

const SEED = 11

function join(length: number, constants: Uint8Array, columns: Uint8Array): Uint8Array | undefined {
  const entries = new Uint8Array(length)
  const reader = new NumberReader(columns)
  return joinEntries(entries, constants, reader) && reader.complete ? entries : undefined
}

function backAndForth(entries: Uint8Array): number {
  const { constants, columns } = splitEntries(entries)
  expect(join(entries.length, constants, columns)).toEqual(entries)
  return constants.length / 32
}

test('the entries of a key come back, a constant and its negative listed once', () => {
  // ±1 and four others.
  expect(backAndForth(smallKey().coefficients)).toBe(5)
  expect(backAndForth(new Uint8Array())).toBe(0)
})

test('entries in any order come back, at the edges of rows, wires and values', () => {
  const edges = [0n, 1n, 2n, R - 1n, R - 2n, (R - 1n) / 2n, R, R + 1n, R + 2n, 2n ** 256n - 1n, 2n ** 256n - 2n]
  const random = bytesOfSeed(SEED, 4000)
  const entries = new Uint8Array(400 * ENTRY_BYTES)
  const view = new DataView(entries.buffer)
  for (let index = 0; index < 400; index++) {
    const [a = 0, b = 0, c = 0, d = 0] = random.subarray(4 * index)
    const at = index * ENTRY_BYTES
    view.setUint32(at, a & 1, true)
    view.setUint32(at + 4, b < 20 ? 2 ** 27 - 1 - b : b, true)
    view.setUint32(at + 8, c < 20 ? 2 ** 24 - 1 - c : c, true)
    // Values that share their lowest bytes, too.
    entries.set(littleEndian(edges[d % 23] ?? (BigInt(d) << 100n) + 7n), at + 12)
  }
  backAndForth(entries)
})

test('constants that share their low bytes or half of their bits take no longer than others', () => {
  const shapes: ((index: bigint) => bigint)[] = [
    (index) => (index << 100n) + 8n,
    (index) => (index << 64n) + 1n,
    // Only the highest bits of each byte pair.
    (index) =>
      Array.from({ length: 16 }, (_, bit) => ((index >> BigInt(bit)) & 1n) << BigInt(16 * bit + 13)).reduce(
        (a, b) => a | b,
      ),
  ]
  for (const shape of shapes) {
    const entries = new Uint8Array(20_000 * ENTRY_BYTES)
    for (let index = 0; index < 20_000; index++)
      entries.set(littleEndian(shape(BigInt(index))), index * ENTRY_BYTES + 12)
    const begin = performance.now()
    const [first, second] = [splitEntries(entries), splitEntries(entries)]
    expect(Buffer.compare(first.constants, second.constants)).toBe(0)
    expect(Buffer.compare(first.columns, second.columns)).toBe(0)
    expect(performance.now() - begin).toBeLessThan(5000)
  }
})

test('a constant that is not listed is refused', () => {
  const { coefficients } = smallKey()
  const { constants, columns } = splitEntries(coefficients)
  expect(join(coefficients.length, constants.subarray(32), columns)).toBeUndefined()
  expect(join(coefficients.length, constants, columns.subarray(1))).toBeUndefined()
  expect(join(coefficients.length, constants, new Uint8Array([...columns, 0]))).toBeUndefined()
  // The very first index, one to the left.
  const negative = columns.slice()
  negative[2 * (columns.length / 3)] = 2
  expect(join(coefficients.length, constants, negative)).toBeUndefined()
})
