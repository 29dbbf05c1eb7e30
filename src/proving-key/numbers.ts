/** Writes numbers of seven bits a byte, low ones first, the highest bit set where more follow; and plain bytes. */
export class NumberWriter {
  #bytes = new Uint8Array(1 << 12)
  #length = 0

  /** An integer from 0 to 2^32 − 1. */
  number(value: number): void {
    this.#reserve(5)
    let rest = value
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80
    this.#bytes[this.#length++] = rest
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** A copy of what has been written. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#bytes.length) return
    const larger = new Uint8Array(2 * (this.#length + length))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}

/** Reads what {@link NumberWriter} wrote. Past the end it reads zeros and says so. */
export class NumberReader {
  readonly #bytes: Uint8Array
  #position = 0
  #valid = true

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Bytes not read yet. */
  get rest(): number {
    return Math.max(this.#bytes.length - this.#position, 0)
  }

  /**
   * Whether every byte has been read, no more than these, and each number was below 2^32 in as few bytes as it takes.
   */
  get complete(): boolean {
    return this.#valid && this.#position === this.#bytes.length
  }

  /** An integer from 0 to 2^32 − 1. */
  number(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#next()
      value += (byte & 0x7f) * 2 ** shift
      if (byte <= 0x7f) {
        if (value >= 2 ** 32 || (byte === 0 && shift > 0)) this.#valid = false
        return value % 2 ** 32
      }
    }
    this.#valid = false
    return 0
  }

  /** A view of the next bytes; `length` is at most {@link rest}. */
  bytes(length: number): Uint8Array {
    const at = this.#position
    this.#position += length
    return this.#bytes.subarray(at, at + length)
  }

  #next(): number {
    const byte = this.#bytes[this.#position++]
    if (byte === undefined) this.#valid = false
    return byte ?? 0
  }
}

/** 0, −1, 1, −2, 2 … as 0, 1, 2, 3, 4 …, for integers of at most 31 bits. */
export function fromSigned(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0
}

/** {@link fromSigned} backwards. */
export function toSigned(value: number): number {
  return (value >>> 1) ^ -(value & 1)
}
