import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import helmet from '@fastify/helmet'
import { type FastifyInstance, fastify } from 'fastify'
import type { Logger } from 'pino'
import { createVerifier, type VerifierOptions } from '../../sdk/server.ts'
import { permissionsPolicy, securityHeaders } from '../security-headers.ts'
import { createApiKeyCheck } from './api-keys.ts'
import { addApiRoutes } from './api-routes.ts'
import type { ServiceConfiguration } from './configuration.ts'
import { sendError } from './error-answer.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { addOperationRoutes } from './operation-routes.ts'
import { createMemoryCounter, createRedisCounter, enforceLimit, type LimitStrangers } from './rate-limits.ts'
import { readReadiness } from './readiness.ts'
import { ServiceError } from './service-error.ts'
import { addSiteRoutes, routeOf, type SiteActivity } from './site-routes.ts'
import { verifierOptions } from './verifier-options.ts'

export type RunningService = {
  /** The ports it got: those of the configuration, or free ones for 0. */
  readonly port: number
  readonly adminPort: number
  /**
   * Takes no more connections, ends the streams of events (whoever follows them comes back, to another process), lets
   * what runs finish, and cuts off what still runs after the configured time. The second call waits for the first.
   */
  close(): Promise<void>
}

/** For so long an answer about readiness stays true: whoever asks more often costs no more. */
const READINESS_MS = 1_000

/** Nothing that is posted is larger; presentations are held to their own size by the SDK. */
const BODY_LIMIT = 16_384

/**
 * Starts the service. Throws what `createVerifier` throws, and the operating system's error for a port that cannot be
 * had. `more` is for tests.
 */
export async function startService(
  configuration: ServiceConfiguration,
  { logger, more = {} }: { readonly logger: Logger; readonly more?: Partial<VerifierOptions> },
): Promise<RunningService> {
  const activity: SiteActivity = { streams: new Set(), presentations: 0 }
  const metrics = createMetrics(() => ({ streams: activity.streams.size, waiting: activity.presentations }))
  const onFault = (error: unknown) => {
    metrics.onFault()
    logger.error({ err: error }, 'not foreseen')
  }
  const verifier = await createVerifier({
    ...verifierOptions(configuration),
    onError: onFault,
    onEvent: (event) => {
      metrics.onEvent(event)
      if (event.type === 'issuer_failed') logger.warn({ issuer: event.issuer, errorCode: event.code }, event.type)
    },
    ...more,
  })
  const counter =
    configuration.TOUCHSTONE_REDIS === undefined
      ? createMemoryCounter()
      : createRedisCounter(configuration.TOUCHSTONE_REDIS, (error) => logger.warn({ err: error }, 'counting alone'))

  const state = { draining: false }
  const { TOUCHSTONE_ADMIN_PORT: adminPort, TOUCHSTONE_HOST: host } = configuration
  const checkApiKey = createApiKeyCheck(configuration.TOUCHSTONE_API_KEYS)
  const surroundings = { configuration, metrics, logger, onFault, state }
  const site = await createApp(surroundings)
  const admin = adminPort === undefined ? site : await createApp(surroundings)
  await site.register(async (app) =>
    addSiteRoutes(app, {
      verifier,
      activity,
      counter,
      limits: {
        sessions: configuration.TOUCHSTONE_SESSIONS_PER_MINUTE,
        presentations: configuration.TOUCHSTONE_PRESENTATIONS_PER_MINUTE,
        others: configuration.TOUCHSTONE_REQUESTS_PER_MINUTE,
      },
    }),
  )
  const strangers = { group: 'strangers', max: configuration.TOUCHSTONE_REQUESTS_PER_MINUTE }
  const limitStrangers: LimitStrangers = (request, reply) => enforceLimit(counter, strangers, request, reply)
  const readNow = () => readReadiness(verifier, () => state.draining)
  const readSometimes = forMoment(READINESS_MS, readNow)
  await admin.register(async (app) => {
    addApiRoutes(app, { verifier, checkApiKey, limitStrangers })
    addOperationRoutes(app, {
      metrics,
      readiness: () => (state.draining ? readNow() : readSometimes()),
      ...(admin === site && { checkApiKey, limitStrangers }),
    })
  })

  const apps = [...new Set([site, admin])]
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= (async () => {
      state.draining = true
      await drain(apps, activity.streams, configuration.TOUCHSTONE_SHUTDOWN_SECONDS * 1000)
      await verifier.close()
      await counter.close()
    })()
    return closing
  }
  try {
    await site.listen({ host, port: configuration.TOUCHSTONE_PORT })
    if (admin !== site) await admin.listen({ host, port: adminPort ?? 0 })
  } catch (error) {
    await close()
    throw error
  }
  const ports = { port: portOf(site), adminPort: portOf(admin) }
  logger.info({ ...ports, mode: configuration.TOUCHSTONE_MODE, origin: configuration.TOUCHSTONE_ORIGIN }, 'listening')
  return { ...ports, close }
}

