import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Names the browser that began a session. The prefix makes browsers refuse it from anywhere but this very host over a
 * trustworthy connection, so that no neighbouring host can plant one.
 */
export const BROWSER_COOKIE = '__Host-touchstone'

/** Names a browser's visit: what it has shown here. Another one with every result. */
export const VISIT_COOKIE = '__Host-touchstone-visit'

type CookieName = typeof BROWSER_COOKIE | typeof VISIT_COOKIE

/** The browser's value from a Cookie header, if there is exactly one of the right form. */
export function readBrowserCookie(header: string | null | undefined): string | undefined {
  return readCookie(header, BROWSER_COOKIE)
}

/** The visit's value, likewise. */
export function readVisitCookie(header: string | null | undefined): string | undefined {
  return readCookie(header, VISIT_COOKIE)
}

/** The Set-Cookie header: until the browser closes, out of reach of scripts. */
export function setBrowserCookie(value: string): string {
  return `${BROWSER_COOKIE}=${value}; ${ATTRIBUTES}`
}

/** The Set-Cookie header of a visit; with 0 seconds the one that ends it. */
export function setVisitCookie(value: string, seconds: number): string {
  return `${VISIT_COOKIE}=${value}; Max-Age=${seconds}; ${ATTRIBUTES}`
}

const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax'

/**
 * No more than space and tab are taken off (RFC 6265, 5.2). What else Unicode counts as a space is part of a cookie's name
 * to browsers, which let a neighbouring host set it: the prefix would protect nothing.
 */
function readCookie(header: string | null | undefined, name: CookieName): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  const [value] = values
  return values.length === 1 && value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined
}

/** SHA-256 of a bearer value; the store has only this. */
export function hashBearer(value: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(value, 'utf8').digest())
}

/** Whether a stored hash belongs to the value. */
export function matchesBearer(hash: Uint8Array, value: string | undefined): boolean {
  return value !== undefined && timingSafeEqual(hash, hashBearer(value))
}
