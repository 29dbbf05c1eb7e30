import type { Verifier } from '../server/create-verifier.ts'
import { serverError } from '../server/error-codes.ts'
import { type RequireResult, refuseOtherOptions } from '../server/require.ts'
import type { VisitResult } from '../server/visits.ts'

/** The part of a verifier that guards pages. */
export type Guarding = Pick<Verifier, 'require'>

export type RequireOptions = RequireResult & {
  /**
   * A path of this site, such as the page with the button, that whoever opens a page without the result is sent to. If
   * left out, and for whatever asks for no page, the answer is 401 `presentation_required`.
   */
  readonly redirect?: string
}

/**
 * A guard that sends to a page of the site where it is told to: gives the result that the browser's visit has, or the
 * answer to who has none. Throws `option_invalid` and what {@link Verifier.require} throws, at once.
 */
export function createPageGuard(
  verifier: Guarding,
  given: RequireOptions,
): (request: Request) => Promise<VisitResult | Response> {
  refuseOtherOptions(given, ['request', 'maxAge', 'redirect'])
  const { redirect, ...options } = given
  if (redirect !== undefined && !/^\/(?![/\\])/.test(redirect)) {
    throw serverError('option_invalid', `redirect: must be a path of this site, such as /, not ${redirect}`)
  }
  const guard = verifier.require(options)
  return async (request) => {
    const outcome = await guard(request)
    if ('result' in outcome) return outcome.result
    if (redirect === undefined || !asksForPage(request)) return outcome.response
    return new Response(null, {
      status: 303,
      headers: { location: redirect, 'cache-control': 'no-store', vary: 'cookie' },
    })
  }
}

function asksForPage({ method, headers }: Request): boolean {
  return (method === 'GET' || method === 'HEAD') && headers.get('accept')?.includes('text/html') === true
}

/** What a page for those who have shown something is sent with, unless it says otherwise: no cache keeps it for others. */
export const GUARDED_CACHE = 'private, no-store'

/** A Vary header with the cookie in it. */
export function varyByCookie(vary: string | null | undefined): string {
  if (!vary) return 'cookie'
  const names = vary.split(',').map((name) => name.trim().toLowerCase())
  return names.includes('cookie') || names.includes('*') ? vary : `${vary}, cookie`
}

/** The response with both. */
export function guarded(response: Response): Response {
  const headers = new Headers(response.headers)
  if (!headers.has('cache-control')) headers.set('cache-control', GUARDED_CACHE)
  headers.set('vary', varyByCookie(headers.get('vary')))
  const { body, status, statusText } = response
  return new Response(body, { status, statusText, headers })
}
