import { request as httpRequest } from 'node:http'
import { importJWK, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseOrigin } from '../../../src/protocol/origin.ts'
import { parseRelyingPartyMetadata } from '../../../src/protocol/relying-party.ts'
import { verifyRequest } from '../../../src/protocol/request.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { loaderOf } from '../../fixtures/issuer.ts'
import { makePresentation } from '../../fixtures/presentation.ts'
import { openSimulatedSite } from '../../fixtures/simulated-site.ts'
import { WALLET } from '../../fixtures/site.ts'

let site: Awaited<ReturnType<typeof openSimulatedSite>>
beforeAll(async () => {
  site = await openSimulatedSite()
})
afterAll(async () => {
  expect(site.errors).toEqual([])
  await site.close()
})

async function metadata() {
  const response = await site.request('/.well-known/touchstone.json')
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  return parseRelyingPartyMetadata(await response.json(), parseOrigin(site.origin))
}

async function create(headers: Record<string, string>, body: BodyInit = '{"request":"signIn"}') {
  const response = await site.request('/touchstone/sessions', { method: 'POST', headers, body })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

const JSON_TYPE = { 'content-type': 'application/json' }

describe('opening a session', () => {
  it('gives a request that a wallet accepts', async () => {
    const { jws, expires, status, walletOrigin, session } = await site.begin('over18')
    expect(status).toBe(201)
    expect(walletOrigin).toBe(WALLET)
    const { keys } = await metadata()
    const origin = parseOrigin(site.origin)
    const { payload } = await verifyRequest({ jws, keys, expectedOrigin: origin, now: site.clock.read() })
    expect(payload).toMatchObject({
      iss: site.origin,
      exp: expires,
      session,
      responseUri: `${site.origin}/touchstone/sessions/${session}/presentation`,
      query: { predicates: [{ op: '$lte', claim: 'birthDate', value: '2008-03-01' }] },
    })
    const [jwk] = keys
    const { protectedHeader } = await jwtVerify(jws, await importJWK({ ...jwk }, 'ES256'), {
      currentDate: site.clock.read(),
    })
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'touchstone-request+jwt', kid: jwk?.kid })
  })

  it('asks for another age on the next day', async () => {
    const later = await openSimulatedSite({ clock: () => new Date('2026-03-02T00:00:00Z') })
    const { jws } = await later.begin('over18')
    expect(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()).toContain('2008-03-02')
    await later.close()
  })

  it('never repeats a session or a nonce', async () => {
    const requests = [await site.begin('signIn'), await site.begin('signIn')].map(({ jws }) =>
      JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()),
    )
    for (const member of ['session', 'nonce']) expect(requests[0][member]).not.toBe(requests[1][member])
  })

  it('is for the site’s own pages', async () => {
    expect((await create({ ...JSON_TYPE, origin: site.origin })).status).toBe(201)
    for (const origin of [WALLET, 'https://evil.example', 'null', site.origin.replace('wine', 'evil')]) {
      expect(await create({ ...JSON_TYPE, origin })).toMatchObject({ status: 403, body: { error: 'origin_forbidden' } })
    }
    expect(await create(JSON_TYPE)).toMatchObject({ status: 403, body: { error: 'origin_forbidden' } })
  })

  it('is refused for a name that was not given at the start, inherited ones too', async () => {
    for (const name of ['other', 'constructor', '__proto__', '']) {
      const body = JSON.stringify({ request: name })
      expect(await create({ ...JSON_TYPE, origin: site.origin }, body)).toMatchObject({
        status: 400,
        body: { error: 'request_unknown' },
      })
    }
  })

  it('is refused with a body of another form', async () => {
    for (const body of ['{}', '[]', 'null', '{"request":1}', '{"request":"signIn","more":1}', '{', '']) {
      expect(await create({ ...JSON_TYPE, origin: site.origin }, body)).toMatchObject({
        status: 400,
        body: { error: 'body_invalid', retryable: false },
      })
    }
  })

  it('is not answered by an issuer that is down', async () => {
    const down = await openSimulatedSite({ issuers: loaderOf() })
    const response = await down.request('/touchstone/sessions', {
      method: 'POST',
      headers: { ...JSON_TYPE, origin: down.origin },
      body: '{"request":"over18"}',
    })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ error: 'issuer_unreachable', retryable: true })
    // What asks no issuer goes on.
    expect((await down.begin('signIn')).status).toBe(201)
    await down.close()
  })
})

describe('the cookie', () => {
  it('is out of reach of scripts and of other hosts', async () => {
    const { setCookie } = await site.begin('signIn')
    expect(setCookie).toMatch(/^__Host-touchstone=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/)
  })

  it('stays while another session of the browser is open, and changes after', async () => {
    const first = await site.ask('signIn')
    const second = await site.begin('signIn', { cookie: first.cookie })
    expect(second.setCookie).toBeNull()
    const { code = '' } = await site.send(first.presentation)
    expect(await site.verifier.getResult({ code, cookie: first.cookie })).toMatchObject({ request: 'signIn' })
    site.clock.advance(121)
    const third = await site.begin('signIn', { cookie: first.cookie })
    expect(third.setCookie).not.toBeNull()
    expect(third.cookie).not.toBe(first.cookie)
  })

  it('is never taken from the browser', async () => {
    const planted = `__Host-touchstone=${'p'.repeat(43)}`
    expect((await site.begin('signIn', { cookie: planted })).cookie).not.toBe(planted)
  })

  it('decides who reads a result, and leaves it for the right one', async () => {
    const { presentation, cookie } = await site.ask('signIn')
    const { code = '' } = await site.send(presentation)
    const other = await site.begin('signIn')
    for (const wrong of [undefined, '', other.cookie, `${cookie}; ${other.cookie}`, cookie.slice(0, -1)]) {
      expect(await codeOfAsync(site.verifier.getResult({ code, cookie: wrong }))).toBe('result_wrong_browser')
    }
    expect(await site.verifier.getResult({ code, cookie: `theme=dark; ${cookie}` })).toMatchObject({
      request: 'signIn',
    })
  })

  it('decides who sees a state', async () => {
    const { session, cookie } = await site.begin('signIn')
    const state = async (headers: Record<string, string>) =>
      (await site.request(`/touchstone/sessions/${session}`, { headers })).json()
    expect(await state({ cookie })).toEqual({ state: 'INITIALIZED' })
    expect(await state({})).toMatchObject({ error: 'session_unknown' })
    expect(await state({ cookie: (await site.begin('signIn')).cookie })).toMatchObject({ error: 'session_unknown' })
    site.clock.advance(120)
    expect(await state({ cookie })).toEqual({ state: 'TIMEOUT' })
  })
})

