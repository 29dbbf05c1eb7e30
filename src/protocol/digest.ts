import { bytesToNumberBE } from '@noble/curves/utils.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'
import { utf8 } from './bytes.ts'
import { ProtocolError } from './error.ts'
import { type FieldElement, toField } from './field.ts'

/**
 * Purposes of every SHA-256 in the protocol. A tag is ASCII without NUL and is hashed as `tag ‖ 0x00 ‖ bytes`, so no
 * tag is the beginning of another one's input.
 */
export const DIGEST_TAGS = {
  claimText: 'touchstone/v1/claim/text',
  contextUnlock: 'touchstone/v1/context/unlock',
  contextIssue: 'touchstone/v1/context/issue',
  contextPresent: 'touchstone/v1/context/present',
  contextRecover: 'touchstone/v1/context/recover',
  deviceChallenge: 'touchstone/v1/device-challenge',
  keySet: 'touchstone/v1/key-set',
  offer: 'touchstone/v1/offer',
  presentationChallenge: 'touchstone/v1/presentation-challenge',
  pseudonym: 'touchstone/v1/pseudonym',
  request: 'touchstone/v1/request',
  schema: 'touchstone/v1/schema',
  scope: 'touchstone/v1/scope',
} as const

/** One of {@link DIGEST_TAGS}. */
export type DigestTag = (typeof DIGEST_TAGS)[keyof typeof DIGEST_TAGS]

/** SHA-256 over `tag ‖ 0x00 ‖ bytes`: 32 bytes. */
export function digest(tag: DigestTag, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sha256(concatBytes(utf8(tag), new Uint8Array(1), bytes)))
}

/**
 * The protocol's F: {@link digest} with the top four bits cleared, so `0 ≤ x < 2^252` and one subtraction in the field
 * orders two of them.
 */
export function digestToField(tag: DigestTag, bytes: Uint8Array): FieldElement {
  const hash = digest(tag, bytes)
  hash[0] = (hash[0] ?? 0) & 0x0f
  return toField(bytesToNumberBE(hash))
}

/** UTF-8 of the RFC 8785 canonical form. Throws `json_not_canonical` for what JSON cannot say (undefined, NaN, cycles). */
export function canonicalJson(value: unknown): Uint8Array<ArrayBuffer> {
  let text: string | undefined
  try {
    text = canonicalize(value)
  } catch (cause) {
    throw new ProtocolError('json_not_canonical', 'the value has no canonical JSON form', { cause })
  }
  if (text === undefined) throw new ProtocolError('json_not_canonical', 'the value has no canonical JSON form')
  return utf8(text)
}
