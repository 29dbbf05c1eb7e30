import { DIGEST_TAGS, digest } from './digest.ts'
import { type FieldElement, fieldToBytes } from './field.ts'
import words from './pseudonym-words.json' with { type: 'json' }

/**
 * A readable name for a nullifier, such as `blue-otter-27`: the same in the wallet and at the site. It is for people
 * to recognise; 2^20 or so names are few, so accounts are kept by the nullifier and never by this.
 */
export function pseudonymOf(nullifier: FieldElement): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = digest(DIGEST_TAGS.pseudonym, fieldToBytes(nullifier))
  const adjective = words.adjectives[(a * 256 + b) % words.adjectives.length]
  const animal = words.animals[(c * 256 + d) % words.animals.length]
  return `${adjective}-${animal}-${10 + (e % 90)}`
}
