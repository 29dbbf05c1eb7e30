import { base64urlnopad } from '@scure/base'
import { ProtocolError } from './error.ts'

/** Base64url without padding (RFC 4648 §5). */
export function toBase64url(bytes: Uint8Array): string {
  return base64urlnopad.encode(bytes)
}

/** Strict inverse of {@link toBase64url}: no padding, no stray bits, no other alphabet. Throws `base64url_invalid`. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(base64urlnopad.decode(text))
  } catch {
    throw new ProtocolError('base64url_invalid', 'expected canonical base64url without padding')
  }
}

/** UTF-8 bytes of a string. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** `length` bytes of the platform's CSPRNG. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}
