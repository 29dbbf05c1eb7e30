import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { fastify } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Guarding } from '../../../sdk/adapters/require-result.ts'
import * as express from '../../../sdk/express.ts'
import * as fastifyPlugin from '../../../sdk/fastify.ts'
import * as hono from '../../../sdk/hono.ts'
import * as next from '../../../sdk/next.ts'
import type { Verifier, VisitResult } from '../../../sdk/server.ts'
import { openSimulatedSite } from '../../fixtures/simulated-site.ts'

const RESULT: VisitResult = { session: 'one', request: 'over18', answers: {}, readAt: 1_767_225_600 }
const METADATA = '/.well-known/touchstone.json'
const KNOWN = { cookie: 'known=yes' }
const PAGE = { accept: 'text/html,*/*' }
const OPTIONS = { request: 'over18', redirect: '/door' }

/** Knows one browser, by its cookie, and gives all others what the verifier's own guard does. */
const guarding: Guarding = {
  require: () => async (request) =>
    request.headers.get('cookie') === KNOWN.cookie
      ? { result: RESULT }
      : { response: Response.json({ error: 'presentation_required' }, { status: 401 }) },
}

/** Its verifier is put behind each framework in turn; it is at home at an origin that none of their addresses has. */
let site: Awaited<ReturnType<typeof openSimulatedSite>>
beforeAll(async () => {
  site = await openSimulatedSite()
})
afterAll(() => site.close())

const CACHED = 'private, max-age=60'

/** The guarded route's answer, with a word of its own on caches where that is asked for. */
function respond(url: string, body: unknown): Response {
  return Response.json(body, { headers: url.endsWith('?cached') ? { 'cache-control': CACHED } : {} })
}

/** How one framework answers, as a web-standard fetch below its address. */
type Ask = (path: string, init?: RequestInit) => Promise<Response>

function askFor(session: { type?: string } = {}): RequestInit {
  const headers = { origin: site.origin, 'content-type': session.type ?? 'application/json' }
  return { method: 'POST', headers, body: '{"request":"signIn"}' }
}

/** What all of them do: the routes, what is not theirs, the guard, and where it sends whoever wants a page. */
function itIsAnAdapter(open: () => Promise<Ask>): void {
  it('answers the SDK’s addresses as of the origin that the verifier was given, and leaves all others', async () => {
    const ask = await open()
    const metadata = await ask(METADATA)
    expect(await metadata.json()).toMatchObject({ version: 1, origin: site.origin })
    expect(await (await ask('/touchstone/sessions', askFor())).json()).toMatchObject({ session: expect.any(String) })
    const stranger = await ask('/touchstone/sessions', askFor({ type: 'text/plain' }))
    expect([stranger.status, await stranger.json()]).toEqual([
      415,
      expect.objectContaining({ error: 'content_type_invalid' }),
    ])
    expect((await ask('/elsewhere')).status).toBe(404)
  })

  it('gives a guarded route its result, and whoever has none the refusal or the way to the door', async () => {
    const ask = await open()
    const known = await ask('/cellar', { headers: KNOWN })
    expect([known.status, await known.json()]).toEqual([200, RESULT])
    expect([known.headers.get('cache-control'), known.headers.get('vary')]).toEqual(['private, no-store', 'cookie'])
    const cached = await ask('/cellar?cached', { headers: KNOWN })
    expect(cached.headers.get('cache-control')).toBe('private, max-age=60')
    const unknown = await ask('/cellar')
    expect([unknown.status, await unknown.json()]).toEqual([401, { error: 'presentation_required' }])
    const visitor = await ask('/cellar', { headers: PAGE, redirect: 'manual' })
    expect([visitor.status, visitor.headers.get('location')]).toEqual([303, '/door'])
  })
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serve(server: Server): Promise<Ask> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  // A listening TCP server has an AddressInfo.
  const { port } = server.address() as AddressInfo
  return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init)
}

describe('express', () => {
  type Request = IncomingMessage & { baseUrl?: string; touchstone?: VisitResult }

  /** Middleware one after another, as Express runs it; `before` stands where a body parser may. */
  async function open({
    before,
    baseUrl = '',
  }: {
    before?: (request: Request) => Promise<unknown>
    baseUrl?: string
  } = {}) {
    const answers = express.touchstone(site.verifier)
    const guard = express.requireResult(guarding, OPTIONS)
    return serve(
      createServer(async (incoming, response) => {
        const request: Request = Object.assign(incoming, { baseUrl })
        await before?.(request)
        answers(request, response, (error) => {
          if (error instanceof Error) return response.writeHead(500).end(error.message)
          if (!request.url?.startsWith('/cellar')) return response.writeHead(404).end()
          return guard(request, response, () => {
            if (request.url?.endsWith('?cached')) response.setHeader('cache-control', CACHED)
            response.end(JSON.stringify(request.touchstone))
          })
        })
      }),
    )
  }

  itIsAnAdapter(open)

  it('says so where a body parser has read the body before it, and only then', async () => {
    const late = await open({ before: async (request) => request.method === 'POST' && text(request) })
    const refused = await late('/touchstone/sessions', askFor())
    expect([refused.status, await refused.json()]).toMatchObject([500, { error: 'body_already_read' }])
    const early = await open({ before: async () => undefined })
    expect((await early('/touchstone/sessions', askFor())).status).toBe(201)
  })

  it('says so where it is used below a path', async () => {
    const below = await open({ baseUrl: '/api' })
    expect(await (await below(METADATA)).text()).toMatch(/touchstone\(verifier\) is used below \/api/)
  })
})