/** What `read` gives, kept for a moment and for all who ask meanwhile. */
function forMoment<T>(milliseconds: number, read: () => Promise<T>): () => Promise<T> {
  let kept: { readonly at: number; readonly value: Promise<T> } | undefined
  return () => {
    if (!kept || performance.now() - kept.at >= milliseconds) kept = { at: performance.now(), value: read() }
    return kept.value
  }
}

async function createApp({
  configuration,
  metrics,
  logger,
  onFault,
  state,
}: {
  configuration: ServiceConfiguration
  metrics: Metrics
  logger: Logger
  onFault: (error: unknown) => void
  state: { readonly draining: boolean }
}): Promise<FastifyInstance> {
  const proxies = configuration.TOUCHSTONE_TRUSTED_PROXIES ?? []
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    trustProxy: proxies.length > 0 ? [...proxies] : false,
    requestTimeout: 30_000,
    // What comes in on a connection that is still open while the service stops is answered as ever.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  })
  await app.register(
    helmet,
    securityHeaders({
      contentSecurityPolicy: {},
      referrerPolicy: 'no-referrer',
      resourcePolicy: 'same-origin',
      openerPolicy: 'same-origin-allow-popups',
      https: configuration.TOUCHSTONE_ORIGIN.startsWith('https:'),
    }),
  )
  const answering = new Set<ServerResponse>()
  app.addHook('onRequest', async (_request, reply) => {
    const { raw } = reply
    answering.add(raw)
    raw.once('close', () => answering.delete(raw))
    reply.headers({ 'cache-control': 'no-store', 'permissions-policy': permissionsPolicy({ webauthn: false }) })
    if (state.draining) reply.header('connection', 'close')
  })
  app.addHook('preClose', async () => {
    // Or a proxy would send the next request on a connection that is about to end.
    for (const answer of answering) if (!answer.headersSent) answer.setHeader('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    const route = routeOptions.url?.endsWith('*') ? routeOf(request.url) : (routeOptions.url ?? '(other)')
    const { statusCode: status } = reply.raw
    const seconds = reply.elapsedTime / 1000
    metrics.onAnswer({ method, route, status, seconds })
    logger.debug({ method, route, status, milliseconds: Math.round(reply.elapsedTime) }, 'answered')
  })
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof ServiceError && error.code === 'rate_limited') metrics.onLimited()
    return sendError(error, reply, onFault)
  })
  app.setNotFoundHandler(() => {
    throw new ServiceError('route_unknown')
  })
  return app
}

async function drain(
  apps: readonly FastifyInstance[],
  streams: ReadonlySet<ServerResponse>,
  milliseconds: number,
): Promise<void> {
  const closed = Promise.all(apps.map((app) => app.close()))
  for (const stream of streams) stream.end()
  // A connection whose answer had begun before stays open when it is done, and would be waited for.
  const idle = setInterval(() => {
    for (const { server } of apps) server.closeIdleConnections()
  }, 50)
  const cut = setTimeout(() => {
    for (const { server } of apps) server.closeAllConnections()
  }, milliseconds)
  await closed
  clearInterval(idle)
  clearTimeout(cut)
}

function portOf({ server }: FastifyInstance): number {
  // A TCP server that listens has an AddressInfo.
  return (server.address() as AddressInfo).port
}
