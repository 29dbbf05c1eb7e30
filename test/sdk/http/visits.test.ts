import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeOf } from '../../expect-code.ts'
import { makePerson, type TestPerson } from '../../fixtures/person.ts'
import { openSimulatedSite } from '../../fixtures/simulated-site.ts'
import { WALLET } from '../../fixtures/site.ts'

let site: Awaited<ReturnType<typeof openSimulatedSite>>
beforeAll(async () => {
  site = await openSimulatedSite({ visitSeconds: 600 })
})
afterAll(async () => {
  expect(site.errors).toEqual([])
  await site.close()
})

const JSON_TYPE = { 'content-type': 'application/json' }
const VISIT = '__Host-touchstone-visit'

/** A browser's cookies, as it keeps them. */
class Jar {
  readonly cookies = new Map<string, string>()

  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  get visit(): string | undefined {
    return this.cookies.get(VISIT)
  }

  keep(headers: Headers): string[] {
    const set = headers.getSetCookie()
    for (const cookie of set) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return set
  }
}

async function post(path: string, jar: Jar, body: unknown, origin = site.origin) {
  const headers = { ...JSON_TYPE, origin, cookie: jar.header }
  const response = await site.request(path, { method: 'POST', headers, body: JSON.stringify(body) })
  const set = jar.keep(response.headers)
  const told: { request?: string; pseudonym?: string; error?: string } = await response.json()
  return { status: response.status, set, ...told }
}

/** The person answers a request in the browser; the code that its page got. */
async function answer(request: string, jar: Jar, person: TestPerson = site.person): Promise<string> {
  const { presentation, setCookie } = await site.ask(request, { person, cookie: jar.header })
  if (setCookie) jar.keep(new Headers({ 'set-cookie': setCookie }))
  return (await site.send(presentation)).code ?? ''
}

/** The whole way: answered, and brought into the visit. */
async function show(request: string, jar: Jar, person?: TestPerson) {
  return post('/touchstone/result', jar, { code: await answer(request, jar, person) })
}

const held = async (jar: Jar) => Object.keys((await site.verifier.visit(jar.header))?.results ?? {}).sort()

function guarded(jar: Jar, request = 'signIn', maxAge?: number) {
  const guard = site.verifier.require({ request, maxAge })
  return guard(new Request(`${site.origin}/members`, { headers: { cookie: jar.header } }))
}

