import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Verifier } from '../../sdk/server.ts'
import { RELYING_PARTY_METADATA_PATH } from '../../src/protocol/relying-party.ts'
import { enforceLimit, type Limit, type RequestCounter } from './rate-limits.ts'
import { ServiceError } from './service-error.ts'

export type SiteRoutes = {
  readonly verifier: Pick<Verifier, 'handleNode'>
  readonly counter: RequestCounter
  readonly limits: { readonly sessions: number; readonly presentations: number; readonly others: number }
  readonly activity: SiteActivity
}

/** What is going on at the site's addresses. */
export type SiteActivity = {
  /** Streams of events that are open: a service that stops ends them, for they would not end by themselves. */
  readonly streams: Set<ServerResponse>
  /** Presentations under way. */
  presentations: number
}

/**
 * What the site's proxy forwards: the SDK's own addresses, which the site's pages and wallets talk to. Bodies are read,
 * and held to their size, by the SDK; here the clients are counted.
 */
export function addSiteRoutes(app: FastifyInstance, { verifier, counter, limits, activity }: SiteRoutes): void {
  // Left unread for the SDK.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _body, done) => done(null))

  app.route({
    method: app.supportedMethods,
    exposeHeadRoute: false,
    url: '/touchstone/*',
    onRequest: (request, reply) => enforceLimit(counter, limitOf(request, limits), request, reply),
    handler: pass,
  })
  app.route({
    method: ['GET', 'HEAD', 'OPTIONS'],
    url: RELYING_PARTY_METADATA_PATH,
    onRequest: (request, reply) => enforceLimit(counter, limitOf(request, limits), request, reply),
    handler: pass,
  })

  async function pass(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { raw } = reply
    // Whoever left while the limit was counted has no event of it any more, and would be counted for good.
    if (raw.destroyed) return void reply.hijack()
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) raw.setHeader(name, value)
    }
    const route = routeOf(request.url)
    if (route.endsWith('/events')) {
      activity.streams.add(raw)
      raw.once('close', () => activity.streams.delete(raw))
    } else if (route.endsWith('/presentation')) {
      activity.presentations++
      raw.once('close', () => activity.presentations--)
    }
    if (!(await verifier.handleNode(request.raw, raw))) throw new ServiceError('route_unknown')
    reply.hijack()
  }
}

function limitOf({ method, url }: FastifyRequest, limits: SiteRoutes['limits']): Limit {
  const route = routeOf(url)
  if (method === 'POST' && route === '/touchstone/sessions') return { group: 'sessions', max: limits.sessions }
  if (method === 'POST' && route.endsWith('/presentation')) {
    return { group: 'presentations', max: limits.presentations }
  }
  return { group: 'others', max: limits.others }
}

/** Every path of the site that names no session. */
const PATHS: ReadonlySet<string> = new Set([
  '/touchstone/sessions',
  '/touchstone/result',
  '/touchstone/sign-out',
  '/touchstone/config.json',
  '/touchstone/button.js',
  RELYING_PARTY_METADATA_PATH,
])
const LAST_PARTS: ReadonlySet<string> = new Set(['presentation', 'decline', 'state', 'events'])

/**
 * The pattern of a path: for limits, metrics and logs. It is one of a fixed few, whatever a caller asks for: each is kept
 * for as long as the process runs.
 */
export function routeOf(url: string): string {
  const path = url.replace(/[?#].*$/s, '')
  if (PATHS.has(path)) return path
  const [match, last] = /^\/touchstone\/sessions\/[^/]+(?:\/([a-z]+))?$/.exec(path) ?? []
  if (match === undefined) return '(other)'
  if (last === undefined) return '/touchstone/sessions/{id}'
  return LAST_PARTS.has(last) ? `/touchstone/sessions/{id}/${last}` : '(other)'
}
