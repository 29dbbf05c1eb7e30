import type { FastifyReply, FastifyRequest } from 'fastify'
import { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { ServiceError } from './service-error.ts'

/** Which requests are counted together, and how many one client may make in a minute. */
export type Limit = { readonly group: string; readonly max: number }

/** Counts a request of somebody who showed no API key. Throws `rate_limited`. */
export type LimitStrangers = (request: Pick<FastifyRequest, 'ip'>, reply: FastifyReply) => Promise<void>

/** Counts the requests of clients in windows of a minute. */
export type RequestCounter = {
  /** Counts one more of a client, and says what that makes in the window that runs. */
  count(limit: Limit, client: string): Promise<Counted>
  close(): Promise<void>
}

/** `consumedPoints`: with this one. `remainingPoints`: 0 at least. `msBeforeNext`: until the window ends. */
type Counted = Pick<RateLimiterRes, 'consumedPoints' | 'remainingPoints' | 'msBeforeNext'>

export const WINDOW_SECONDS = 60

/** Above this many clients the oldest counts are dropped: memory is not for whoever sends from many addresses. */
const MAX_CLIENTS = 100_000

/** Counts in this process. `maxClients`: of how many at most, in each group. */
export function createMemoryCounter({ maxClients = MAX_CLIENTS }: { maxClients?: number } = {}): RequestCounter {
  const limiterOf = once(({ group, max }) => new BoundedLimiter({ points: max, keyPrefix: group, maxClients }))
  return { count: (limit, client) => consume(limiterOf(limit), client), close: async () => undefined }
}

/**
 * Counts of all processes together, in Redis or Valkey. While that does not answer each process counts alone, and
 * `onError` is told of each loss, and once a minute while it lasts: limits may be lost, but never the ledger, and the
 * service never stops for them.
 */
export function createRedisCounter(url: string, onError: (error: unknown) => void): RequestCounter {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: 2_000,
    commandTimeout: 250,
    retryStrategy: (attempt) => Math.min(100 * attempt, 2_000),
  })
  let toldAt = Number.NEGATIVE_INFINITY
  function tell(error: unknown): void {
    if (performance.now() - toldAt < WINDOW_SECONDS * 1000) return
    toldAt = performance.now()
    onError(error)
  }
  // Without a listener ioredis prints, the address included.
  redis.on('error', tell)
  redis.on('ready', () => {
    toldAt = Number.NEGATIVE_INFINITY
  })
  const limiterOf = once(
    ({ group, max }) =>
      new RateLimiterRedis({
        storeClient: redis,
        rejectIfRedisNotReady: true,
        keyPrefix: `touchstone:rate:${group}`,
        points: max,
        duration: WINDOW_SECONDS,
        insuranceLimiter: new BoundedLimiter({
          points: max,
          keyPrefix: group,
          maxClients: MAX_CLIENTS,
          onCount: () => tell(new Error('the Redis that counts requests does not answer')),
        }),
      }),
  )
  return {
    count: (limit, client) => consume(limiterOf(limit), client),
    async close() {
      redis.disconnect()
    },
  }
}

type BoundedOptions = {
  readonly points: number
  readonly keyPrefix: string
  readonly maxClients: number
  readonly onCount?: () => void
}

/** The library's counts in memory, which know no bound: here who was seen longest ago goes for one too many. */
class BoundedLimiter extends RateLimiterMemory {
  readonly #clients = new Set<string>()
  readonly #options: BoundedOptions

  constructor(options: BoundedOptions) {
    super({ points: options.points, keyPrefix: options.keyPrefix, duration: WINDOW_SECONDS })
    this.#options = options
  }

  override consume(client: string, ...rest: [number?, Record<string, unknown>?]): Promise<RateLimiterRes> {
    this.#options.onCount?.()
    // At the end again, so that what is first is what is oldest.
    this.#clients.delete(client)
    this.#clients.add(client)
    const [oldest] = this.#clients
    if (this.#clients.size > this.#options.maxClients && oldest !== undefined) {
      this.#clients.delete(oldest)
      // In memory it is done at once.
      void this.delete(oldest)
    }
    return super.consume(client, ...rest)
  }
}

type Limiter = Pick<RateLimiterMemory | RateLimiterRedis, 'consume'>

/** A limiter for each limit, made when it is first asked for. */
function once(make: (limit: Limit) => Limiter): (limit: Limit) => Limiter {
  const limiters = new Map<string, Limiter>()
  return (limit) => {
    const name = `${limit.group}:${limit.max}`
    const limiter = limiters.get(name) ?? make(limit)
    limiters.set(name, limiter)
    return limiter
  }
}

/** The library rejects with its count where that is above the limit. */
async function consume(limiter: Limiter, client: string): Promise<Counted> {
  try {
    return await limiter.consume(client)
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return refusal
    throw refusal
  }
}

/** Counts a request, and says in its headers how many are left. Throws `rate_limited`. */
export async function enforceLimit(
  counter: RequestCounter,
  limit: Limit,
  request: Pick<FastifyRequest, 'ip'>,
  reply: FastifyReply,
): Promise<void> {
  const { consumedPoints, remainingPoints, msBeforeNext } = await counter.count(limit, clientOf(request))
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000))
  reply.headers({
    'ratelimit-limit': limit.max,
    'ratelimit-remaining': remainingPoints,
    'ratelimit-reset': seconds,
  })
  if (consumedPoints <= limit.max) return
  reply.header('retry-after', seconds)
  throw new ServiceError('rate_limited')
}

/**
 * Whom a request is counted for: the address, of an IPv6 one its /64, which is what one household has. Behind a trusted
 * proxy it is the one that the proxy names.
 */
export function clientOf({ ip }: Pick<FastifyRequest, 'ip'>): string {
  if (!ip.includes(':') || ip.startsWith('::ffff:')) return ip
  const [head = '', tail] = ip.split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = tail?.split(':').filter(Boolean) ?? []
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - groups.length - rest.length }, () => '0')
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':')
}
