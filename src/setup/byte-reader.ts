import { SetupError } from './setup-error.ts'

/** Reads little-endian integers from a byte string, front to back, and refuses to read past its end. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #code: string
  #position = 0

  /** `code` is that of the {@link SetupError} thrown when the bytes end too early or too late. */
  constructor(bytes: Uint8Array, code: string) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#code = code
  }

  /** The next four bytes as an unsigned integer. */
  u32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  /** The next eight bytes as an unsigned integer, refused above 2^53 − 1. */
  u64(): number {
    const value = Number(this.bigU64())
    if (!Number.isSafeInteger(value)) throw new SetupError(this.#code, 'a length is out of range')
    return value
  }

  /** The next eight bytes as an unsigned integer. */
  bigU64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true)
  }

  /** The next 32 bytes as an unsigned integer, little-endian, not reduced. */
  u256(): bigint {
    const at = this.#advance(32)
    const low = this.#view.getBigUint64(at, true) | (this.#view.getBigUint64(at + 8, true) << 64n)
    const high = this.#view.getBigUint64(at + 16, true) | (this.#view.getBigUint64(at + 24, true) << 64n)
    return low | (high << 128n)
  }

  /** The next `length` bytes, which must be ASCII. */
  ascii(length: number): string {
    const at = this.#advance(length)
    return String.fromCharCode(...this.#bytes.subarray(at, at + length))
  }

  /** A reader over the next `length` bytes. */
  take(length: number): ByteReader {
    const at = this.#advance(length)
    return new ByteReader(this.#bytes.subarray(at, at + length), this.#code)
  }

  /** Throws unless every byte has been read. */
  end(): void {
    if (this.#position !== this.#bytes.length) {
      throw new SetupError(this.#code, `${this.#bytes.length - this.#position} bytes are left over`)
    }
  }

  #advance(length: number): number {
    const at = this.#position
    if (at + length > this.#bytes.length) throw new SetupError(this.#code, 'the file ends too early')
    this.#position = at + length
    return at
  }
}
