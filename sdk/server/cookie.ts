import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Names the browser that began a session. The prefix makes browsers refuse it from anywhere but this very host over a
 * trustworthy connection, so that no neighbouring host can plant one.
 */
export const BROWSER_COOKIE = '__Host-touchstone'

/** The browser's value from a Cookie header, if there is exactly one of the right form. */
export function readBrowserCookie(header: string | null | undefined): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${BROWSER_COOKIE}=`))
    .map((pair) => pair.slice(BROWSER_COOKIE.length + 1))
  const [value] = values
  return values.length === 1 && value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined
}

/** The Set-Cookie header: until the browser closes, out of reach of scripts. */
export function setBrowserCookie(value: string): string {
  return `${BROWSER_COOKIE}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax`
}

/** SHA-256 of a bearer value; the store has only this. */
export function hashBearer(value: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(value, 'utf8').digest())
}

/** Whether a stored hash belongs to the value. */
export function matchesBearer(hash: Uint8Array, value: string | undefined): boolean {
  return value !== undefined && timingSafeEqual(hash, hashBearer(value))
}
