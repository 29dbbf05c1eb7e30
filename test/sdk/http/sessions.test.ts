import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Deployment } from '../../../sdk/server/deployment.ts'
import { createSession } from '../../../sdk/server/sessions.ts'
import { ageOver, type NewSessionOptions } from '../../../sdk/server.ts'
import { parseOrigin } from '../../../src/protocol/origin.ts'
import { parseRelyingPartyMetadata } from '../../../src/protocol/relying-party.ts'
import { verifyRequest } from '../../../src/protocol/request.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { makePresentation } from '../../fixtures/presentation.ts'
import { makeSimulatedKeySet } from '../../fixtures/simulated-key-set.ts'
import { openSimulatedSite } from '../../fixtures/simulated-site.ts'
import { openSite, WALLET } from '../../fixtures/site.ts'

let site: Awaited<ReturnType<typeof openSimulatedSite>>
beforeAll(async () => {
  site = await openSimulatedSite()
})
afterAll(async () => {
  expect(site.errors).toEqual([])
  await site.close()
})

const JSON_TYPE = { 'content-type': 'application/json' }

function report(session: string, body: unknown, origin = WALLET) {
  const init = { method: 'POST', headers: { ...JSON_TYPE, origin }, body: JSON.stringify(body) }
  return site.request(`/touchstone/sessions/${session}/state`, init)
}

async function stateOf({ session, cookie }: { session: string; cookie: string }): Promise<string> {
  const response = await site.request(`/touchstone/sessions/${session}`, { headers: { cookie } })
  const { state }: { state: string } = await response.json()
  return state
}

async function begin(options: Partial<NewSessionOptions> = {}) {
  const { setCookie = '', ...created } = await site.verifier.createSession({ request: 'signIn', ...options })
  return { ...created, cookie: setCookie.split(';')[0] ?? '' }
}

async function answer({ jws, session }: { jws: string; session: string }) {
  const { person, prove } = site
  return site.send(await makePresentation({ person, issuers: [], jws, prove }), session)
}

describe('the states of a session', () => {
  it('follow what the wallet reports, forward only, as often as it likes', async () => {
    const session = await site.begin('signIn')
    const seen = [await stateOf(session)]
    for (const state of ['CONNECTED', 'CONNECTED', 'PROVING', 'PROVING', 'CONNECTED']) {
      expect((await report(session.session, { state })).status).toBe(204)
      seen.push(await stateOf(session))
    }
    expect(seen).toEqual(['INITIALIZED', 'CONNECTED', 'CONNECTED', 'PROVING', 'PROVING', 'PROVING'])
    expect(await answer(session)).toMatchObject({ status: 200 })
    expect(await stateOf(session)).toBe('DONE')
    expect((await report(session.session, { state: 'PROVING' })).status).toBe(204)
    expect(await stateOf(session)).toBe('DONE')
  })

  it.each([[[]], [['CONNECTED']], [['PROVING']], [['CONNECTED', 'PROVING']]])(
    'take a presentation, and a decline, after the reports %j',
    async (states) => {
      const [answered, declined] = [await site.begin('signIn'), await site.begin('signIn')]
      for (const state of states) for (const { session } of [answered, declined]) await report(session, { state })
      expect(await answer(answered)).toMatchObject({ status: 200 })
      const path = `/touchstone/sessions/${declined.session}/decline`
      expect((await site.request(path, { method: 'POST', headers: { origin: WALLET } })).status).toBe(200)
      expect([await stateOf(answered), await stateOf(declined)]).toEqual(['DONE', 'CANCELLED'])
    },
  )

  it('are reported by the wallet alone, in one form', async () => {
    const { session } = await site.begin('signIn')
    const refused = async (response: Promise<Response>) => {
      const { status, headers } = await response.then(async (got) => got)
      return [status, headers.get('access-control-allow-origin')]
    }
    expect(await refused(report(session, { state: 'PROVING' }, site.origin))).toEqual([403, null])
    expect(await refused(report(session, { state: 'PROVING' }, 'https://evil.example'))).toEqual([403, null])
    for (const body of [
      { state: 'DONE' },
      { state: 'TIMEOUT' },
      { state: 'CONNECTED', able: true },
      {},
      null,
      'PROVING',
    ]) {
      expect(await refused(report(session, body))).toEqual([400, WALLET])
    }
    expect(await refused(report('A'.repeat(22), { state: 'PROVING' }))).toEqual([404, WALLET])
    const preflight = { method: 'OPTIONS', headers: { origin: WALLET } }
    expect(await refused(site.request(`/touchstone/sessions/${session}/state`, preflight))).toEqual([204, WALLET])
  })

  it('end by the clock of the server, to the second, whatever was reported', async () => {
    for (const states of [[], ['CONNECTED', 'PROVING']]) {
      const session = await site.begin('signIn')
      for (const state of states) await report(session.session, { state })
      site.clock.advance(119)
      const before = await stateOf(session)
      expect(before).toBe(states.at(-1) ?? 'INITIALIZED')
      site.clock.advance(1)
      expect(await stateOf(session)).toBe('TIMEOUT')
      await report(session.session, { state: 'PROVING' })
      expect(await answer(session)).toMatchObject({ status: 410, error: 'session_expired' })
      expect(await stateOf(session)).toBe('TIMEOUT')
    }
  })
})

