import {
  createPageGuard,
  GUARDED_CACHE,
  type Guarding,
  type RequireOptions,
  varyByCookie,
} from './adapters/require-result.ts'
import type { Verifier } from './server/create-verifier.ts'
import type { VisitResult } from './server/visits.ts'

export type { RequireOptions } from './adapters/require-result.ts'
export * from './server.ts'

/** For `new Hono<{ Variables: TouchstoneVariables }>()`: what `requireResult` sets. */
export type TouchstoneVariables = { touchstone: VisitResult }

/** Hono's context, as far as it is looked at. */
type Context = { readonly req: { readonly raw: Request } }
type GuardedContext = Context & {
  readonly res: Response
  header(name: string, value: string): void
  set(name: 'touchstone', result: VisitResult): void
}
// biome-ignore lint/suspicious/noConfusingVoidType: Hono's own type of a middleware that goes on
type Middleware<C> = (context: C, next: () => Promise<void>) => Promise<Response | void>

/**
 * Hono middleware that answers the SDK's own addresses. Use it for all paths of the app, and before whatever reads bodies.
 *
 * ```ts
 * app.use(touchstone(verifier))
 * ```
 */
export function touchstone(verifier: Pick<Verifier, 'handle'>): Middleware<Context> {
  return async ({ req }, next) => (await verifier.handle(req.raw)) ?? next()
}

/**
 * Hono middleware for routes that need a result: `c.get('touchstone')` has it then.
 *
 * ```ts
 * app.get('/cellar', requireResult(verifier, { request: 'over18', redirect: '/' }), (c) => …)
 * ```
 */
export function requireResult(verifier: Guarding, options: RequireOptions): Middleware<GuardedContext> {
  const guard = createPageGuard(verifier, options)
  return async (context, next) => {
    const found = await guard(context.req.raw)
    if (found instanceof Response) return found
    context.set('touchstone', found)
    await next()
    // Afterwards, for a response that the handler makes itself has none of the headers set before.
    if (!context.res.headers.has('cache-control')) context.header('cache-control', GUARDED_CACHE)
    context.header('vary', varyByCookie(context.res.headers.get('vary')))
    return undefined
  }
}
