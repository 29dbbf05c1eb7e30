/** Reads a byte string front to back, copies nothing, and refuses to read past its end. */
export class ByteCursor {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #fail: (reason: string) => never
  #position = 0

  /** `fail` throws when the bytes end too early or late; what it is given says so of them ("ends too early: …"). */
  constructor(bytes: Uint8Array, fail: (reason: string) => never) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#fail = fail
  }

  /** Bytes not read yet. */
  get rest(): number {
    return this.#bytes.length - this.#position
  }

  /** The next four bytes as an unsigned integer. */
  u32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  /** The next eight bytes as the length of something that follows, refused when less than that is left. */
  length(): number {
    const low = this.u32()
    const length = this.u32() * 2 ** 32 + low
    if (length > this.rest) this.#fail(`ends too early: ${length} bytes are announced, ${this.rest} are there`)
    return length
  }

  /** The next eight bytes as an unsigned integer. */
  bigU64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true)
  }

  /** The next 32 bytes as an unsigned integer, not reduced. */
  u256(): bigint {
    const at = this.#advance(32)
    const word = (index: number): bigint => this.#view.getBigUint64(at + 8 * index, true) << BigInt(64 * index)
    return word(0) | word(1) | word(2) | word(3)
  }

  /** The next `length` bytes, a character each. */
  ascii(length: number): string {
    return String.fromCharCode(...this.take(length))
  }

  /** A view of the next `length` bytes. */
  take(length: number): Uint8Array {
    const at = this.#advance(length)
    return this.#bytes.subarray(at, at + length)
  }

  /** Throws unless every byte has been read. */
  end(): void {
    if (this.rest > 0) this.#fail(`has ${this.rest} bytes left over`)
  }

  #advance(length: number): number {
    const at = this.#position
    if (length > this.rest) this.#fail(`ends too early: ${length} bytes are wanted, ${this.rest} are there`)
    this.#position = at + length
    return at
  }
}
