import { expect, it } from 'vitest'
import { clientOf, createMemoryCounter, createRedisCounter, WINDOW_MS } from '../../../server/service/rate-limits.ts'

it('counts in windows of a minute', async () => {
  let now = 1_000
  const counter = createMemoryCounter(() => now)
  expect(await counter.count('a')).toEqual({ current: 1, ttl: WINDOW_MS })
  now += 20_000
  expect(await counter.count('a')).toEqual({ current: 2, ttl: 40_000 })
  expect((await counter.count('b')).current).toBe(1)
  now += 40_000
  expect((await counter.count('a')).current).toBe(1)
})

it('counts alone while Redis does not answer, and says so once', async () => {
  const errors: unknown[] = []
  // Nothing listens on the port of "discard".
  const counter = createRedisCounter('redis://127.0.0.1:9', (error) => errors.push(error))
  const counts = []
  for (let count = 0; count < 3; count++) counts.push((await counter.count('a')).current)
  await counter.close()
  expect(counts).toEqual([1, 2, 3])
  expect(errors).toHaveLength(1)
})

it('counts a household, not an address of it', () => {
  const clients = ['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::7', '2001:db8:0:0:1:2:3:4', '2001:db8:0:5::1', '::1']
  expect(clients.map((ip) => clientOf({ ip }))).toEqual([
    '192.0.2.1',
    '::ffff:192.0.2.1',
    '2001:db8:0:0',
    '2001:db8:0:0',
    '2001:db8:0:5',
    '0:0:0:0',
  ])
})