describe('a visit', () => {
  it('holds what was read at the SDK’s own address, and the page is told who signed in and no more', async () => {
    const jar = new Jar()
    expect(await site.verifier.visit(jar.header)).toBeUndefined()
    const told = await show('signIn', jar)
    const visit = await site.verifier.visit(jar.header)
    expect(visit).toMatchObject({
      login: { nullifier: expect.stringMatching(/^[\w-]{43}$/), pseudonym: told.pseudonym },
      results: { signIn: { request: 'signIn', readAt: site.clock.read().getTime() / 1000 } },
    })
    expect(told).toEqual({ status: 200, set: told.set, request: 'signIn', pseudonym: visit?.login?.pseudonym })
    expect(told.set).toEqual([
      expect.stringMatching(
        /^__Host-touchstone-visit=[\w-]{43}; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
      ),
    ])
    expect(await post('/touchstone/result', new Jar(), {})).toMatchObject({ status: 400, error: 'body_invalid' })
  })

  it('of a proof without a sign-in signs nobody in', async () => {
    const jar = new Jar()
    expect(await show('over18', jar)).toMatchObject({ request: 'over18' })
    const visit = await site.verifier.visit(jar.header)
    expect(visit).not.toHaveProperty('login')
    expect(visit?.results.over18?.answers.adult).toMatchObject({ type: 'credential' })
    expect(await guarded(jar)).toHaveProperty('response')
    expect(await guarded(jar, 'over18')).toHaveProperty('result')
  })

  it('has another cookie after every result, and the one before is worth nothing', async () => {
    const jar = new Jar()
    const seen = new Set<string | undefined>()
    const stale = new Jar()
    for (const request of ['signIn', 'over18', 'signIn']) {
      stale.cookies.set(VISIT, jar.visit ?? 'x'.repeat(43))
      await show(request, jar)
      seen.add(jar.visit)
      expect(await site.verifier.visit(stale.header)).toBeUndefined()
    }
    expect(seen.size).toBe(3)
    expect(await held(jar)).toEqual(['over18', 'signIn'])
  })

  it('that somebody planted becomes nobody’s', async () => {
    const planted = new Jar()
    planted.cookies.set(VISIT, 'p'.repeat(43))
    const jar = new Jar()
    jar.cookies.set(VISIT, 'p'.repeat(43))
    await show('signIn', jar)
    expect(jar.visit).not.toBe('p'.repeat(43))
    expect(await site.verifier.visit(planted.header)).toBeUndefined()
    expect(await site.verifier.visit(`${jar.header}; ${VISIT}=${'p'.repeat(43)}`)).toBeUndefined()
  })

  it('is of one person: another’s result drops what was there', async () => {
    const jar = new Jar()
    await show('signIn', jar)
    await show('country', jar)
    expect(await held(jar)).toEqual(['country', 'signIn'])
    const before = (await site.verifier.visit(jar.header))?.login
    const other = makePerson({ issuer: site.issuer })
    await show('over18', jar, other)
    expect(await held(jar)).toEqual(['over18'])
    await show('signIn', jar, other)
    expect(await held(jar)).toEqual(['over18', 'signIn'])
    expect((await site.verifier.visit(jar.header))?.login?.nullifier).not.toBe(before?.nullifier)
    await show('signIn', jar)
    expect(await held(jar)).toEqual(['signIn'])
    expect((await site.verifier.visit(jar.header))?.login).toEqual(before)
  })

  it('does not mix in a lone act, of which nobody knows whose it is', async () => {
    const jar = new Jar()
    await show('signIn', jar)
    await show('raffle', jar, makePerson({ issuer: site.issuer }))
    expect(await held(jar)).toEqual(['raffle'])
    await show('raffle', jar, makePerson({ issuer: site.issuer }))
    await show('signIn', jar)
    expect(await held(jar)).toEqual(['signIn'])
  })

  it('is not touched by a code that does not count', async () => {
    const jar = new Jar()
    await show('signIn', jar)
    const cookie = jar.visit
    const stray = await answer('over18', new Jar(), makePerson({ issuer: site.issuer }))
    for (const [code, error] of [
      [stray, 'result_wrong_browser'],
      ['A'.repeat(43), 'result_unknown'],
      ['', 'result_unknown'],
    ]) {
      expect(await post('/touchstone/result', jar, { code })).toMatchObject({ error, set: [] })
    }
    expect(jar.visit).toBe(cookie)
    expect(await held(jar)).toEqual(['signIn'])
  })

  it('takes a result once, of two that bring it at once', async () => {
    const jar = new Jar()
    const code = await answer('signIn', jar)
    const [one, two] = await Promise.all([1, 2].map(() => post('/touchstone/result', jar, { code })))
    expect([one?.status, two?.status].sort()).toEqual([200, 409])
    expect([one?.error, two?.error]).toContain('result_already_read')
    expect(await held(jar)).toEqual(['signIn'])
  })

  it('holds each result for its own time, to the second', async () => {
    const jar = new Jar()
    await show('signIn', jar)
    site.clock.advance(300)
    await show('over18', jar)
    site.clock.advance(299)
    expect(await held(jar)).toEqual(['over18', 'signIn'])
    site.clock.advance(1)
    expect(await held(jar)).toEqual(['over18'])
    expect(await site.verifier.visit(jar.header)).not.toHaveProperty('login')
    site.clock.advance(299)
    expect(await held(jar)).toEqual(['over18'])
    site.clock.advance(1)
    expect(await site.verifier.visit(jar.header)).toBeUndefined()
  })

  it('is known in every process of the site', async () => {
    const jar = new Jar()
    await show('signIn', jar)
    const other = await site.anotherProcess()
    expect((await other.visit(jar.header))?.login).toBeDefined()
    await other.close()
  })
})