describe('a result', () => {
  it('is unknown under a code that was never given', async () => {
    const { cookie } = await site.begin('signIn')
    for (const code of ['', 'x', 'A'.repeat(43)]) {
      expect(await codeOfAsync(site.verifier.getResult({ code, cookie }))).toBe('result_unknown')
    }
  })

  it('is gone after five minutes', async () => {
    for (const [wait, outcome] of [
      [299, undefined],
      [300, 'result_unknown'],
    ] as const) {
      const { presentation, cookie } = await site.ask('signIn')
      const { code = '' } = await site.send(presentation)
      site.clock.advance(wait)
      expect(await codeOfAsync(site.verifier.getResult({ code, cookie }))).toBe(outcome)
    }
  })

  it('is not in the state that the page can see', async () => {
    const { session, presentation, cookie } = await site.ask('signIn')
    await site.send(presentation)
    const response = await site.request(`/touchstone/sessions/${session}`, { headers: { cookie } })
    expect(await response.json()).toEqual({ state: 'DONE' })
  })
})

describe('web-standard requests', () => {
  it('are answered as those of Node are', async () => {
    const response = await site.verifier.handle(
      new Request(`${site.origin}/touchstone/sessions`, {
        method: 'POST',
        headers: { ...JSON_TYPE, origin: site.origin },
        body: '{"request":"signIn"}',
      }),
    )
    expect(response?.status).toBe(201)
    expect(response?.headers.get('set-cookie')).toMatch(/^__Host-touchstone=/)
    expect(await response?.json()).toMatchObject({ walletOrigin: WALLET, jws: expect.any(String) })
  })

  it('are not needed to begin: the site’s server can', async () => {
    const { setCookie, jws, session } = await site.verifier.createSession({ request: 'signIn' })
    const presentation = await makePresentation({ person: site.person, issuers: [], jws, prove: site.prove })
    expect(presentation.session).toBe(session)
    const { code = '' } = await site.send(presentation)
    expect(await site.verifier.getResult({ code, cookie: setCookie?.split(';')[0] })).toMatchObject({
      request: 'signIn',
    })
    expect(await codeOfAsync(site.verifier.createSession({ request: 'other' }))).toBe('request_unknown')
  })
})

describe('addresses', () => {
  it('answer their own method', async () => {
    const { session } = await site.begin('signIn')
    const wrong: [string, string][] = [
      ['GET', '/touchstone/sessions'],
      ['POST', '/.well-known/touchstone.json'],
      ['DELETE', `/touchstone/sessions/${session}`],
      ['GET', `/touchstone/sessions/${session}/presentation`],
      ['PUT', `/touchstone/sessions/${session}/decline`],
    ]
    for (const [method, path] of wrong) {
      const response = await site.request(path, { method, headers: { origin: WALLET } })
      expect([method, response.status, await response.json()]).toMatchObject([
        method,
        405,
        { error: 'method_not_allowed' },
      ])
    }
  })

  it('answer methods of which no web-standard request can be made', async () => {
    const { session } = await site.begin('signIn')
    for (const path of [`/touchstone/sessions/${session}`, '/.well-known/touchstone.json', '/touchstone/sessions']) {
      const answer = await new Promise<{ status: number | undefined; type: string | undefined; text: string }>(
        (resolve, reject) => {
          const outgoing = httpRequest({ host: '127.0.0.1', port: site.port, method: 'TRACE', path }, (incoming) => {
            let text = ''
            incoming.on('data', (data) => {
              text += data
            })
            incoming.on('end', () =>
              resolve({ status: incoming.statusCode, type: incoming.headers['cache-control'], text }),
            )
          })
          outgoing.on('error', reject)
          outgoing.end()
        },
      )
      expect(answer).toMatchObject({
        status: 405,
        type: 'no-store',
        text: expect.stringContaining('"error":"method_not_allowed"'),
      })
    }
  })

  it('are no others than the SDK’s', async () => {
    const others = [
      '/',
      '/touchstone',
      '/touchstone/',
      '/touchstone/sessions/',
      '/touchstone/sessions/a',
      '/touchstone/x',
    ]
    for (const path of [
      ...others,
      '/touchstone/sessions/abcdefgh/other',
      '/touchstone/sessions/abcdefgh/presentation/x',
    ]) {
      expect([path, await (await site.request(path)).text()]).toEqual([path, 'not the SDK’s'])
      expect(await site.verifier.handle(new Request(site.origin + path))).toBeUndefined()
    }
  })
})