describe('what a session may be given', () => {
  it.each([30, 31, 599, 600])('a life of %i s, to the second', async (ttl) => {
    for (const [wait, state] of [
      [ttl - 1, 200],
      [ttl, 410],
    ] as const) {
      const session = await begin({ ttl })
      expect(session.expires * 1000).toBe(site.clock.read().getTime() + ttl * 1000)
      site.clock.advance(wait)
      expect(await answer(session)).toMatchObject({ status: state })
    }
  })

  it.each([29, 601, 60.5, '60', Number.NaN, null])('not a life of %s', async (ttl) => {
    expect(await codeOfAsync(begin({ ttl: ttl as number }))).toBe('option_invalid')
  })

  it('a request that a wallet takes whose clock is a minute off, and no more', async () => {
    const { jws, expires } = await begin({ ttl: 30 })
    const metadata = await (await site.request('/.well-known/touchstone.json')).json()
    const origin = parseOrigin(site.origin)
    const { keys } = parseRelyingPartyMetadata(metadata, origin)
    const read = async (seconds: number) =>
      codeOfAsync(verifyRequest({ jws, keys, expectedOrigin: origin, now: new Date(seconds * 1000) }))
    expect(await read(expires - 30 - 60)).toBeUndefined()
    expect(await read(expires - 30 - 61)).toBe('request_expired')
    expect(await read(expires + 59)).toBeUndefined()
    expect(await read(expires + 60)).toBe('request_expired')
  })

  it('words why it asks, which are signed', async () => {
    const { jws } = await begin({ purpose: 'So that we may sell you wine' })
    expect(decodeJwt(jws)).toMatchObject({ purpose: 'So that we may sell you wine' })
    expect(decodeJwt((await begin()).jws)).not.toHaveProperty('purpose')
    for (const purpose of ['', ' ', 'a'.repeat(81), 'two\nlines', 'turned\u202earound', 7 as unknown as string]) {
      expect(await codeOfAsync(begin({ purpose }))).toBe('option_invalid')
    }
  })

  it('words and a life from its request, unless it has its own', async () => {
    const signIn = { query: { type: 'login', id: 'login' }, purpose: 'To know you again', ttl: 45 } as const
    const other = await openSimulatedSite({ requests: { signIn } })
    const seconds = (jws: string) => Number(decodeJwt(jws).exp) - Number(decodeJwt(jws).iat)
    const { jws } = await other.begin('signIn')
    expect([decodeJwt(jws).purpose, seconds(jws)]).toEqual(['To know you again', 45])
    const own = await other.verifier.createSession({ request: 'signIn', purpose: 'To be sure', ttl: 50 })
    expect([decodeJwt(own.jws).purpose, seconds(own.jws)]).toEqual(['To be sure', 50])
    await other.close()
    for (const wrong of [
      { ...signIn, purpose: 'a\tb' },
      { ...signIn, ttl: 29 },
    ]) {
      expect(await codeOfAsync(openSimulatedSite({ requests: { signIn: wrong } }))).toBe('option_invalid')
    }
  })

  it('a link, of which it is not known whether anybody follows it', async () => {
    const { walletUrl, jws, ...session } = await begin({ transport: 'link' })
    expect(walletUrl).toBe(`${WALLET}/present#request=${jws}`)
    expect(await stateOf(session)).toBe('PAIRING')
    await report(session.session, { state: 'CONNECTED' })
    expect(await stateOf(session)).toBe('CONNECTED')
    expect(await answer({ jws, ...session })).toMatchObject({ status: 200 })

    const headers = { ...JSON_TYPE, origin: site.origin }
    const ask = (body: object) =>
      site.request('/touchstone/sessions', { method: 'POST', headers, body: JSON.stringify(body) })
    const byPage = await (await ask({ request: 'signIn', transport: 'link' })).json()
    expect(byPage.walletUrl).toBe(`${WALLET}/present#request=${byPage.jws}`)
    expect(await (await ask({ request: 'signIn', transport: 'window' })).json()).not.toHaveProperty('walletUrl')
    for (const more of [{ transport: 'qr' }, { ttl: 600 }, { purpose: 'To be believed' }]) {
      expect((await ask({ request: 'signIn', ...more })).status).toBe(400)
    }
    expect(await codeOfAsync(begin({ transport: 'qr' as 'link' }))).toBe('option_invalid')
  })
})