describe('the end of a visit', () => {
  it('comes with a sign-out, by the page or by the server', async () => {
    const [byPage, byServer] = [new Jar(), new Jar()]
    for (const jar of [byPage, byServer]) await show('signIn', jar)
    const before = [byPage.header, byServer.header]
    expect(await post('/touchstone/sign-out', byPage, {})).toMatchObject({ status: 200, set: [expect.any(String)] })
    const setCookie = await site.verifier.signOut(byServer.header)
    expect(setCookie).toBe(`${VISIT}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax`)
    expect(byPage.visit).toBeUndefined()
    for (const cookie of before) expect(await site.verifier.visit(cookie)).toBeUndefined()
    expect(await post('/touchstone/sign-out', new Jar(), {})).toMatchObject({ status: 200 })
  })

  it('comes for all of a person’s with forgetting them, and once-only acts stay used', async () => {
    const person = makePerson({ issuer: site.issuer })
    const [home, phone, other, proving] = [new Jar(), new Jar(), new Jar(), new Jar()]
    await show('raffle', new Jar(), person)
    for (const jar of [home, phone]) await show('signIn', jar, person)
    await show('over18', proving, person)
    await show('signIn', other)
    const nullifier = (await site.verifier.visit(home.header))?.login?.nullifier ?? ''
    await site.verifier.forget(nullifier)
    for (const jar of [home, phone, proving]) expect(await site.verifier.visit(jar.header)).toBeUndefined()
    expect(await held(other)).toEqual(['signIn'])
    const { presentation } = await site.ask('raffle', { person })
    expect(await site.send(presentation)).toMatchObject({ error: 'nullifier_used' })
  })

  it('is brought about by the site’s own pages only, and so is a sign-in', async () => {
    const jar = new Jar()
    await show('signIn', jar)
    const code = await answer('over18', jar)
    for (const origin of [WALLET, 'https://evil.example', 'null']) {
      for (const [path, body] of [
        ['/touchstone/result', { code }],
        ['/touchstone/sign-out', {}],
      ] as const) {
        expect(await post(path, jar, body, origin)).toMatchObject({ status: 403, error: 'origin_forbidden', set: [] })
      }
    }
    const bare = { method: 'POST', headers: { ...JSON_TYPE, cookie: jar.header }, body: JSON.stringify({ code }) }
    expect((await site.request('/touchstone/result', bare)).status).toBe(403)
    const form = { ...bare, headers: { cookie: jar.header, origin: site.origin, 'content-type': 'text/plain' } }
    expect((await site.request('/touchstone/result', form)).status).toBe(415)
    expect(await held(jar)).toEqual(['signIn'])
    expect(await post('/touchstone/result', jar, { code })).toMatchObject({ status: 200 })
  })
})

describe('a guard', () => {
  it('lets in whose visit has the result, and says to others what is asked', async () => {
    const jar = new Jar()
    const outcome = await guarded(jar, 'over18')
    if (!('response' in outcome)) throw new Error('expected a refusal')
    expect(outcome.response.status).toBe(401)
    expect(outcome.response.headers.get('www-authenticate')).toBe('Touchstone request="over18"')
    expect(await outcome.response.json()).toMatchObject({
      error: 'presentation_required',
      request: 'over18',
      retryable: false,
    })
    await show('signIn', jar)
    expect(await guarded(jar, 'over18')).toHaveProperty('response')
    expect(await guarded(jar)).toMatchObject({ result: { request: 'signIn', answers: { login: { type: 'login' } } } })
  })

  it('goes by the age of the result, to the second', async () => {
    const jar = new Jar()
    await show('signIn', jar)
    site.clock.advance(59)
    expect(await guarded(jar, 'signIn', 60)).toHaveProperty('result')
    site.clock.advance(1)
    expect(await guarded(jar, 'signIn', 60)).toHaveProperty('response')
    expect(await guarded(jar, 'signIn', 61)).toHaveProperty('result')
    expect(await guarded(jar)).toHaveProperty('result')
    await show('signIn', jar)
    expect(await guarded(jar, 'signIn', 1)).toHaveProperty('result')
  })

  it('that can never let anybody in is refused when it is made', () => {
    expect(codeOf(() => site.verifier.require({ request: 'signin' }))).toBe('request_unknown')
    for (const maxAge of [0, -1, 1.5, Number.NaN]) {
      expect(codeOf(() => site.verifier.require({ request: 'signIn', maxAge }))).toBe('option_invalid')
    }
  })
})

describe('what is written down of a visit', () => {
  it('is nothing that the database alone could tell', async () => {
    const jar = new Jar()
    await show('country', jar)
    const signedIn = await show('signIn', jar)
    const visit = await site.verifier.visit(jar.header)
    const db = new DatabaseSync(`${site.directory}/touchstone.sqlite`, { readOnly: true })
    const rows = JSON.stringify([db.prepare('select * from visits').all(), db.prepare('select * from audit').all()])
    db.close()
    expect(visit?.results.country?.answers.country).toMatchObject({ disclosed: { nationality: expect.any(String) } })
    for (const secret of [jar.visit, signedIn.pseudonym, visit?.login?.nullifier, 'nationality', '"signIn\\"']) {
      expect(secret).toBeDefined()
      expect(rows).not.toContain(secret)
    }
  })

  it('is of no use under another cookie: a row that was exchanged is not read', async () => {
    const [one, two] = [new Jar(), new Jar()]
    await show('signIn', one)
    await show('signIn', two, makePerson({ issuer: site.issuer }))
    const db = new DatabaseSync(`${site.directory}/touchstone.sqlite`)
    db.exec('update visits set results = (select results from visits order by created_at desc, token_hash limit 1)')
    db.close()
    const read = await Promise.allSettled([one, two].map((jar) => site.verifier.visit(jar.header)))
    expect(read.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(1)
  })
})
