import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfiguration } from '../../../server/service/configuration.ts'
import { createLogger } from '../../../server/service/logger.ts'
import { type RunningService, startService } from '../../../server/service/service.ts'
import { API_KEY, ask, askApi, cookieOf, makePlace, ORIGIN, type Place, present, WALLET } from './service-under-test.ts'

let place: Place
let lines: string[]
beforeAll(async () => {
  place = await makePlace()
  lines = []
})
afterAll(() => place.remove())

function start(changes: Record<string, string> = {}): Promise<RunningService> {
  const configuration = readConfiguration({ ...place.environment, ...changes })
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return startService(configuration, { logger: createLogger('debug', destination) })
}

/** A session of the API, answered: the code, and the browser's cookie. */
async function answered(port: number) {
  const { json } = await askApi(port, 'POST', '/v1/sessions', { request: 'signIn' })
  const body = await place.answer(json.jws)
  const sent = await present(port, json.session, body)
  return { session: json.session, cookie: cookieOf(json.setCookie), code: sent.json.code, body, sent }
}

describe('the service', () => {
  let service: RunningService
  beforeAll(async () => {
    service = await start({ TOUCHSTONE_SESSIONS_PER_MINUTE: '20' })
  })
  afterAll(() => service.close())

  it('takes a backend through a sign-in, and its visitors through the site’s addresses', async () => {
    const { port } = service
    const opened = await askApi(port, 'POST', '/v1/sessions', { request: 'signIn' })
    expect(opened.status).toBe(201)
    expect(opened.json).toMatchObject({ walletOrigin: WALLET, expires: expect.any(Number) })
    expect(opened.json.setCookie).toMatch(/^__Host-touchstone=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/)
    const { session, jws, setCookie } = opened.json
    const state = () => askApi(port, 'GET', `/v1/sessions/${session}`)
    expect((await state()).json).toMatchObject({ session, request: 'signIn', state: 'INITIALIZED' })
    const sent = await present(port, session, await place.answer(jws))
    expect(sent.status).toBe(200)
    expect((await state()).json.state).toBe('DONE')
    const cookie = cookieOf(setCookie)
    const wrong = await askApi(port, 'POST', '/v1/results', { code: sent.json.code, cookie: '' })
    expect(wrong).toMatchObject({ status: 403, json: { error: 'result_wrong_browser' } })
    const result = await askApi(port, 'POST', '/v1/results', { code: sent.json.code, cookie })
    expect(result.json).toMatchObject({ request: 'signIn', login: { nullifier: expect.stringMatching(/^[\w-]{43}$/) } })
    const again = await askApi(port, 'POST', '/v1/results', { code: sent.json.code, cookie })
    expect(again).toMatchObject({ status: 409, json: { error: 'result_already_read' } })
    const { nullifier } = result.json.login
    const second = await answered(port)
    const visit = await ask(port, 'POST', '/touchstone/result', {
      headers: { origin: ORIGIN, cookie: second.cookie },
      body: { code: second.code },
    })
    expect(visit.status).toBe(200)
    const visitor = cookieOf(visit.headers['set-cookie']?.[0])
    const shown = await askApi(port, 'POST', '/v1/visits', { cookie: visitor })
    expect(shown.json).toMatchObject({ login: { nullifier }, results: { signIn: { readAt: expect.any(Number) } } })
    expect((await askApi(port, 'POST', '/v1/visits', { cookie })).json).toEqual({ results: {} })
    expect(await askApi(port, 'POST', '/v1/forget', { nullifier })).toMatchObject({ status: 200, json: {} })
    expect((await askApi(port, 'POST', '/v1/visits', { cookie: visitor })).json).toEqual({ results: {} })
  })

  it('opens sessions that are written out, with a purpose and an end of their own', async () => {
    const request = { query: { type: 'login', id: 'me' }, returnPath: '/back' }
    const asked = { request, purpose: 'To find your basket again', ttl: 30, transport: 'link' }
    const { status, json } = await askApi(service.port, 'POST', '/v1/sessions', asked)
    expect(status).toBe(201)
    expect(json.walletUrl).toContain(`${WALLET}/`)
    expect(json.expires).toBeLessThanOrEqual(Date.now() / 1000 + 31)
    expect(decodeJwt(json.jws)).toMatchObject({
      purpose: asked.purpose,
      returnUri: `${ORIGIN}/back`,
      query: request.query,
    })
  })

  it('serves the site’s own addresses with headers of its own', async () => {
    const metadata = await ask(service.port, 'GET', '/.well-known/touchstone.json')
    expect(metadata.json).toMatchObject({ version: 1, origin: ORIGIN })
    expect(metadata.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'strict-transport-security': expect.stringContaining('max-age=31536000'),
      'x-content-type-options': 'nosniff',
      'ratelimit-limit': '600',
    })
    const opened = await ask(service.port, 'POST', '/touchstone/sessions', {
      headers: { origin: ORIGIN },
      body: { request: 'signIn' },
    })
    expect(opened.status).toBe(201)
    expect(opened.headers['set-cookie']).toHaveLength(1)
  })

  it.each([
    ['no key', {}, 401, 'api_key_missing'],
    ['another scheme', { authorization: `Basic ${API_KEY}` }, 401, 'api_key_missing'],
    ['another key', { authorization: `Bearer ${API_KEY.replace('q2', 'q3')}` }, 401, 'api_key_unknown'],
    ['a longer key', { authorization: `Bearer ${API_KEY}x` }, 401, 'api_key_unknown'],
  ])('refuses a backend with %s', async (_, headers, status, error) => {
    const answer = await ask(service.port, 'POST', '/v1/sessions', { headers, body: { request: 'signIn' } })
    expect(answer).toMatchObject({ status, json: { error, retryable: false } })
    expect(answer.headers['www-authenticate']).toBe('Bearer')
  })

  it.each([
    ['POST', '/v1/sessions', { request: 'other' }, 400, 'request_unknown'],
    ['POST', '/v1/sessions', { request: 7 }, 400, 'body_invalid'],
    ['POST', '/v1/sessions', { request: 'signIn', more: 1 }, 400, 'body_invalid'],
    ['POST', '/v1/sessions', { request: 'signIn', ttl: 5 }, 422, 'option_invalid'],
    ['POST', '/v1/sessions', { request: 'signIn', purpose: 'a\nb' }, 422, 'option_invalid'],
    ['POST', '/v1/sessions', { request: { query: { type: 'other' } } }, 422, 'option_invalid'],
    ['POST', '/v1/sessions', '{', 400, 'body_invalid'],
    ['POST', '/v1/sessions', `{"request":"${'x'.repeat(20_000)}"}`, 413, 'body_too_large'],
    ['GET', '/v1/sessions/AAAAAAAAAAAAAAAAAAAAAA', undefined, 404, 'session_unknown'],
    ['GET', '/v1/sessions/a', undefined, 404, 'session_unknown'],
    ['POST', '/v1/results', { code: 'x', cookie: '' }, 404, 'result_unknown'],
    ['POST', '/v1/forget', { nullifier: 'x' }, 400, 'body_invalid'],
    ['GET', '/v1/other', undefined, 404, 'route_unknown'],
    ['GET', '/touchstone/other/things', undefined, 404, 'route_unknown'],
  ])('refuses %s %s with %o', async (method, path, body, status, error) => {
    expect(await askApi(service.port, method, path, body)).toMatchObject({ status, json: { error } })
  })

  it.each([
    [{ request: 7 }, 'request: '],
    [{ request: 'signIn', more: 1 }, 'the body: has members that do not belong there'],
    [{}, 'request: '],
    [{ request: 'signIn', ttl: 'x' }, 'ttl: wanted '],
  ])('says of %o which member, and not in the words of a library', async (body, words) => {
    const { json } = await askApi(service.port, 'POST', '/v1/sessions', body)
    expect(json.message).toContain(words)
    expect(json.message).not.toMatch(/invalid_|unrecognized_/)
  })

  it('refuses a body of another type', async () => {
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'text/plain' }
    const answer = await ask(service.port, 'POST', '/v1/sessions', { headers, body: 'x' })
    expect(answer).toMatchObject({ status: 415, json: { error: 'content_type_invalid' } })
  })

  it('says how it is, and counts what happens', async () => {
    expect(await ask(service.port, 'GET', '/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } })
    expect(await ask(service.port, 'GET', '/readyz')).toMatchObject({
      status: 200,
      json: { status: 'ready', parts: { process: 'ok', database: 'ok', issuers: 'ok', verification: 'ok' } },
    })
    expect((await ask(service.port, 'GET', '/metrics')).status).toBe(401)
    const { text, headers } = await askApi(service.port, 'GET', '/metrics')
    expect(headers['content-type']).toMatch(/^text\/plain/)
    expect(text).toMatch(/touchstone_events_total\{event="accepted",request="signIn",code=""\} 2/)
    expect(text).toMatch(/touchstone_events_total\{event="result_read",request="signIn",code=""\} 2/)
    expect(text).toMatch(/touchstone_presentation_seconds_count\{outcome="accepted"\} 2/)
    expect(text).toMatch(
      /touchstone_http_request_seconds_count\{method="POST",route="\/touchstone\/sessions\/\{id\}\/presentation",status="200"\} 2/,
    )
    expect(text).toContain('process_cpu_seconds_total')
  })

  it('counts each client, and tells one that has asked too often when to come back', async () => {
    const open = () =>
      ask(service.port, 'POST', '/touchstone/sessions', { headers: { origin: ORIGIN }, body: { request: 'signIn' } })
    let answer = await open()
    for (let count = 0; count < 20 && answer.status === 201; count++) answer = await open()
    expect(answer).toMatchObject({ status: 429, json: { error: 'rate_limited', retryable: true } })
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    // Its other requests are counted apart, and nobody may lend himself another address.
    expect((await ask(service.port, 'GET', '/.well-known/touchstone.json')).status).toBe(200)
    const disguised = await ask(service.port, 'POST', '/touchstone/sessions', {
      headers: { origin: ORIGIN, 'x-forwarded-for': '203.0.113.9' },
      body: { request: 'signIn' },
    })
    expect(disguised.status).toBe(429)
  })
})

