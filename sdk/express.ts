import type { IncomingMessage, ServerResponse } from 'node:http'
import { headersAsRequest } from './adapters/node.ts'
import {
  createPageGuard,
  GUARDED_CACHE,
  type Guarding,
  type RequireOptions,
  varyByCookie,
} from './adapters/require-result.ts'
import type { Verifier } from './server/create-verifier.ts'
import { sendWebResponse } from './server/node-bridge.ts'
import type { VisitResult } from './server/visits.ts'
import { TouchstoneError } from './touchstone-error.ts'

export type { RequireOptions } from './adapters/require-result.ts'
export * from './server.ts'

declare global {
  // Express's own place for what middleware adds to a request.
  namespace Express {
    interface Request {
      /** What the visitor has proved; there on routes behind `requireResult`. */
      touchstone?: VisitResult
    }
  }
}

/** Express's request, as far as it is looked at. */
type ExpressRequest = IncomingMessage & { readonly baseUrl?: string; touchstone?: VisitResult }
type Middleware = (request: ExpressRequest, response: ServerResponse, next: (error?: unknown) => void) => void

/**
 * Express middleware that answers the SDK's own addresses. Use it on the app itself, and before body parsers: once a
 * parser has read a body, it is answered by `body_already_read`. Below a path it passes on an error by
 * `option_invalid`, for a wallet looks for the addresses below the site's origin.
 *
 * ```ts
 * const app = express().use(touchstone(verifier))
 * ```
 */
export function touchstone(verifier: Pick<Verifier, 'handleNode'>): Middleware {
  return (request, response, next) => {
    if (request.baseUrl) return next(misplaced(request.baseUrl))
    verifier.handleNode(request, response).then((hasAnswered) => {
      if (!hasAnswered) next()
    }, next)
  }
}

/**
 * Express middleware for routes that need a result: it is in `request.touchstone` then. Named so because `require` is
 * taken in CommonJS.
 *
 * ```ts
 * app.get('/cellar', requireResult(verifier, { request: 'over18', redirect: '/' }), (request, response) => { … })
 * ```
 */
export function requireResult(verifier: Guarding, options: RequireOptions): Middleware {
  const guard = createPageGuard(verifier, options)
  return (request, response, next) => {
    guard(headersAsRequest(request))
      .then(async (found) => {
        if (found instanceof Response) return sendWebResponse(found, request, response)
        request.touchstone = found
        response.setHeader('cache-control', GUARDED_CACHE)
        response.setHeader('vary', varyByCookie(response.getHeader('vary')?.toString()))
        next()
      })
      .catch(next)
  }
}

function misplaced(path: string): TouchstoneError {
  return new TouchstoneError('option_invalid', `touchstone(verifier) is used below ${path}: use it on the app itself`)
}
