import { createHash } from 'node:crypto'
import { bytesToNumberBE } from '@noble/curves/utils.js'
import { type FieldElement, randomField } from '../../../src/protocol/field.ts'

/** Choices that look random and are the same for the same seed. Never for a secret. */
export type Seeded = {
  /** A field element, uniform. */
  readonly field: () => FieldElement
  /** An integer `0 ≤ x < bound`; `bound` at most 2^248. */
  readonly below: (bound: bigint) => bigint
  /** One of these. Throws on an empty list. */
  readonly pick: <Item>(items: readonly Item[]) => Item
}

/** @param label tells apart what uses one seed for several purposes */
export function seeded(seed: number, label: string): Seeded {
  let drawn = 0
  const bytes = (length: number): Uint8Array => {
    const digest = createHash('sha512').update(`${label}\n${seed}\n${drawn++}`).digest()
    return new Uint8Array(digest.subarray(0, length))
  }
  const below = (bound: bigint): bigint => bytesToNumberBE(bytes(64)) % bound
  return {
    field: () => randomField(bytes),
    below,
    pick: (items) => {
      const item = items[Number(below(BigInt(items.length || 1)))]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
  }
}