it('believes a trusted proxy about its clients, and nobody else', async () => {
  const service = await start({ TOUCHSTONE_TRUSTED_PROXIES: '127.0.0.1/32', TOUCHSTONE_SESSIONS_PER_MINUTE: '1' })
  const open = (client: string) =>
    ask(service.port, 'POST', '/touchstone/sessions', {
      headers: { origin: ORIGIN, 'x-forwarded-for': client },
      body: { request: 'signIn' },
    })
  const clients = ['203.0.113.1', '203.0.113.1', '203.0.113.2', '2001:db8::1', '2001:db8::2', '2001:db8:0:1::1']
  const statuses = []
  for (const client of clients) statuses.push((await open(client)).status)
  expect(statuses).toEqual([201, 429, 201, 201, 429, 201])
  await service.close()
})

it('counts who shows a wrong key, and never locks out who shows the right one', async () => {
  const service = await start({ TOUCHSTONE_REQUESTS_PER_MINUTE: '10' })
  const guess = () => ask(service.port, 'GET', '/metrics', { headers: { authorization: 'Bearer a-guess-of-mine' } })
  const guesses = []
  for (let count = 0; count < 11; count++) guesses.push((await guess()).status)
  expect(guesses).toEqual([...Array(10).fill(401), 429])
  expect((await ask(service.port, 'GET', '/openapi.json')).status).toBe(429)
  expect((await ask(service.port, 'GET', '/healthz')).status).toBe(200)
  expect((await askApi(service.port, 'POST', '/v1/sessions', { request: 'signIn' })).status).toBe(201)
  await service.close()
})

