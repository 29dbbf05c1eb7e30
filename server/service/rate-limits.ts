import type { FastifyReply, FastifyRequest } from 'fastify'
import { Redis } from 'ioredis'
import { ServiceError } from './service-error.ts'

/** Counts the requests of clients in windows of a minute, and says how many one has made in the one that runs. */
export type RequestCounter = {
  /** Milliseconds until the window ends beside the count. */
  count(key: string): Promise<{ readonly current: number; readonly ttl: number }>
  close(): Promise<void>
}

export const WINDOW_MS = 60_000

/** Above this many clients the oldest counts are dropped: memory is not for whoever sends from many addresses. */
const MAX_CLIENTS = 100_000

/** Counts in this process. `now` in milliseconds. */
export function createMemoryCounter(now: () => number = Date.now): RequestCounter {
  const windows = new Map<string, { current: number; ends: number }>()
  return {
    async count(key) {
      const time = now()
      const running = windows.get(key)
      if (running && running.ends > time) {
        running.current++
        return { current: running.current, ttl: running.ends - time }
      }
      // At the end of the map again, so that what is first is what is oldest.
      windows.delete(key)
      windows.set(key, { current: 1, ends: time + WINDOW_MS })
      const [oldest] = windows.keys()
      if (windows.size > MAX_CLIENTS && oldest !== undefined) windows.delete(oldest)
      return { current: 1, ttl: WINDOW_MS }
    },
    close: async () => undefined,
  }
}

/** In one step, so that no key is left without an end. */
const SCRIPT = `
local current = redis.call('INCR', KEYS[1])
if current == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {current, redis.call('PTTL', KEYS[1])}`

const PREFIX = 'touchstone:rate:'

/**
 * Counts of all processes together, in Redis or Valkey. While that does not answer each process counts alone, and
 * `onError` is told with each change for the worse: limits may be lost, but never the ledger, and the service never
 * stops for them.
 */
export function createRedisCounter(url: string, onError: (error: unknown) => void): RequestCounter {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: 2_000,
    commandTimeout: 250,
    retryStrategy: (attempt) => Math.min(100 * attempt, 2_000),
  })
  const alone = createMemoryCounter()
  let isLost = false
  // Without a listener ioredis prints, the address included.
  redis.on('error', (error: unknown) => {
    if (!isLost) onError(error)
    isLost = true
  })
  redis.on('ready', () => {
    isLost = false
  })
  return {
    async count(key) {
      try {
        // The script above gives two integers.
        const [current, ttl] = (await redis.eval(SCRIPT, 1, PREFIX + key, WINDOW_MS)) as [number, number]
        return { current, ttl: Math.max(ttl, 0) }
      } catch (error) {
        if (!isLost) onError(error)
        isLost = redis.status !== 'ready'
        return alone.count(key)
      }
    },
    async close() {
      redis.disconnect()
    },
  }
}

/** Which requests are counted together, and how many one client may make in a minute. */
export type Limit = { readonly group: string; readonly max: number }

/** Counts a request, and says in its headers how many are left. Throws `rate_limited`. */
export async function enforceLimit(
  counter: RequestCounter,
  { group, max }: Limit,
  request: Pick<FastifyRequest, 'ip'>,
  reply: FastifyReply,
): Promise<void> {
  const { current, ttl } = await counter.count(`${group}:${clientOf(request)}`)
  const seconds = Math.ceil(ttl / 1000)
  reply.headers({
    'ratelimit-limit': max,
    'ratelimit-remaining': Math.max(0, max - current),
    'ratelimit-reset': seconds,
  })
  if (current <= max) return
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
