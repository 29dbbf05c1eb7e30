import { Redis } from 'ioredis'
import { type Finding, fail, ok, wordsOf } from './finding.ts'
import type { Patient } from './patient.ts'

const TIMEOUT_MS = 3_000

/** Where processes count requests together. */
export async function checkRedis({ values }: Patient): Promise<Finding> {
  const { TOUCHSTONE_REDIS: url } = values
  if (url === undefined) return ok('none: each process counts alone')
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    retryStrategy: () => null,
  })
  let trouble: unknown
  // Without a listener ioredis prints, the address included.
  redis.on('error', (error: unknown) => {
    trouble ??= error
  })
  try {
    await redis.connect()
    // As the counter does it: a server that is read-only, or allows no scripts, counts nothing.
    await redis.eval("return redis.call('SET', KEYS[1], '1', 'PX', '1000')", 1, 'touchstone:rate:doctor')
    return ok('it answers, and can be written')
  } catch (error) {
    return fail(
      `it does not count: ${wordsOf(trouble ?? error)}`,
      'see that it runs and that TOUCHSTONE_REDIS says where; until then each process counts alone',
    )
  } finally {
    redis.disconnect()
  }
}