describe('a request that is written out', () => {
  const login = { type: 'login', id: 'who' } as const

  it('is answered as a named one is', async () => {
    const session = await begin({ request: { query: login, returnPath: '/back', ttl: 40 } })
    expect(decodeJwt(session.jws)).toMatchObject({ query: login, returnUri: `${site.origin}/back` })
    const { code = '' } = await answer(session)
    const result = await site.verifier.getResult({ code, cookie: session.cookie })
    const { session: id } = session
    expect(result).toMatchObject({ session: id, request: '(inline)', answers: { who: { type: 'login' } } })
  })

  it('enters no visit: its result stays for the server', async () => {
    const session = await begin({ request: login })
    const { code = '' } = await answer(session)
    const headers = { ...JSON_TYPE, origin: site.origin, cookie: session.cookie }
    const init = { method: 'POST', headers, body: JSON.stringify({ code }) }
    const response = await site.request('/touchstone/result', init)
    expect([response.status, response.headers.get('set-cookie')]).toEqual([409, null])
    expect(await response.json()).toMatchObject({ error: 'result_without_visit' })
    expect(await site.verifier.getResult({ code, cookie: session.cookie })).toMatchObject({ request: '(inline)' })
  })

  it('is checked as a named one is', async () => {
    const of = (request: unknown) => codeOfAsync(begin({ request: request as NewSessionOptions['request'] }))
    expect(await of({ type: 'login', id: 'Who' })).toBe('option_invalid')
    expect(await of({ query: login, returnPath: '//evil.example' })).toBe('option_invalid')
    expect(await of({ query: login, ttl: 29 })).toBe('option_invalid')
    expect(await of({ query: login, extra: 1 })).toBe('option_invalid')
    const act = {
      type: 'action',
      id: 'a',
      issuers: [site.issuer.metadata.origin],
      schema: 'A'.repeat(43),
      predicates: [],
    }
    expect(await of({ all: [login, { ...act, action: 'x' }] })).toBe('query_invalid')
    expect(await of('unheardOf')).toBe('request_unknown')
  })

  it('is for the server: a page has names only', async () => {
    const init = {
      method: 'POST',
      headers: { ...JSON_TYPE, origin: site.origin },
      body: JSON.stringify({ request: login }),
    }
    expect((await site.request('/touchstone/sessions', init)).status).toBe(400)
  })
})

