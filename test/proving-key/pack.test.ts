import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/load.ts'
import { decompressPoints } from '../../src/engine/points.ts'
import { packProvingKey } from '../../src/proving-key/pack.ts'
import { type Decompressor, unpackProvingKey } from '../../src/proving-key/unpack.ts'
import { writeZkey } from '../../src/proving-key/write-zkey.ts'
import { codeOf, codeOfAsync } from '../expect-code.ts'
import { bytesOfSeed } from './seeded-bytes.ts'
import { smallKey } from './small-key.ts'

const SEED = 3
const engine = await createEngine()
const ZKEY = writeZkey(smallKey())
const PACKED = packProvingKey(engine, ZKEY)
const unpack = (packed: Uint8Array, zkeyBytes = ZKEY.length): Promise<Uint8Array> =>
  unpackProvingKey(engine, packed, { zkeyBytes })

describe('packProvingKey', () => {
  test('packs a key that unpacks to the byte, and always the same way', async () => {
    expect(await unpack(PACKED)).toEqual(ZKEY)
    expect(packProvingKey(engine, ZKEY)).toEqual(PACKED)
    expect(PACKED.length).toBeLessThan(ZKEY.length / 2)
    // Pinned: whoever changes these bytes changes the hash of every development key set.
    expect(createHash('sha256').update(PACKED).digest('hex')).toBe(PINNED)
  })

  test('packs sections in another order', async () => {
    const reordered = writeZkey({ ...smallKey(), order: [2, 1, 10, 4, 3, 9, 8, 5, 6, 7] })
    expect(await unpack(packProvingKey(engine, reordered))).toEqual(reordered)
  })

  test('packs a key of nothing but its frame', async () => {
    const key = smallKey()
    const wires = 3
    const bytes = writeZkey({
      ...key,
      wires,
      a: key.a.subarray(0, 64 * wires),
      b1: new Uint8Array(64 * wires),
      b2: new Uint8Array(128 * wires),
      c: new Uint8Array(),
      coefficients: new Uint8Array(),
    })
    expect(await unpack(packProvingKey(engine, bytes), bytes.length)).toEqual(bytes)
  })

  test('refuses a point that is none, and what is no key', () => {
    const key = smallKey()
    const changed = key.b2.slice()
    changed[5] = (changed[5] ?? 0) ^ 1
    expect(codeOf(() => packProvingKey(engine, writeZkey({ ...key, b2: changed })))).toBe('zkey_point')
    expect(codeOf(() => packProvingKey(engine, ZKEY.subarray(1)))).toBe('zkey_malformed')
  })
})

describe('unpackProvingKey', () => {
  test('tells its progress, and stops when it is told to', async () => {
    const seen: [number, number][] = []
    await unpackProvingKey(engine, PACKED, { zkeyBytes: ZKEY.length, onProgress: (...step) => seen.push(step) })
    expect(seen).toHaveLength(6)
    const total = seen.at(-1)?.[1]
    expect(seen.at(-1)).toEqual([total, total])
    const controller = new AbortController()
    const stopped = unpackProvingKey(engine, PACKED, {
      zkeyBytes: ZKEY.length,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    })
    await expect(stopped).rejects.toThrowError('enough')
  })

  test('gives other threads their part, and believes them no more than itself', async () => {
    const other = await createEngine()
    let asked = 0
    const there: Decompressor = async (group, points) => {
      asked++
      return decompressPoints(other, group, points)
    }
    const unpackWith = (others: Decompressor[]) => unpackProvingKey(engine, PACKED, { zkeyBytes: ZKEY.length, others })
    expect(await unpackWith([there])).toEqual(ZKEY)
    expect(asked).toBe(3)
    expect(await unpackWith([there, there, there, there, there, there, there])).toEqual(ZKEY)
    expect(asked).toBe(3 + 5)
    expect(await codeOfAsync(unpackWith([async () => undefined]))).toBe('packed_malformed')
  })

  test('begins nothing of another length than it is told', async () => {
    for (const length of [0, ZKEY.length - 1, ZKEY.length + 1, 2 ** 30]) {
      expect(await codeOfAsync(unpack(PACKED, length))).toBe('packed_length')
    }
    // Each count of the header, huge.
    for (let at = 12; at < 32; at += 4) {
      if (at === 28) continue
      expect(await codeOfAsync(unpack(set32(at, 0xffffffff)))).toMatch(/^packed_(length|malformed)$/)
    }
  })

  test.each<[string, Uint8Array]>([
    ['another beginning', set32(0, 1)],
    ['another version', set32(8, 2)],
    ['more constants than bytes', set32(28, 0xffffffff)],
    ['a constant more', bump(28, 1)],
    ['a constant fewer', bump(28, -1)],
    ['columns longer than the key', set32(36, ZKEY.length + 1)],
    ['columns a byte longer', bump(36, 1)],
    ['columns a byte shorter', bump(36, -1)],
    ['folded columns a byte longer', bump(40, 1)],
    ['folded columns a byte shorter', bump(40, -1)],
    ['a section twice', set32(44, 0x04030202)],
    ['a section 0', set32(44, 0x04030200)],
    ['something in its padding', set32(52, 0x01000a09)],
    ['a byte left over', new Uint8Array([...PACKED, 0])],
    ['its last byte missing', PACKED.subarray(0, -1)],
    ['an x that is not below q', filled(PACKED.length - 32, 0xff)],
  ])('refuses %s', async (_what, packed) => {
    expect(await codeOfAsync(unpack(packed))).toBe('packed_malformed')
  })

  test('cut short anywhere it is refused', async () => {
    for (let length = 0; length < PACKED.length; length++) {
      expect(await codeOfAsync(unpack(PACKED.subarray(0, length)))).toMatch(/^packed_/)
    }
  })

  test(`with any byte changed it is refused, or is another key of the same length (seed ${SEED})`, async () => {
    const masks = bytesOfSeed(SEED, PACKED.length)
    let refused = 0
    // Every byte of what says how the rest is to be read, and some of the points.
    const places = Array.from(PACKED.keys()).filter((at) => at < 1000 || at % 8 === 7)
    for (const at of places) {
      const changed = PACKED.slice()
      changed[at] = (changed[at] ?? 0) ^ (masks[at] || 1)
      const result = await unpack(changed).catch((error: unknown) => error)
      if (result instanceof Uint8Array) {
        expect(result.length).toBe(ZKEY.length)
        expect(Buffer.from(result).equals(ZKEY)).toBe(false)
      } else {
        expect(await codeOfAsync(Promise.reject(result))).toMatch(/^packed_/)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(100)
  })
})

const PINNED = '283f46e0c991df9a78c5c7be7e7963794f5a50f1af8779c8c81c9ccd0eddb54b'

function set32(at: number, value: number): Uint8Array {
  const changed = PACKED.slice()
  new DataView(changed.buffer).setUint32(at, value, true)
  return changed
}

function bump(at: number, by: number): Uint8Array {
  return set32(at, new DataView(PACKED.buffer).getUint32(at, true) + by)
}

function filled(at: number, value: number): Uint8Array {
  return PACKED.slice().fill(value, at)
}
