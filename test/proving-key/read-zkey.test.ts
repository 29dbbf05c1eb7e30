import { describe, expect, test } from 'vitest'
import { readZkey } from '../../src/proving-key/read-zkey.ts'
import { writeZkey } from '../../src/proving-key/write-zkey.ts'
import { ENTRY_BYTES, SECTION } from '../../src/proving-key/zkey-format.ts'
import { codeOf } from '../expect-code.ts'
import { readSections } from '../setup/sections.ts'
import { smallKey } from './small-key.ts'

const FILE = writeZkey(smallKey())

describe('readZkey', () => {
  test('reads what was written, as views', () => {
    const key = readZkey(FILE)
    expect(key).toEqual(smallKey())
    for (const value of Object.values(key)) if (value instanceof Uint8Array) expect(value.buffer).toBe(FILE.buffer)
  })

  test('reads sections in any order, and a file that stands within a larger buffer', () => {
    const reordered = file([...readSections(FILE)].reverse())
    const order = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    expect(readZkey(reordered)).toEqual({ ...smallKey(), order })
    expect(writeZkey({ ...smallKey(), order })).toEqual(reordered)
    const larger = new Uint8Array(FILE.length + 5)
    larger.set(FILE, 3)
    expect(readZkey(larger.subarray(3, -2))).toEqual(smallKey())
  })

  test.each<[code: string, what: string, change: (bytes: Uint8Array) => Uint8Array]>([
    ['zkey_malformed', 'another magic word', (bytes) => set32(bytes, 0, 0x78787878)],
    ['zkey_malformed', 'another version', (bytes) => set32(bytes, 4, 2)],
    ['zkey_malformed', 'a section fewer than announced', (bytes) => set32(bytes, 8, 11)],
    ['zkey_malformed', 'a section more than announced', (bytes) => set32(bytes, 8, 9)],
    ['zkey_malformed', 'four thousand million sections', (bytes) => set32(bytes, 8, 0xffffffff)],
    ['zkey_malformed', 'a section twice', (bytes) => rename(bytes, SECTION.a, SECTION.b1)],
    ['zkey_malformed', 'a section of another number', (bytes) => rename(bytes, SECTION.a, 11)],
    ['zkey_malformed', 'a section of 2^63 bytes', (bytes) => set32(bytes, place(bytes, SECTION.a) - 4, 1 << 31)],
    ['zkey_malformed', 'a byte left over', (bytes) => new Uint8Array([...bytes, 0])],
    ['zkey_malformed', 'section 10 cut short', (bytes) => resize(bytes, SECTION.contributions, 67)],
    ['zkey_malformed', 'section 1 too long', (bytes) => resize(bytes, SECTION.protocol, 5)],
    ['zkey_malformed', 'section 2 too long', (bytes) => resize(bytes, SECTION.header, 661)],
    ['zkey_malformed', 'section 2 too short', (bytes) => resize(bytes, SECTION.header, 659)],
    ['zkey_protocol', 'a PLONK key', (bytes) => set32(bytes, place(bytes, SECTION.protocol), 2)],
    ['zkey_protocol', 'an fflonk key', (bytes) => set32(bytes, place(bytes, SECTION.protocol), 10)],
    ['zkey_curve', 'coordinates of 48 bytes (BLS12-381)', (bytes) => set32(bytes, place(bytes, SECTION.header), 48)],
    ['zkey_curve', 'another base field', (bytes) => flip(bytes, place(bytes, SECTION.header) + 4)],
    ['zkey_curve', 'another scalar field', (bytes) => flip(bytes, place(bytes, SECTION.header) + 40)],
    ['zkey_too_large', 'too many wires', (bytes) => set32(bytes, wiresAt(bytes), 2 ** 24 + 1)],
    ['zkey_too_large', 'too large a domain', (bytes) => set32(bytes, wiresAt(bytes) + 8, 2 ** 28)],
    ['zkey_too_large', 'too many coefficients', (bytes) => set32(bytes, place(bytes, SECTION.coefficients), 2 ** 27)],
    ['zkey_malformed', 'a wire more than points', (bytes) => set32(bytes, wiresAt(bytes), 10)],
    ['zkey_malformed', 'a public signal more than points', (bytes) => set32(bytes, wiresAt(bytes) + 4, 3)],
    ['zkey_malformed', 'as many public signals as wires', (bytes) => set32(bytes, wiresAt(bytes) + 4, 9)],
    ['zkey_malformed', 'a domain of none', (bytes) => set32(bytes, wiresAt(bytes) + 8, 0)],
    ['zkey_malformed', 'a domain of one', (bytes) => set32(bytes, wiresAt(bytes) + 8, 1)],
    ['zkey_malformed', 'a domain of no power of two', (bytes) => set32(bytes, wiresAt(bytes) + 8, 9)],
    ['zkey_malformed', 'a domain twice as large', (bytes) => set32(bytes, wiresAt(bytes) + 8, 16)],
    [
      'zkey_malformed',
      'a domain smaller than the rows',
      (bytes) => resize(set32(bytes, wiresAt(bytes) + 8, 4), 9, 256),
    ],
    ['zkey_malformed', 'a coefficient more than announced', (bytes) => bump(bytes, place(bytes, 4), -1)],
    ['zkey_malformed', 'a coefficient fewer than announced', (bytes) => bump(bytes, place(bytes, 4), 1)],
    ['zkey_malformed', 'a coefficient of matrix 2', (bytes) => set32(bytes, place(bytes, 4) + 4, 2)],
    ['zkey_malformed', 'a coefficient beyond the domain', (bytes) => set32(bytes, place(bytes, 4) + 8, 8)],
    ['zkey_malformed', 'a coefficient of no wire', (bytes) => set32(bytes, place(bytes, 4) + 12, 9)],
  ])('refuses by %s: %s', (code, _what, change) => {
    expect(codeOf(() => readZkey(change(FILE.slice())))).toBe(code)
  })

  test('the last coefficient is looked at, too', () => {
    const last = place(FILE, 4) + 4 + 14 * ENTRY_BYTES
    expect(codeOf(() => readZkey(set32(FILE.slice(), last + 4, 7)))).toBeUndefined()
    expect(codeOf(() => readZkey(set32(FILE.slice(), last + 4, 8)))).toBe('zkey_malformed')
  })
})

