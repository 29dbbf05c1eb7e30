import { ProtocolError } from './error.ts'

/** A web origin in its serialised form, such as `https://forum.example` (no path, no trailing slash). */
export type Origin = string & { readonly __brand: 'Origin' }

/**
 * Parses an origin that is already in canonical form. Only https, and http on loopback names (`localhost`,
 * `*.localhost`, 127.0.0.1), which browsers treat as trustworthy. Throws `origin_invalid`.
 */
export function parseOrigin(text: string): Origin {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new ProtocolError('origin_invalid', 'expected a web origin')
  }
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  if (!secure || url.origin !== text) {
    throw new ProtocolError('origin_invalid', 'expected an https origin without path (or http on localhost)')
  }
  return text as Origin
}

/** True for names that never leave the machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1'
}