describe('an event stream over HTTP', () => {
  /** Reads a stream until so many events have come, or it ends. */
  async function listen(session: { session: string; cookie: string }, lastEventId?: string) {
    const gone = new AbortController()
    const headers = { cookie: session.cookie, ...(lastEventId && { 'last-event-id': lastEventId }) }
    const path = `/touchstone/sessions/${session.session}/events`
    const response = await site.request(path, { headers, signal: gone.signal })
    const reader = response.ok ? response.body?.pipeThrough(new TextDecoderStream()).getReader() : undefined
    let text = ''
    const events = () => [...text.matchAll(/^id: (\d)\ndata: \{"state":"([A-Z]+)"\}$/gm)].map(([, n, s]) => `${n} ${s}`)
    return {
      response,
      leave: () => gone.abort(),
      async until(count: number) {
        while (events().length < count) {
          const next = await reader?.read()
          if (!next || next.done) break
          text += next.value
        }
        return events()
      },
    }
  }

  it('comes as it happens, and ends', async () => {
    const session = await site.begin('signIn')
    const stream = await listen(session)
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(stream.response.headers.get('cache-control')).toBe('no-store')
    expect(await stream.until(1)).toEqual(['1 INITIALIZED'])
    await report(session.session, { state: 'CONNECTED' })
    expect(await stream.until(2)).toEqual(['1 INITIALIZED', '3 CONNECTED'])
    await answer(session)
    expect(await stream.until(9)).toEqual(['1 INITIALIZED', '3 CONNECTED', '5 DONE'])
    expect((await listen(session, '5')).response.status).toBe(204)
    const rest = await listen(session, '3')
    expect(await rest.until(9)).toEqual(['5 DONE'])
  })

  it('tells every process’s browsers what another process wrote', async () => {
    const other = await site.anotherProcess()
    const session = await site.begin('signIn')
    const stream = await listen(session)
    await stream.until(1)
    const url = `${site.origin}/touchstone/sessions/${session.session}/state`
    const init = { method: 'POST', headers: { ...JSON_TYPE, origin: WALLET }, body: '{"state":"PROVING"}' }
    expect((await other.handle(new Request(url, init)))?.status).toBe(204)
    expect(await stream.until(2)).toEqual(['1 INITIALIZED', '4 PROVING'])
    stream.leave()
    await other.close()
  })

  it('is not for others, and four times for its own browser; whoever leaves makes room', async () => {
    const session = await site.begin('signIn')
    expect((await listen({ ...session, cookie: '' })).response.status).toBe(404)
    const streams = []
    for (let i = 0; i < 4; i++) streams.push(await listen(session))
    const refused = await listen(session)
    expect([refused.response.status, refused.response.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await refused.response.json()).toMatchObject({ error: 'streams_exhausted', retryable: true })
    streams[0]?.leave()
    let status = 503
    // The server hears of it a moment later.
    for (let i = 0; status === 503 && i < 100; i++) {
      const again = await listen(session)
      status = again.response.status
      if (status === 503) await new Promise((resolve) => setTimeout(resolve, 20))
      else streams.push(again)
    }
    expect(status).toBe(200)
    for (const stream of streams) stream.leave()
  })
})

describe('a result', () => {
  it('is of the session that was expected, or stays unread', async () => {
    const first = await begin()
    const second = { ...(await begin({ cookie: first.cookie })), cookie: first.cookie }
    const { code = '' } = await answer(second)
    const { cookie } = first
    const wrong = site.verifier.getResult({ code, cookie, session: first.session })
    expect(await codeOfAsync(wrong)).toBe('result_wrong_session')
    const { session } = second
    expect(await site.verifier.getResult({ code, cookie, session })).toMatchObject({ session, request: 'signIn' })
  })
})

describe('issuers of a request that is written out', () => {
  const of = (issuer: string) => ({ ...ageOver(18, { issuers: [issuer] }), id: 'adult' })

  it('are those of the requests by name, unless `issuers` says otherwise', async () => {
    const asked = new Set<string>()
    const fetch = async (url: string) => {
      asked.add(new URL(url).origin)
      return new Response('', { status: 503 })
    }
    const requests = { over18: of('https://issuer.example') }
    const own = await openSite({ keySets: [makeSimulatedKeySet()], requests, fetch })
    const codeFor = (issuer: string) => codeOfAsync(own.verifier.createSession({ request: of(issuer) }))
    expect(await codeFor('https://other.example')).toBe('option_invalid')
    expect([...asked]).toEqual([])
    expect(await codeFor('https://issuer.example')).toBe('issuer_unreachable')
    expect([...asked]).toEqual(['https://issuer.example'])
    await own.close()
    expect(await codeOfAsync(site.verifier.createSession({ request: of('https://other.example') }))).toBe(
      'issuer_unreachable',
    )
  })

  it('are https in production', async () => {
    // Refused before anything else of a deployment is looked at.
    const at = (mode: 'production' | 'development') => ({ config: { mode, clock: () => new Date() } }) as Deployment
    const request = of('http://issuer.localhost:4401')
    expect(await codeOfAsync(createSession(at('production'), { request }))).toBe('option_invalid')
    expect(await codeOfAsync(site.verifier.createSession({ request }))).toBe('issuer_unreachable')
  })
})
