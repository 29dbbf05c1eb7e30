import type { Engine, Pointer } from '../../src/engine/load.ts'

/** 32 bytes little-endian. */
export function littleEndian(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(32)
  for (let index = 0, rest = value; index < 32; index++, rest >>= 8n) bytes[index] = Number(rest & 255n)
  return bytes
}

export function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

/** Values below `order`, the same for the same seed: SplitMix64, four words a value. */
export function seededValues(seed: bigint, order: bigint, count: number): bigint[] {
  const mask = (1n << 64n) - 1n
  let state = seed
  const word = (): bigint => {
    state = (state + 0x9e3779b97f4a7c15n) & mask
    let mixed = ((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n) & mask
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & mask
    return mixed ^ (mixed >> 31n)
  }
  return Array.from({ length: count }, () => ((word() << 192n) | (word() << 128n) | (word() << 64n) | word()) % order)
}

/** The residue in [0, order). */
export function modulo(value: bigint, order: bigint): bigint {
  return ((value % order) + order) % order
}

/** Elements of one of the engine's fields as tests see them: integers, or arrays of them for an extension. */
export class FieldBench {
  readonly #engine: Engine
  readonly #field: string
  readonly #degree: number
  readonly #window: Pointer

  constructor(engine: Engine, field: 'fq' | 'fr' | 'fq2') {
    this.#engine = engine
    this.#field = field
    this.#degree = field === 'fq2' ? 2 : 1
    this.#window = engine.allocate(32 * this.#degree)
  }

  allocate(): Pointer {
    return this.#engine.allocate(36 * this.#degree)
  }

  write(pointer: Pointer, parts: readonly bigint[]): void {
    const window = this.#engine.view(this.#window, 32 * this.#degree)
    for (const [index, part] of parts.entries()) window.set(littleEndian(part), 32 * index)
    this.call('FromBytes', pointer, this.#window)
  }

  read(pointer: Pointer): bigint[] {
    this.call('ToBytes', this.#window, pointer)
    return Array.from({ length: this.#degree }, (_, index) =>
      fromLittleEndian(this.#engine.view(this.#window + 32 * index, 32)),
    )
  }

  call(operation: string, ...pointers: Pointer[]): number {
    return this.#engine.call(`${this.#field}${operation}`, ...pointers)
  }
}
