import { parseOrigin } from '../../protocol/origin.ts'

/**
 * A site as people read it: the whole host, with its port where it is not the usual one. The scheme is left out: it is
 * https, or http on this very machine. International names stay in their ASCII form, which cannot be mistaken.
 */
export function siteName(origin: string): string {
  return new URL(origin).host
}

/** Whether a text from a link is an origin that may be named at all. */
export function isOrigin(text: string): boolean {
  try {
    parseOrigin(text)
    return true
  } catch {
    return false
  }
}
