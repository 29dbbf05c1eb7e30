import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { clientOf, createMemoryCounter, createRedisCounter } from '../../../server/service/rate-limits.ts'

const LIMIT = { group: 'sessions', max: 2 }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

it('counts in windows of a minute', async () => {
  const counter = createMemoryCounter()
  expect(await counter.count(LIMIT, 'a')).toMatchObject({ consumedPoints: 1, remainingPoints: 1, msBeforeNext: 60_000 })
  vi.advanceTimersByTime(20_000)
  expect(await counter.count(LIMIT, 'a')).toMatchObject({ consumedPoints: 2, remainingPoints: 0, msBeforeNext: 40_000 })
  expect(await counter.count(LIMIT, 'a')).toMatchObject({ consumedPoints: 3, remainingPoints: 0, msBeforeNext: 40_000 })
  expect((await counter.count(LIMIT, 'b')).consumedPoints).toBe(1)
  expect((await counter.count({ group: 'others', max: 2 }, 'a')).consumedPoints).toBe(1)
  vi.advanceTimersByTime(40_000)
  expect((await counter.count(LIMIT, 'a')).consumedPoints).toBe(1)
})

it('forgets who was seen longest ago, once there are too many', async () => {
  const counter = createMemoryCounter({ maxClients: 2 })
  const counts = []
  for (const client of ['a', 'b', 'a', 'c', 'a', 'b']) counts.push((await counter.count(LIMIT, client)).consumedPoints)
  expect(counts).toEqual([1, 1, 2, 1, 3, 1])
})

it('counts alone while Redis does not answer, and says so once', async () => {
  const errors: unknown[] = []
  // Nothing listens on the port of "discard".
  const counter = createRedisCounter('redis://127.0.0.1:9', (error) => errors.push(error))
  const counts = []
  for (let count = 0; count < 3; count++) counts.push((await counter.count(LIMIT, 'a')).consumedPoints)
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
