import { createHash } from 'node:crypto'

/** Secrets that stand in documentation, in examples and in every list that is tried first. */
const KNOWN: readonly string[] = [
  'changeme',
  'change-me',
  'change_me',
  'default',
  'example',
  'password',
  'postgres',
  'redis',
  'secret',
  'touchstone',
]

/** The API key of "Try it" in docs/service.md. */
export const EXAMPLE_SECRET = 'a-key-for-trying-out'

const MIN_CHARACTERS = 16
/** Bits by the frequencies of its characters: base64 of 16 random bytes has some 90, a repeated word far less. */
const MIN_BITS = 48

/** Why a secret must not be used in production; undefined if nothing is known against it. */
export function weaknessOf(secret: string): string | undefined {
  const plain = secret.toLowerCase()
  if (secret === EXAMPLE_SECRET) return 'is the one of the example'
  if (KNOWN.some((known) => plain.replace(/[0-9!._-]+$/, '') === known)) return 'is one that everybody knows'
  if (secret.length < MIN_CHARACTERS) return `is shorter than ${MIN_CHARACTERS} characters`
  if (KNOWN.some((known) => plain.replaceAll(known, '').length < MIN_CHARACTERS / 2)) return 'repeats a known word'
  if (entropyBits(secret) < MIN_BITS) return 'has too little chance in it'
  return undefined
}

/** True for the SHA-256 (hex) of a secret that everybody knows. */
export function isHashOfKnown(hash: string): boolean {
  return [...KNOWN, EXAMPLE_SECRET].some((known) => createHash('sha256').update(known).digest('hex') === hash)
}

function entropyBits(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  const perCharacter = [...counts.values()].reduce((sum, count) => {
    const share = count / text.length
    return sum - share * Math.log2(share)
  }, 0)
  return perCharacter * text.length
}
