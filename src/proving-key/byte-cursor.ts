import { ProvingKeyError } from './proving-key-error.ts'

/** Reads a byte string front to back, copies nothing, and refuses to read past its end. */
export class ByteCursor {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #what: string
  readonly #code: string
  #position = 0

  /** `what` names the bytes in messages; `code` is that of the {@link ProvingKeyError} when they end too early or late. */
  constructor(bytes: Uint8Array, { what, code }: { what: string; code: string }) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#what = what
    this.#code = code
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

  /** The next 32 bytes as an unsigned integer. */
  u256(): bigint {
    const at = this.#advance(32)
    const word = (index: number): bigint => this.#view.getBigUint64(at + 8 * index, true) << BigInt(64 * index)
    return word(0) | word(1) | word(2) | word(3)
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

  #fail(reason: string): never {
    throw new ProvingKeyError(this.#code, `${this.#what} ${reason}`)
  }
}