it('has a port of its own for the backend', async () => {
  const service = await start({ TOUCHSTONE_ADMIN_PORT: '0' })
  const { port, adminPort } = service
  expect(port).not.toBe(adminPort)
  for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json']) {
    expect((await ask(adminPort, 'GET', path)).status, path).toBe(200)
    expect((await ask(port, 'GET', path)).status, path).toBe(404)
  }
  expect((await askApi(port, 'POST', '/v1/sessions', { request: 'signIn' })).status).toBe(404)
  expect((await ask(adminPort, 'GET', '/.well-known/touchstone.json')).status).toBe(404)
  await service.close()
})

it('logs nothing that identifies a person or lets somebody act', async () => {
  lines = []
  const service = await start()
  const { session, cookie, code, body } = await answered(service.port)
  const broken = body.replace(/"proof":"..../, '"proof":"AAAA')
  await present(service.port, session, broken)
  await askApi(service.port, 'POST', '/v1/results', { code: `${code}x`, cookie })
  const { json } = await askApi(service.port, 'POST', '/v1/results', { code, cookie })
  await ask(service.port, 'GET', `/touchstone/sessions/${session}?code=${code}`, { headers: { cookie } })
  await ask(service.port, 'GET', `/v1/${code}`)
  await service.close()
  const log = lines.join('')
  expect(log).toContain('/touchstone/sessions/{id}/presentation')
  const secrets = [API_KEY, cookie.split('=')[1], code, session, json.login.nullifier, json.login.pseudonym, 'eyJ']
  expect(secrets.filter((secret) => secret === undefined || log.includes(secret))).toEqual([])
  const logger = createLogger('info', new Writable({ write: (chunk, _, done) => done(void lines.push(String(chunk))) }))
  lines = []
  logger.info({ cookie: 'CANARY', request: { headers: { a: 'CANARY' }, body: 'CANARY' }, code: 'CANARY' }, 'slipped')
  expect(lines.join('')).not.toContain('CANARY')
})

/** Sends the head of a presentation and half of its body, and waits until the service has them. */
async function halfSent(port: number, session: string, body: string) {
  const bytes = Buffer.from(body)
  const middle = bytes.length >> 1
  const socket = connect(port, '127.0.0.1')
  const received: Buffer[] = []
  socket.on('data', (chunk: Buffer) => received.push(chunk))
  const over = new Promise<string>((resolve) => {
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(Buffer.concat(received).toString()))
  })
  socket.write(
    `POST /touchstone/sessions/${session}/presentation HTTP/1.1\r\nhost: x\r\norigin: ${WALLET}\r\n` +
      `content-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`,
  )
  socket.write(bytes.subarray(0, middle))
  while (!(await askApi(port, 'GET', '/metrics')).text.includes('touchstone_presentations_waiting 1')) {
    await setTimeout(10)
  }
  return { finish: () => socket.write(bytes.subarray(middle)), over }
}

it('finishes what runs when it is told to stop, and takes no more', async () => {
  const service = await start()
  const { json } = await askApi(service.port, 'POST', '/v1/sessions', { request: 'signIn' })
  const running = await halfSent(service.port, json.session, await place.answer(json.jws))
  const closing = Promise.all([service.close(), service.close()])
  await expect(ask(service.port, 'GET', '/healthz')).rejects.toThrow(/ECONN(REFUSED|RESET)/)
  running.finish()
  expect(await running.over).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*"code":"/i)
  await closing
})

it('cuts off what does not end in time', async () => {
  const service = await start({ TOUCHSTONE_SHUTDOWN_SECONDS: '1' })
  const { json } = await askApi(service.port, 'POST', '/v1/sessions', { request: 'signIn' })
  const running = await halfSent(service.port, json.session, await place.answer(json.jws))
  const begun = performance.now()
  await service.close()
  expect(performance.now() - begun).toBeGreaterThan(800)
  expect(await running.over).not.toContain('200')
})
