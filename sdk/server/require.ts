import type { Deployment } from './deployment.ts'
import { errorBody, serverError } from './error-codes.ts'
import { refuseUnknownNames } from './option-names.ts'
import { findVisit, type VisitResult } from './visits.ts'

export type RequireResult = {
  /** The name of the request whose result is needed. */
  readonly request: string
  /** How old the result may be, in whole seconds since it was read; as old as a visit lives if absent. */
  readonly maxAge?: number | undefined
}

/** The result that the browser's visit has, or the answer to one that has none. */
export type Guard = (request: Request) => Promise<{ readonly result: VisitResult } | { readonly response: Response }>

/**
 * Makes a guard of what only those may see who have shown something. The answer to others is 401
 * `presentation_required`, with the name of the request. Throws `request_unknown` and `option_invalid` at once, not when
 * the first visitor comes.
 */
export function createGuard(deployment: Deployment, options: RequireResult): Guard {
  refuseOtherOptions(options, ['request', 'maxAge'])
  const { request: name, maxAge } = options
  const { config } = deployment
  if (!config.requests.has(name)) throw serverError('request_unknown', `require: no request is called ${name}`)
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge >= 1)) {
    throw serverError('option_invalid', `maxAge: a whole number of seconds from 1 is wanted, not ${maxAge}`)
  }
  return async (request) => {
    const visit = await findVisit(deployment, request.headers.get('cookie'))
    const result = visit?.results[name]
    if (result && !isTooOld(result, maxAge, config.clock())) return { result }
    return { response: requirePresentation(name) }
  }
}

/**
 * A demand that is misspelt must not be dropped in silence. Throws `option_invalid` for what is no object, and for a
 * name that is not `known`.
 */
export function refuseOtherOptions(options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw serverError(
      'option_invalid',
      `require: an object such as { request: 'signIn' } is wanted, not a ${typeof options}`,
    )
  }
  refuseUnknownNames('', options, known)
}

function isTooOld({ readAt }: VisitResult, maxAge: number | undefined, now: Date): boolean {
  return maxAge !== undefined && now.getTime() / 1000 >= readAt + maxAge
}

function requirePresentation(name: string): Response {
  const headers = { 'cache-control': 'no-store', vary: 'cookie', 'www-authenticate': `Touchstone request="${name}"` }
  const body = { ...errorBody(serverError('presentation_required')), request: name }
  return Response.json(body, { status: 401, headers })
}
