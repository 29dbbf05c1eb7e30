import { createPageGuard, type Guarding, guarded, type RequireOptions } from './adapters/require-result.ts'
import type { Verifier } from './server/create-verifier.ts'
import type { VisitResult } from './server/visits.ts'

export type { RequireOptions } from './adapters/require-result.ts'
export * from './server.ts'

/** A verifier, or what opens it when it is first needed ({@link openOnce}). */
type Opened<V> = V | (() => Promise<V>)
type RouteHandler<Context> = (request: Request, context: Context) => Promise<Response>

const OPENED = Symbol.for('@touchstone/sdk/next')

/**
 * Opens one verifier for the whole process when it is first needed: not while `next build` looks at the routes, and not
 * anew for each route or whenever a file is saved. What cannot be opened is tried again with the next request. Options that
 * change take a new start. A process with several verifiers gives each a `name` of its own: under one name the first that
 * is opened is everybody's.
 *
 * ```ts
 * export const verifier = openOnce(() => createVerifier({ … }))
 * ```
 */
export function openOnce(
  open: () => Promise<Verifier>,
  { name = '' }: { readonly name?: string } = {},
): () => Promise<Verifier> {
  // Next has several copies of a module in one process; what they share is the global object.
  const shared = globalThis as { [OPENED]?: Map<string, Promise<Verifier>> }
  shared[OPENED] ??= new Map()
  const verifiers = shared[OPENED]
  return () => {
    const present = verifiers.get(name)
    if (present) return present
    const opening = open().catch((error: unknown) => {
      verifiers.delete(name)
      throw error
    })
    verifiers.set(name, opening)
    return opening
  }
}

/**
 * Route handlers for the SDK's own addresses. Two files export them, `app/touchstone/[...path]/route.ts` and
 * `app/.well-known/touchstone.json/route.ts`:
 *
 * ```ts
 * export const { GET, POST, OPTIONS } = touchstone(verifier)
 * ```
 */
export function touchstone(
  verifier: Opened<Pick<Verifier, 'handle'>>,
): Readonly<Record<'GET' | 'POST' | 'OPTIONS', (request: Request) => Promise<Response>>> {
  const answer = async (request: Request) =>
    (await (await opened(verifier)).handle(request)) ?? new Response(null, { status: 404 })
  return { GET: answer, POST: answer, OPTIONS: answer }
}

/**
 * A route handler that needs a result, which it is given.
 *
 * ```ts
 * export const GET = requireResult(verifier, { request: 'over18' }, async (request, result) => Response.json(…))
 * ```
 */
export function requireResult<Context>(
  verifier: Opened<Guarding>,
  options: RequireOptions,
  handler: (request: Request, result: VisitResult, context: Context) => Response | Promise<Response>,
): RouteHandler<Context> {
  return async (request, context) => {
    const found = await createPageGuard(await opened(verifier), options)(request)
    return found instanceof Response ? found : guarded(await handler(request, found, context))
  }
}

/**
 * The result that this browser's visit has, for server components: undefined where there is none.
 *
 * ```ts
 * const result = await findResult(verifier, { request: 'over18', headers: await headers() })
 * if (!result) redirect('/')
 * ```
 */
export async function findResult(
  verifier: Opened<Guarding>,
  { headers, ...options }: Omit<RequireOptions, 'redirect'> & { readonly headers: Pick<Headers, 'get'> },
): Promise<VisitResult | undefined> {
  const cookie = headers.get('cookie')
  // Guards look at no address.
  const request = new Request('http://site.invalid/', { headers: cookie === null ? {} : { cookie } })
  const found = await createPageGuard(await opened(verifier), options)(request)
  return found instanceof Response ? undefined : found
}

function opened<V extends object>(verifier: Opened<V>): V | Promise<V> {
  return typeof verifier === 'function' ? verifier() : verifier
}
