/** Numbers distinct sequences of 32-bit words in the order of their first occurrence. */
export class WordSequences {
  /** The sequences one after another; sequence i is from #starts[i] to #starts[i + 1]. */
  #words = new Uint32Array(1024)
  readonly #starts: number[] = [0]
  /** Open addresses: a number + 1, or 0 where nothing is. Never more than half full. */
  #slots = new Uint32Array(1024)

  /** How many there are. */
  get size(): number {
    return this.#starts.length - 1
  }

  /** Sequence `number`; a view that is void after the next {@link intern}. */
  at(number: number): Uint32Array {
    return this.#words.subarray(this.#starts[number], this.#starts[number + 1])
  }

  /** The number of the first `length` of `words`. */
  intern(words: Uint32Array, length: number): number {
    const mask = this.#slots.length - 1
    let slot = hash(words, 0, length) & mask
    for (; ; slot = (slot + 1) & mask) {
      const found = (this.#slots[slot] ?? 0) - 1
      if (found < 0) break
      if (this.#equals(found, words, length)) return found
    }
    this.#append(words, length)
    this.#slots[slot] = this.size
    if (2 * this.size > this.#slots.length) this.#rehash()
    return this.size - 1
  }

  #equals(number: number, words: Uint32Array, length: number): boolean {
    const start = this.#starts[number] ?? 0
    if (this.#starts[number + 1] !== start + length) return false
    for (let index = 0; index < length; index++) if (this.#words[start + index] !== words[index]) return false
    return true
  }

  #append(words: Uint32Array, length: number): void {
    const start = this.#starts[this.size] ?? 0
    if (start + length > this.#words.length) {
      const longer = new Uint32Array(2 * (start + length))
      longer.set(this.#words)
      this.#words = longer
    }
    for (let index = 0; index < length; index++) this.#words[start + index] = words[index] ?? 0
    this.#starts.push(start + length)
  }

  #rehash(): void {
    const slots = new Uint32Array(2 * this.#slots.length)
    const mask = slots.length - 1
    for (let number = 0; number < this.size; number++) {
      let slot = hash(this.#words, this.#starts[number] ?? 0, this.#starts[number + 1] ?? 0) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
    this.#slots = slots
  }
}

function hash(words: Uint32Array, from: number, to: number): number {
  let state = to - from
  for (let index = from; index < to; index++)
    state = Math.imul(state ^ (words[index] ?? 0) ^ (state >>> 15), 0x9e3779b1)
  return (state ^ (state >>> 15)) >>> 0
}
