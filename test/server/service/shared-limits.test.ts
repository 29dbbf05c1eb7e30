import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RedisServer, startRedis } from '../../../scripts/redis.ts'
import { readConfiguration } from '../../../server/service/configuration.ts'
import { createLogger } from '../../../server/service/logger.ts'
import { type RunningService, startService } from '../../../server/service/service.ts'
import { type Answer, ask, makePlace, ORIGIN, type Place } from './service-under-test.ts'

const SESSIONS = 3
const METADATA = '/.well-known/touchstone.json'

let redis: RedisServer
let place: Place
let services: RunningService[]
const warnings: string[] = []

beforeAll(async () => {
  const [server, made] = await Promise.all([startRedis(), makePlace()])
  redis = server
  place = made
  const environment = {
    ...place.environment,
    TOUCHSTONE_REDIS: redis.url,
    TOUCHSTONE_TRUSTED_PROXIES: '127.0.0.1/32',
    TOUCHSTONE_SESSIONS_PER_MINUTE: `${SESSIONS}`,
  }
  const logger = createLogger('warn', { write: (line: string) => warnings.push(JSON.parse(line).msg) })
  services = []
  for (let count = 0; count < 2; count++) {
    services.push(await startService(readConfiguration(environment), { logger }))
  }
  await untilShared()
})
afterAll(async () => {
  for (const service of services) await service.close()
  await redis.stop()
  place.remove()
})

function open(index: number, client: string): Promise<Answer> {
  return ask(services[index % 2]?.port ?? 0, 'POST', '/touchstone/sessions', {
    headers: { origin: ORIGIN, 'x-forwarded-for': client },
    body: { request: 'signIn' },
  })
}

/** What of a client's limit the two say is left after a request to each. */
async function askBoth(client: string): Promise<number[]> {
  const left = []
  for (const { port } of services) {
    const { headers } = await ask(port, 'GET', METADATA, { headers: { 'x-forwarded-for': client } })
    left.push(Number(headers['ratelimit-remaining']))
  }
  return left
}

/** Until both have their connection: what one counts, the other knows. */
async function untilShared(): Promise<void> {
  for (;;) {
    const [one = 0, other = 0] = await askBoth('198.51.100.1')
    if (other === one - 1) return
    await setTimeout(50)
  }
}

it('one client has one limit at two services, by whichever address of its /64', async () => {
  const answers = []
  for (let index = 0; index < SESSIONS + 1; index++) answers.push(await open(index, `2001:db8::${index}`))
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 429])
  const [first, , , refused] = answers
  expect(refused?.json).toMatchObject({ error: 'rate_limited', retryable: true })
  expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0)
  expect(Number(refused?.headers['retry-after'])).toBeLessThanOrEqual(60)
  expect(first?.headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': '2' })
  expect((await open(0, '2001:db8:0:1::1')).status).toBe(201)
})

it('requests at once are counted each', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => open(index, '203.0.113.7')))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(SESSIONS)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(10 - SESSIONS)
})

it('goes on without Redis, each service for itself, and together again once it is back', async () => {
  const client = '203.0.113.8'
  expect([(await open(0, client)).status, (await open(1, client)).status]).toEqual([201, 201])
  warnings.length = 0
  // Killed while requests come in: none may fail, and none may wait for it.
  const [, ...during] = await Promise.all([
    redis.kill(),
    ...Array.from({ length: 20 }, (_, index) => open(index, `192.0.2.${index}`)),
  ])
  expect(during.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201))
  const alone = []
  for (let index = 0; index < 2 * SESSIONS + 2; index++) alone.push((await open(index, client)).status)
  expect(alone).toEqual([201, 201, 201, 201, 201, 201, 429, 429])
  // Once from each.
  expect(warnings).toEqual(['counting alone', 'counting alone'])

  await redis.restart()
  await untilShared()
  const together = []
  for (let index = 0; index < SESSIONS + 1; index++) together.push((await open(index, client)).status)
  expect(together).toEqual([201, 201, 201, 429])
})
