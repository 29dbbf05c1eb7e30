/** A WebAssembly module as its sections, in order; what is not changed is written back byte for byte. */
export type WasmModule = readonly Section[]

/** `id` as in the WebAssembly core specification, section 5.5.2; `content` without its length. */
export type Section = { id: number; content: Uint8Array }

export const SECTION = { custom: 0, import: 2, export: 7, element: 9, code: 10, data: 11, dataCount: 12 } as const

/** The file is not WebAssembly of the kind that circom 2 writes. */
export class WasmFormatError extends Error {
  override readonly name = 'WasmFormatError'
}

const HEADER = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)

/** @throws WasmFormatError */
export function readModule(bytes: Uint8Array): WasmModule {
  if (HEADER.some((byte, at) => bytes[at] !== byte)) throw new WasmFormatError('not a WebAssembly module, version 1')
  const reader = new WasmReader(bytes, HEADER.length)
  const sections: Section[] = []
  while (!reader.done) {
    const id = reader.byte()
    sections.push({ id, content: reader.sized() })
  }
  return sections
}

export function writeModule(sections: WasmModule): Uint8Array<ArrayBuffer> {
  return joinBytes([HEADER, ...sections.flatMap(({ id, content }) => [Uint8Array.of(id), ...sized(content)])])
}

/** A reader of the section's content; of an empty vector when the module has no such section. */
export function sectionReader(sections: WasmModule, id: number): WasmReader {
  return new WasmReader(sections.find((section) => section.id === id)?.content ?? Uint8Array.of(0))
}

/** Reads numbers in LEB128 and byte strings, front to back. Throws {@link WasmFormatError} at the end of the bytes. */
export class WasmReader {
  readonly #bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.at = at
  }

  get done(): boolean {
    return this.at >= this.#bytes.length
  }

  byte(): number {
    const value = this.#bytes[this.at++]
    if (value === undefined) throw new WasmFormatError('the module ends in the middle')
    return value
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    if (this.at + length > this.#bytes.length) throw new WasmFormatError('the module ends in the middle')
    const start = this.at
    this.at += length
    return this.#bytes.subarray(start, this.at)
  }

  /** A byte string behind its length; a view. */
  sized(): Uint8Array {
    return this.bytes(this.unsigned())
  }

  text(): string {
    return new TextDecoder().decode(this.sized())
  }

  /** Each element of a vector, which stands behind its count. */
  vector<Element>(read: () => Element): Element[] {
    return Array.from({ length: this.unsigned() }, read)
  }

  /** Up to 32 bits. */
  unsigned(): number {
    return this.#number().value
  }

  /** Signed, up to 32 bits. */
  signed(): number {
    const { value, bits, last } = this.#number()
    return last & 0x40 ? value - 2 ** bits : value
  }

  /** Over a number of any length that is not needed. */
  skipNumber(): void {
    while (this.byte() >= 0x80) {}
  }

  #number(): { value: number; bits: number; last: number } {
    let value = 0
    for (let bits = 7; bits <= 35; bits += 7) {
      const last = this.byte()
      value += (last & 0x7f) * 2 ** (bits - 7)
      if (last < 0x80) return { value, bits, last }
    }
    throw new WasmFormatError('a number is longer than 32 bits')
  }
}

/** LEB128 of a number below 2^32. */
export function unsigned(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return Uint8Array.of(...bytes, rest)
}

/** Signed LEB128 of a number in [−2^31, 2^31). */
export function signed(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest < -0x40 || rest >= 0x40; rest >>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Uint8Array.of(...bytes, rest & 0x7f)
}

/** The bytes behind their length. */
export function sized(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  return [unsigned(bytes.length), bytes]
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
