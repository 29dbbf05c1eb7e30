import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { fastify } from 'fastify'
import { expect, it } from 'vitest'
import { findRoute } from '../../../sdk/server/routes.ts'
import { addSiteRoutes, routeOf, type SiteActivity } from '../../../server/service/site-routes.ts'

const ID = 'A'.repeat(22)

it('knows each address of the SDK by its pattern', () => {
  const others = ['sessions', 'result', 'sign-out', 'config.json', 'button.js'].map((name) => `/touchstone/${name}`)
  for (const path of [...others, '/.well-known/touchstone.json']) {
    expect(findRoute(path)).toBeDefined()
    expect(routeOf(`${path}?x=1`)).toBe(path)
  }
  for (const action of ['', '/presentation', '/decline', '/state', '/events']) {
    expect(findRoute(`/touchstone/sessions/${ID}${action}`)).toBeDefined()
    expect(routeOf(`/touchstone/sessions/${ID}${action}`)).toBe(`/touchstone/sessions/{id}${action}`)
  }
})

it('has one pattern for all other paths, however many are asked for', () => {
  const random = () => randomBytes(6).toString('hex').replace(/\d/g, 'x')
  const patterns = new Set<string>()
  for (let count = 0; count < 500; count++) {
    const paths = ['', '.js', '/a', `/${random()}`].map((end) => `/touchstone/${random()}${end}`)
    const below = [random(), 'constructor', 'refused'].map((last) => `/touchstone/sessions/${ID}/${last}`)
    for (const path of [...paths, ...below, `/${random()}`, `/.well-known/${random()}`]) patterns.add(routeOf(path))
  }
  expect([...patterns]).toEqual(['(other)'])
})

it.each(['events', 'presentation'])('counts nobody who left while the limit was counted: %s', async (last) => {
  const activity: SiteActivity = { streams: new Set(), presentations: 0 }
  const counted = Promise.withResolvers<{ consumedPoints: number; remainingPoints: number; msBeforeNext: number }>()
  const asked = Promise.withResolvers<void>()
  let handled = 0
  const count = () => {
    asked.resolve()
    return counted.promise
  }
  const handleNode = async () => {
    handled++
    return true
  }
  const app = fastify()
  const limits = { sessions: 9, presentations: 9, others: 9 }
  addSiteRoutes(app, { verifier: { handleNode }, counter: { count, close: async () => {} }, limits, activity })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  await once(socket, 'connect')
  const method = last === 'events' ? 'GET' : 'POST'
  socket.write(`${method} /touchstone/sessions/${ID}/${last} HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n`)
  await asked.promise
  socket.destroy()
  await setTimeout(100)
  counted.resolve({ consumedPoints: 1, remainingPoints: 8, msBeforeNext: 60_000 })
  await setTimeout(50)
  expect({ ...activity, handled }).toEqual({ streams: new Set(), presentations: 0, handled: 0 })
  await app.close()
})
