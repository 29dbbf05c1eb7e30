import { NumberReader, NumberWriter } from './numbers.ts'

/**
 * A byte string with its repetitions said by reference (Ziv and Lempel, "A Universal Algorithm for Sequential Data
 * Compression", 1977), as a run of: how many bytes stand here, those bytes, then how many bytes to repeat, less
 * {@link SHORTEST}, and from how far back; the last is bytes alone. Numbers are of seven bits a byte, low ones first,
 * the highest bit set where more follow.
 *
 * The platform's gzip would save a third more of what is small anyway, but gives other bytes on other processors, and
 * a file that a key set names by its hash has to come out the same everywhere.
 */
const SHORTEST = 4
/** Candidates looked at for each place. */
const ATTEMPTS = 16
const HASH_BITS = 16

/** Folds repetitions; the same bytes for the same input everywhere. */
export function foldRepeats(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const writer = new NumberWriter()
  const finder = new RepeatFinder(bytes)
  let written = 0
  let at = 0
  while (at < bytes.length) {
    const { length, distance } = finder.longestAt(at)
    // A far reference takes more bytes itself.
    if (length < SHORTEST + (distance >= 1 << 7 ? 1 : 0) + (distance >= 1 << 14 ? 1 : 0)) {
      finder.pass(at++)
      continue
    }
    writer.number(at - written)
    writer.bytes(bytes.subarray(written, at))
    writer.number(length - SHORTEST)
    writer.number(distance)
    for (const end = at + length; at < end; at++) finder.pass(at)
    written = at
  }
  writer.number(bytes.length - written)
  writer.bytes(bytes.subarray(written))
  return writer.take()
}

/** The `length` bytes that were folded; undefined where `folded` is no folding of as many bytes. */
export function unfoldRepeats(folded: Uint8Array, length: number): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(length)
  const reader = new NumberReader(folded)
  let at = 0
  for (;;) {
    const count = reader.number()
    if (count > length - at || count > reader.rest) return undefined
    bytes.set(reader.bytes(count), at)
    at += count
    if (reader.rest === 0) return at === length && reader.complete ? bytes : undefined
    const repeated = reader.number() + SHORTEST
    const distance = reader.number()
    if (repeated > length - at || distance < 1 || distance > at) return undefined
    // The repetition may reach into itself.
    for (const end = at + repeated; at < end; at++) bytes[at] = bytes[at - distance] ?? 0
  }
}

/** Chains of the places that begin with the same four bytes, by hash. */
class RepeatFinder {
  readonly #bytes: Uint8Array
  readonly #last = new Int32Array(1 << HASH_BITS).fill(-1)
  readonly #previous: Int32Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#previous = new Int32Array(bytes.length)
  }

  /** Makes a place known as one to refer to. */
  pass(at: number): void {
    if (at + SHORTEST > this.#bytes.length) return
    const hash = this.#hash(at)
    this.#previous[at] = this.#last[hash] ?? -1
    this.#last[hash] = at
  }

  longestAt(at: number): { length: number; distance: number } {
    let longest = { length: 0, distance: 0 }
    if (at + SHORTEST > this.#bytes.length) return longest
    let place = this.#last[this.#hash(at)] ?? -1
    for (let attempt = 0; attempt < ATTEMPTS && place >= 0; attempt++) {
      const length = this.#common(place, at)
      if (length > longest.length) longest = { length, distance: at - place }
      place = this.#previous[place] ?? -1
    }
    return longest
  }

  #common(place: number, at: number): number {
    const bytes = this.#bytes
    let length = 0
    while (at + length < bytes.length && bytes[place + length] === bytes[at + length]) length++
    return length
  }

  #hash(at: number): number {
    const bytes = this.#bytes
    const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
    return Math.imul(low | ((bytes[at + 3] ?? 0) << 24), 0x9e3779b1) >>> (32 - HASH_BITS)
  }
}
