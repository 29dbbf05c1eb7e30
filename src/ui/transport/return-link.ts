import { decodeJwt } from 'jose'
import type { Origin } from '../../protocol/origin.ts'
import { parseRequest } from '../../protocol/request.ts'
import { RETURN_FRAGMENT } from '../../protocol/window-message.ts'

/** Fragment value that says that no answer will come. */
export const DECLINED = 'declined'

/**
 * The address that brings an answer back by link. Only on the site's own origin, whatever the request said.
 * Throws a TypeError for another.
 */
export function returnAddress(returnUri: string, origin: Origin, answer: string): string {
  const address = new URL(returnUri)
  if (address.origin !== origin) throw new TypeError('the return address is not on the site that asks')
  address.hash = `${RETURN_FRAGMENT}=${answer}`
  return address.href
}

/** Where a request that was verified as `origin`'s wants the browser to go back to. Throws `request_invalid`. */
export function returnUriOf(jws: string): string {
  return parseRequest(decodeJwt(jws)).returnUri
}