describe('any other bytes', () => {
  test('cut short anywhere, it is malformed', () => {
    for (let length = 0; length < FILE.length; length++) {
      expect(codeOf(() => readZkey(FILE.subarray(0, length)))).toBe('zkey_malformed')
    }
  })

  test('with any byte of its frame flipped, or any count huge, it is refused by a code or read', () => {
    const frame = [...readSections(FILE).keys()].flatMap((number) => {
      const at = place(FILE, number)
      return Array.from({ length: 12 + 144 }, (_, index) => at - 12 + index)
    })
    for (const at of [0, 4, 8, ...frame]) {
      for (const mask of [1, 0x80, 0xff]) {
        const changed = FILE.slice()
        changed[at] = (changed[at] ?? 0) ^ mask
        expect(codeOf(() => readZkey(changed)) ?? 'zkey_read').toMatch(/^zkey_/)
      }
      if (at + 4 <= FILE.length) {
        expect(codeOf(() => readZkey(set32(FILE.slice(), at, 0xffffffff))) ?? 'zkey_read').toMatch(/^zkey_/)
      }
    }
  })
})

function file(sections: readonly (readonly [number, Uint8Array])[]): Uint8Array<ArrayBuffer> {
  const parts = sections.flatMap(([number, content]) => {
    const head = new DataView(new ArrayBuffer(12))
    head.setUint32(0, number, true)
    head.setUint32(4, content.length, true)
    return [new Uint8Array(head.buffer), content]
  })
  return new Uint8Array(Buffer.concat([FILE.subarray(0, 12), ...parts]))
}

/** Where the content of a section begins. */
function place(bytes: Uint8Array, wanted: number): number {
  const view = new DataView(bytes.buffer)
  let at = 12
  while (view.getUint32(at, true) !== wanted) at += 12 + view.getUint32(at + 4, true)
  return at + 12
}

function wiresAt(bytes: Uint8Array): number {
  return place(bytes, SECTION.header) + 72
}

function set32(bytes: Uint8Array, at: number, value: number): Uint8Array {
  new DataView(bytes.buffer).setUint32(at, value, true)
  return bytes
}

function bump(bytes: Uint8Array, at: number, by: number): Uint8Array {
  return set32(bytes, at, new DataView(bytes.buffer).getUint32(at, true) + by)
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes
}

function rename(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return set32(bytes, place(bytes, from) - 12, to)
}

/** The same file with one section cut short or filled up with zeros. */
function resize(bytes: Uint8Array, wanted: number, length: number): Uint8Array {
  return file(
    [...readSections(bytes)].map(([number, content]) => {
      if (number !== wanted) return [number, content]
      const resized = new Uint8Array(length)
      resized.set(content.subarray(0, length))
      return [number, resized]
    }),
  )
}
