import { joinBytes } from './wasm-module.ts'

/** Part of a run of constants, as it stands in the table; all three count elements. */
export type Piece = { from: number; count: number; offset: number }

/** Shorter pieces are not worth an instruction of their own. */
export const SHORTEST_PIECE = 4

/** Constants in the order in which programs copy them, each sequence once. */
export class ConstantTable {
  readonly #elements: Uint8Array[] = []
  /** By element as text: where it stands in the table. */
  readonly #offsets = new Map<string, number[]>()

  /**
   * Where the table holds these elements, in ascending order. What it does not hold yet is added to it, but for
   * what would be shorter than {@link SHORTEST_PIECE}: that is in no piece.
   */
  pieces(elements: readonly Uint8Array[]): Piece[] {
    const keys = elements.map(keyOf)
    const pieces: Piece[] = []
    let fresh = 0
    const addFresh = (end: number): void => {
      const count = end - fresh
      if (count >= SHORTEST_PIECE) pieces.push({ from: fresh, count, offset: this.#append(elements.slice(fresh, end)) })
    }
    for (let from = 0; from < keys.length; ) {
      const { count, offset } = this.#longest(keys, from)
      if (count < SHORTEST_PIECE) from++
      else {
        addFresh(from)
        pieces.push({ from, count, offset })
        from += count
        fresh = from
      }
    }
    addFresh(keys.length)
    return pieces
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return joinBytes(this.#elements)
  }

  #append(elements: readonly Uint8Array[]): number {
    const offset = this.#elements.length
    for (const element of elements) {
      const key = keyOf(element)
      const offsets = this.#offsets.get(key)
      if (offsets) offsets.push(this.#elements.length)
      else this.#offsets.set(key, [this.#elements.length])
      this.#elements.push(element)
      this.#keys.push(key)
    }
    return offset
  }

  readonly #keys: string[] = []

  #longest(keys: readonly string[], from: number): { count: number; offset: number } {
    let longest = { count: 0, offset: 0 }
    for (const offset of this.#offsets.get(keys[from] ?? '') ?? []) {
      let count = 1
      while (from + count < keys.length && this.#keys[offset + count] === keys[from + count]) count++
      if (count > longest.count) longest = { count, offset }
    }
    return longest
  }
}

function keyOf(element: Uint8Array): string {
  return Buffer.from(element).toString('latin1')
}
