import { sha256 } from '@noble/hashes/sha2.js'
import { utf8 } from '../protocol/bytes.ts'
import type { Origin } from '../protocol/origin.ts'
import type { Stone } from './wallet.ts'

const STONES = ['slate', 'serpentine', 'iron'] as const satisfies readonly Stone[]

/** The look of an issuer's cards. Chosen by its origin, so that no issuer chooses to look like another. */
export function stoneOf(issuer: Origin): Stone {
  const [first = 0] = sha256(utf8(issuer))
  return STONES[first % STONES.length] ?? 'slate'
}