describe('fastify', () => {
  async function open(): Promise<Ask> {
    const app = fastify()
    app.addHook('onRequest', async (_request, reply) => void reply.header('x-frame-options', 'DENY'))
    await app.register(fastifyPlugin.touchstone(site.verifier))
    const onRequest = fastifyPlugin.requireResult(guarding, OPTIONS)
    app.get('/cellar', { onRequest }, async ({ touchstone, url }, reply) => {
      if (url.endsWith('?cached')) reply.header('cache-control', CACHED)
      return touchstone
    })
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    closers.push(() => app.close())
    return (path, init) => fetch(address + path, init)
  }

  itIsAnAdapter(open)

  it('keeps the headers that were set before it', async () => {
    const ask = await open()
    for (const path of [METADATA, '/cellar']) {
      expect((await ask(path)).headers.get('x-frame-options')).toBe('DENY')
    }
  })
})

describe('hono', () => {
  /** A context as the middleware sees it, and what becomes of a request that all of it lets through. */
  async function open(): Promise<Ask> {
    const answers = hono.touchstone(site.verifier)
    const guard = hono.requireResult(guarding, OPTIONS)
    return async (path, init) => {
      const set = new Map<string, VisitResult>()
      const context = {
        req: { raw: new Request(`http://anywhere.example${path}`, init) },
        set: set.set.bind(set),
        res: new Response(null, { status: 404 }),
        header: (name: string, value: string) => context.res.headers.set(name, value),
      }
      const route = async () => {
        if (!path.startsWith('/cellar')) return
        const handler = async () => {
          context.res = respond(path, set.get('touchstone'))
        }
        context.res = (await guard(context, handler)) ?? context.res
      }
      return (await answers(context, route)) ?? context.res
    }
  }

  itIsAnAdapter(open)

  it('says so where the body has been read before it', async () => {
    const request = new Request(`http://anywhere.example/touchstone/sessions`, askFor())
    await request.text()
    const answer = await hono.touchstone(site.verifier)({ req: { raw: request } }, async () => undefined)
    expect(await answer?.json()).toMatchObject({ error: 'body_already_read' })
  })
})

describe('next', () => {
  async function open(): Promise<Ask> {
    const handlers = next.touchstone(async () => site.verifier)
    const cellar = next.requireResult(guarding, OPTIONS, ({ url }, result) => respond(url, result))
    return async (path, init = {}) => {
      const request = new Request(`http://anywhere.example${path}`, init)
      if (path.startsWith('/cellar')) return cellar(request, {})
      return init.method === 'POST' ? handlers.POST(request) : handlers.GET(request)
    }
  }

  itIsAnAdapter(open)

  it('finds the result for a server component', async () => {
    const options = { request: 'over18', headers: new Headers(KNOWN) }
    expect(await next.findResult(guarding, options)).toEqual(RESULT)
    expect(await next.findResult(async () => guarding, { ...options, headers: new Headers() })).toBeUndefined()
  })

  it('opens one verifier for all its routes, and tries again what could not be opened', async () => {
    let opened = 0
    const open = async (): Promise<Verifier> => {
      opened += 1
      if (opened === 1) throw new Error('the wallet is not up yet')
      return site.verifier
    }
    const [one, another] = [next.openOnce(open), next.openOnce(open)]
    await expect(one()).rejects.toThrow('not up yet')
    expect(await Promise.all([one(), another()])).toEqual([site.verifier, site.verifier])
    expect(opened).toBe(2)
    const other: Verifier = { ...site.verifier }
    const [ours, theirs] = [next.openOnce(open), next.openOnce(async () => other, { name: 'other' })]
    expect(await theirs()).toBe(other)
    expect(await ours()).toBe(site.verifier)
  })
})

it('a guard sends nobody to another site', () => {
  for (const redirect of ['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'door']) {
    expect(() => express.requireResult(guarding, { request: 'over18', redirect })).toThrow(
      expect.objectContaining({ code: 'option_invalid', message: expect.stringMatching(/^redirect: /) }),
    )
  }
  expect(() => express.requireResult(guarding, OPTIONS)).not.toThrow()
  // A demand that is misspelt is not dropped; the casts are what JavaScript lets a site write.
  const misspelt = { ...OPTIONS, maxage: 3 } as typeof OPTIONS
  expect(() => express.requireResult(guarding, misspelt)).toThrow('did you mean maxAge?')
  expect(() => express.requireResult(guarding, 'over18' as unknown as typeof OPTIONS)).toThrow('an object such as')
})
