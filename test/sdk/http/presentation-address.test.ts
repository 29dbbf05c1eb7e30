import { request as httpRequest } from 'node:http'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serializePresentation } from '../../../src/protocol/presentation.ts'
import { MAX_PROOFS } from '../../../src/protocol/query.ts'
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

describe('the address for presentations', () => {
  it('is open to the wallet’s pages and to no others', async () => {
    const { session, presentation } = await site.ask('signIn')
    const path = `/touchstone/sessions/${session}/presentation`
    const preflight = (origin: string) =>
      site.request(path, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })
    const allowed = await preflight(WALLET)
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe(WALLET)
    expect(allowed.headers.get('access-control-allow-methods')).toBe('POST')
    expect(allowed.headers.get('access-control-allow-headers')).toBe('content-type')
    const body = JSON.stringify(serializePresentation(presentation))
    for (const origin of ['https://evil.example', site.origin, 'null', `${WALLET}.evil.example`]) {
      const refused = await preflight(origin)
      expect(refused.status).toBe(403)
      expect(refused.headers.get('access-control-allow-origin')).toBeNull()
      const posted = await site.post(session, body, { origin })
      expect(posted.status).toBe(403)
      expect(await posted.json()).toMatchObject({ error: 'origin_forbidden' })
    }
    const posted = await site.post(session, body)
    expect(posted.status).toBe(200)
    expect(posted.headers.get('access-control-allow-origin')).toBe(WALLET)
    expect(posted.headers.get('access-control-allow-credentials')).toBeNull()
    expect(posted.headers.get('cache-control')).toBe('no-store')
    expect(posted.headers.get('x-content-type-options')).toBe('nosniff')
    expect(posted.headers.get('vary')).toBe('Origin')
  })

  it('lets the wallet read why it was refused', async () => {
    const posted = await site.post('unknown-session', '{}')
    expect(posted.headers.get('access-control-allow-origin')).toBe(WALLET)
    expect(await posted.json()).toMatchObject({ error: 'session_unknown' })
  })

  it('answers every malformed body with a code and no 5xx', async () => {
    const { session, presentation } = await site.ask('signIn')
    const good = serializePresentation(presentation)
    const [answer] = good.answers
    const variants: unknown[] = [
      null,
      [],
      {},
      'text',
      7,
      { ...good, version: 2 },
      { ...good, extra: 1 },
      { ...good, session: 7 },
      { ...good, session: '../x' },
      { ...good, walletNonce: `${good.walletNonce}=` },
      { ...good, walletNonce: '_'.repeat(43) },
      { ...good, answers: [] },
      { ...good, answers: Array.from({ length: MAX_PROOFS + 1 }, () => answer) },
      { ...good, answers: [{ ...answer, part: 0 }] },
      { ...good, epochs: [{ issuer: 'issuer.example', epoch: 1 }] },
      { ...good, epochs: [{ issuer: 'https://issuer.example', epoch: 0 }] },
      { ...good, epochs: [{ issuer: 'https://issuer.example', epoch: 1.5 }] },
      { ...good, epochs: [{ issuer: 'https://issuer.example', epoch: 1, root: answer?.nullifier }] },
      { ...good, answers: [{ ...answer, circuit: 'issue-v1' }] },
      { ...good, answers: [{ ...answer, proof: '' }] },
      { ...good, answers: [{ ...answer, proof: `${answer?.proof}A` }] },
      { ...good, answers: [{ ...answer, nullifier: 0 }] },
      { ...good, answers: [{ ...answer, nullifier: answer?.nullifier.slice(1) }] },
      { ...good, answers: [{ ...answer, link: answer?.nullifier }] },
    ]
    for (const member of Object.keys(good)) variants.push({ ...good, [member]: undefined })
    for (const member of Object.keys(answer ?? {}))
      variants.push({ ...good, answers: [{ ...answer, [member]: undefined }] })
    for (const variant of variants) {
      const response = await site.post(session, JSON.stringify(variant))
      expect([response.status, await response.json()]).toMatchObject([400, { error: 'presentation_invalid' }])
    }
    const adult = await site.ask('over18')
    const credential = serializePresentation(adult.presentation)
    for (const part of [-1, MAX_PROOFS, 0.5, '0', undefined]) {
      const answers = credential.answers.map((each) => ({ ...each, part }))
      const response = await site.post(adult.session, JSON.stringify({ ...credential, answers }))
      expect([response.status, await response.json()]).toMatchObject([400, { error: 'presentation_invalid' }])
    }
    const unparsable = ['', '{', '\u0000', '{"a":}', '['.repeat(8_000), `${JSON.stringify(good)}x`]
    for (const body of [...unparsable, Uint8Array.of(0x22, 0xff, 0x22)]) {
      const response = await site.post(session, body)
      expect([response.status, await response.json()]).toMatchObject([400, { error: 'body_invalid' }])
    }
    const inherited = JSON.stringify(good).replace('{', '{"__proto__":{"version":1},')
    expect((await site.post(session, inherited)).status).toBe(400)
    expect(await site.send(presentation)).toMatchObject({ status: 200 })
  })

  it('answers a body that was damaged on its way with a code and no 5xx', async () => {
    let { session, presentation } = await site.ask('signInOver18')
    const serialized = () => Buffer.from(JSON.stringify(serializePresentation(presentation)))
    let good = serialized()
    const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Uint8Array.from(good)
        for (const [index, byte] of changes) bytes[index] = byte
        const response = await site.post(session, bytes)
        const body: { error?: unknown; code?: unknown } = await response.json()
        expect(response.status).toBeLessThan(500)
        expect(body.error ?? body.code).toBeTypeOf('string')
        if (response.status === 400)
          return // It was checked. The session has few such tries, so that the next has one of its own.
        ;({ session, presentation } = await site.ask('signInOver18'))
        expect(serialized().length).toBe(good.length)
        good = serialized()
      }),
      { numRuns: 200 },
    )
  })

  it('takes 16,384 bytes and not one more', async () => {
    const { session, presentation } = await site.ask('signIn')
    const text = JSON.stringify(serializePresentation(presentation))
    const tooLong = await site.post(session, text.padEnd(16_385))
    expect([tooLong.status, await tooLong.json()]).toMatchObject([413, { error: 'body_too_large' }])
    expect((await site.post(session, text.padEnd(16_384))).status).toBe(200)
  })

  it('stops reading a body of unknown length', async () => {
    const { session } = await site.begin('signIn')
    const chunk = ' '.repeat(4096)
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const outgoing = httpRequest(
        {
          host: '127.0.0.1',
          port: site.port,
          method: 'POST',
          path: `/touchstone/sessions/${session}/presentation`,
          headers: { origin: WALLET, 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
        },
        (incoming) => {
          let text = ''
          incoming.on('data', (data) => {
            text += data
          })
          incoming.on('end', () => resolve({ status: incoming.statusCode, text }))
        },
      )
      outgoing.on('error', reject)
      for (let i = 0; i < 6; i++) outgoing.write(chunk)
      outgoing.end()
    })
    expect(answer).toMatchObject({ status: 413, text: expect.stringContaining('body_too_large') })
  })

  it('takes JSON alone', async () => {
    const { session } = await site.begin('signIn')
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16', '']) {
      const response = await site.post(session, '{}', { 'content-type': type })
      expect([response.status, await response.json()]).toMatchObject([415, { error: 'content_type_invalid' }])
    }
    const named = await site.post(session, '{}', { 'content-type': 'application/json; charset=utf-8' })
    expect(await named.json()).toMatchObject({ error: 'presentation_invalid' })
  })
})
