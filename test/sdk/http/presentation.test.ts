import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FieldElement, randomField, toField } from '../../../src/protocol/field.ts'
import { type Answer, type Presentation, serializePresentation } from '../../../src/protocol/presentation.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { listedIssuer, loaderOf } from '../../fixtures/issuer.ts'
import { makePerson } from '../../fixtures/person.ts'
import { makePresentation } from '../../fixtures/presentation.ts'
import { openSimulatedSite, personRequests } from '../../fixtures/simulated-site.ts'
import { WALLET } from '../../fixtures/site.ts'

type Site = Awaited<ReturnType<typeof openSimulatedSite>>
let site: Site

beforeAll(async () => {
  site = await openSimulatedSite()
})
afterAll(async () => {
  expect(site.errors).toEqual([])
  await site.close()
})

function withAnswer(presentation: Presentation, changes: object): Presentation {
  return { ...presentation, answers: presentation.answers.map((answer) => ({ ...answer, ...changes })) }
}

describe('a presentation', () => {
  it('is accepted, and its result is read once', async () => {
    const { presentation, cookie } = await site.ask('signIn')
    const sent = await site.send(presentation)
    expect(sent).toMatchObject({
      status: 200,
      code: expect.stringMatching(/^[\w-]{43}$/),
      returnUri: `${site.origin}/`,
    })
    const code = sent.code ?? ''
    const result = await site.verifier.getResult({ code, cookie })
    expect(result).toMatchObject({ request: 'signIn', login: { pseudonym: expect.stringMatching(/^\w+-\w+-\d\d$/) } })
    expect(Object.keys(result.answers)).toEqual(['login'])
    expect(await codeOfAsync(site.verifier.getResult({ code, cookie }))).toBe('result_already_read')
  })

  it('gives the same name each time, and another to another person', async () => {
    const names = []
    for (const person of [site.person, site.person, makePerson({ issuer: site.issuer })]) {
      const { presentation, cookie } = await site.ask('signIn', { person })
      const { code = '' } = await site.send(presentation)
      names.push((await site.verifier.getResult({ code, cookie })).login?.nullifier)
    }
    expect(names[0]).toBeDefined()
    expect(names[1]).toBe(names[0])
    expect(names[2]).not.toBe(names[0])
  })

  it('says of a credential what was asked and no more', async () => {
    const { presentation, cookie } = await site.ask('over18')
    const { code = '' } = await site.send(presentation)
    const { answers, login } = await site.verifier.getResult({ code, cookie })
    expect(login).toBeUndefined()
    expect(answers.adult).toMatchObject({ type: 'credential', issuers: [site.issuer.metadata.origin], disclosed: {} })
  })

  it('brings disclosed claims', async () => {
    const { presentation, cookie } = await site.ask('country')
    const { code = '' } = await site.send(presentation)
    const { answers } = await site.verifier.getResult({ code, cookie })
    expect(answers.country).toMatchObject({ disclosed: { nationality: 'FI' } })
  })

  it('is refused a second time with another proof of the same', async () => {
    const { presentation, jws } = await site.ask('signIn')
    await site.send(presentation)
    const again = await makePresentation({
      person: site.person,
      issuers: [listedIssuer(site.issuer)],
      jws,
      prove: site.prove,
    })
    expect(await site.send(again)).toMatchObject({ status: 409, error: 'challenge_used' })
  })

  it('is accepted once of many different ones that come at the same time', async () => {
    const { presentation, jws } = await site.ask('signIn')
    const { person, prove } = site
    const make = () => makePresentation({ person, issuers: [listedIssuer(site.issuer)], jws, prove })
    const all = [presentation, ...(await Promise.all(Array.from({ length: 9 }, make)))]
    const sent = await Promise.all(all.map((each) => site.send(each)))
    expect(sent.filter(({ status }) => status === 200)).toHaveLength(1)
    // A session has one place in the queue: most come while the first is checked, and may try again.
    expect(sent.filter(({ error }) => error === 'challenge_used' || error === 'busy')).toHaveLength(9)
    expect(await site.send(await make())).toMatchObject({ error: 'challenge_used' })
  })

  it('is turned away while another of its session is checked, and accepted after', async () => {
    const { presentation } = await site.ask('signIn')
    const [login] = presentation.answers
    if (login?.circuit !== 'login-v1') throw new Error('expected a login')
    const forged = (by: bigint) => withAnswer(presentation, { deviceTag: toField(login.deviceTag + by) })
    // Not over the network, where the one might be checked before the other has come.
    const send = (what: Presentation) =>
      site.verifier.handle(
        new Request(`${site.origin}/touchstone/sessions/${presentation.session}/presentation`, {
          method: 'POST',
          headers: { origin: WALLET, 'content-type': 'application/json' },
          body: JSON.stringify(serializePresentation(what)),
        }),
      )
    const [first, second] = await Promise.all([send(forged(1n)), send(forged(2n))])
    expect([first?.status, await first?.json()]).toMatchObject([422, { error: 'proof_invalid' }])
    expect([second?.status, await second?.json()]).toMatchObject([503, { error: 'busy', retryable: true }])
    expect(await site.send(presentation)).toMatchObject({ status: 200 })
  })

  it('is not looked at after five that were refused', async () => {
    const { presentation, session, cookie } = await site.ask('signIn')
    const forged = { ...presentation, keySet: 'B'.repeat(43) }
    for (let i = 0; i < 5; i++) expect(await site.send(forged)).toMatchObject({ error: 'key_set_mismatch' })
    expect(await site.send(presentation)).toMatchObject({ status: 410, error: 'session_cancelled', retryable: true })
    const state = await site.request(`/touchstone/sessions/${session}`, { headers: { cookie } })
    expect(await state.json()).toEqual({ state: 'CANCELLED' })
  })

  it('is accepted after four that were refused', async () => {
    const { presentation } = await site.ask('signIn')
    const forged = { ...presentation, keySet: 'B'.repeat(43) }
    for (let i = 0; i < 4; i++) expect(await site.send(forged)).toMatchObject({ error: 'key_set_mismatch' })
    expect(await site.send(presentation)).toMatchObject({ status: 200 })
  })

  it('has as few tries where an issuer is down', async () => {
    let isDown = false
    const { issuer } = site
    const other = await openSimulatedSite({
      issuers: (origin) => (isDown ? loaderOf() : loaderOf(issuer))(origin),
      requests: personRequests(issuer),
    })
    const asked = await other.ask('over18', { person: site.person })
    isDown = true
    other.clock.advance(60)
    for (let i = 0; i < 5; i++) {
      expect(await other.send(asked.presentation)).toMatchObject({ status: 503, error: 'issuer_unreachable' })
    }
    isDown = false
    expect(await other.send(asked.presentation)).toMatchObject({ error: 'session_cancelled' })
    await other.close()
  })

  it('is refused for another session of the same site', async () => {
    const { presentation } = await site.ask('signIn')
    const other = await site.begin('signIn')
    expect(await site.send(presentation, other.session)).toMatchObject({ status: 422, error: 'session_mismatch' })
    const renamed = { ...presentation, session: other.session }
    expect(await site.send(renamed)).toMatchObject({ status: 422, error: 'proof_invalid' })
  })

  it('is refused at another site', async () => {
    const forum = await openSimulatedSite({ name: 'forum' })
    const { presentation } = await site.ask('signIn')
    expect(await forum.send(presentation)).toMatchObject({ status: 404, error: 'session_unknown' })
    const { session } = await forum.begin('signIn')
    const keySet = (await forum.ask('signIn')).presentation.keySet
    expect(await forum.send({ ...presentation, session, keySet })).toMatchObject({
      status: 422,
      error: 'proof_invalid',
    })
    await forum.close()
  })

  it('is refused with any value changed, and leaves the session open', async () => {
    const step = (value: FieldElement) => toField(value + 1n)
    const forgeries = (presentation: Presentation): [Presentation, string][] => {
      const [login, adult] = presentation.answers
      if (login?.circuit !== 'login-v1' || adult?.circuit !== 'present-v1') throw new Error('expected two answers')
      const changed = (answer: Answer, changes: object): Presentation => ({
        ...presentation,
        answers: presentation.answers.map((each) => (each === answer ? { ...each, ...changes } : each)),
      })
      return [
        [changed(login, { deviceTag: step(login.deviceTag) }), 'proof_invalid'],
        [changed(login, { nullifier: step(login.nullifier) }), 'nullifier_mismatch'],
        [changed(login, { deviceCommitment: step(login.deviceCommitment) }), 'device_mismatch'],
        [changed(adult, { nullifier: step(adult.nullifier) }), 'nullifier_mismatch'],
        [changed(adult, { link: step(adult.link) }), 'proof_invalid'],
        [changed(adult, { credentialLink: step(adult.credentialLink) }), 'proof_invalid'],
        [changed(adult, { deviceCommitment: step(adult.deviceCommitment) }), 'device_mismatch'],
        [changed(adult, { disclosed: { givenName: 'Ada' } }), 'disclosure_mismatch'],
        [changed(adult, { proof: login.proof }), 'proof_invalid'],
        [changed(adult, { item: 'login' }), 'item_repeated'],
        [changed(adult, { item: 'other' }), 'item_unknown'],
        [withAnswer(presentation, { nullifier: randomField() }), 'proof_invalid'],
        [{ ...presentation, walletNonce: step(presentation.walletNonce) }, 'proof_invalid'],
        [{ ...presentation, keySet: 'B'.repeat(43) }, 'key_set_mismatch'],
        [{ ...presentation, answers: [login] }, 'query_unanswered'],
      ]
    }
    const count = forgeries((await site.ask('signInOver18')).presentation).length
    expect(count).toBe(15)
    for (let i = 0; i < count; i++) {
      const { presentation } = await site.ask('signInOver18')
      const [forged, error] = forgeries(presentation)[i] ?? [presentation, 'none']
      expect(await site.send(forged)).toMatchObject({ status: 422, error })
      expect(await site.send(presentation)).toMatchObject({ status: 200 })
    }
  })
})

describe('the end of a session', () => {
  it('is to the second, by the clock of the server', async () => {
    const begun = async (wait: number) => {
      const asked = await site.ask('signIn')
      expect(asked.expires * 1000).toBe(site.clock.read().getTime() + 120_000)
      site.clock.advance(wait)
      return site.send(asked.presentation)
    }
    expect(await begun(119)).toMatchObject({ status: 200 })
    expect(await begun(120)).toMatchObject({ status: 410, error: 'session_expired', retryable: true })
    expect(await begun(121)).toMatchObject({ status: 410, error: 'session_expired' })
  })

  it('comes with a decline, after which nothing is accepted', async () => {
    const { session, presentation } = await site.ask('signIn')
    const decline = () =>
      site.request(`/touchstone/sessions/${session}/decline`, {
        method: 'POST',
        headers: { origin: 'https://wallet.example' },
      })
    expect(await (await decline()).json()).toEqual({ state: 'CANCELLED' })
    expect(await (await decline()).json()).toMatchObject({ error: 'session_cancelled' })
    expect(await site.send(presentation)).toMatchObject({ status: 410, error: 'session_cancelled' })
  })

  it('cannot be brought about after it was answered', async () => {
    const { session, presentation, cookie } = await site.ask('signIn')
    const { code = '' } = await site.send(presentation)
    const response = await site.request(`/touchstone/sessions/${session}/decline`, {
      method: 'POST',
      headers: { origin: 'https://wallet.example' },
    })
    expect(await response.json()).toMatchObject({ error: 'challenge_used' })
    expect(await site.verifier.getResult({ code, cookie })).toMatchObject({ request: 'signIn' })
  })
})

describe('once-only acts', () => {
  it('are once for each person', async () => {
    expect(await site.send((await site.ask('raffle')).presentation)).toMatchObject({ status: 200 })
    expect(await site.send((await site.ask('raffle')).presentation)).toMatchObject({
      status: 409,
      error: 'nullifier_used',
      retryable: false,
    })
    const person = makePerson({ issuer: site.issuer })
    expect(await site.send((await site.ask('raffle', { person })).presentation)).toMatchObject({ status: 200 })
  })

  it('are once with another credential of the same holder, too', async () => {
    const { holderSecret } = site.person
    const person = makePerson({ issuer: site.issuer, holderSecret, claims: { givenName: 'Eve' } })
    expect(await site.send((await site.ask('raffle', { person })).presentation)).toMatchObject({
      error: 'nullifier_used',
    })
  })

  it('of another kind are another act, under the same name', async () => {
    expect(await site.send((await site.ask('election')).presentation)).toMatchObject({ status: 200 })
    expect(await site.send((await site.ask('election')).presentation)).toMatchObject({ error: 'nullifier_used' })
  })

  it('are done by one of many that come at the same time', async () => {
    const person = makePerson({ issuer: site.issuer })
    const asked = []
    for (let i = 0; i < 8; i++) asked.push(await site.ask('raffle', { person }))
    const sent = await Promise.all(asked.map(({ presentation }) => site.send(presentation)))
    expect(sent.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(sent.filter(({ error }) => error === 'nullifier_used')).toHaveLength(7)
  })

  it('are used up by the browser that began the session, and not by agreeing to the link of another’s', async () => {
    const person = makePerson({ issuer: site.issuer })
    // The session of a stranger, whose code comes to the person's own browser.
    const theirs = await site.ask('raffle', { person })
    const { code: stray = '' } = await site.send(theirs.presentation)
    const own = await site.begin('raffle')
    expect(await codeOfAsync(site.verifier.getResult({ code: stray, cookie: own.cookie }))).toBe('result_wrong_browser')
    const again = async () => site.ask('raffle', { person })
    expect(await site.send((await again()).presentation)).toMatchObject({ error: 'nullifier_used' })
    site.clock.advance(300)

    const { presentation, cookie } = await again()
    const { code = '' } = await site.send(presentation)
    expect(await codeOfAsync(site.verifier.getResult({ code: stray, cookie: theirs.cookie }))).toBe('result_unknown')
    expect(await site.verifier.getResult({ code, cookie })).toMatchObject({ request: 'raffle' })
    site.clock.advance(301)
    expect(await site.send((await again()).presentation)).toMatchObject({ status: 409, error: 'nullifier_used' })
  })

  it('that are refused leave the session open', async () => {
    // Held anew, for the time that has passed since.
    await site.send((await site.ask('raffle')).presentation)
    const { session, cookie, presentation } = await site.ask('raffle')
    expect(await site.send(presentation)).toMatchObject({ error: 'nullifier_used' })
    const state = await site.request(`/touchstone/sessions/${session}`, { headers: { cookie } })
    expect(await state.json()).toEqual({ state: 'INITIALIZED' })
  })
})

describe('the authenticator of an account', () => {
  it('is pinned by the first sign-in, until the account is forgotten', async () => {
    const owner = makePerson({ issuer: site.issuer })
    const stranger = { ...owner, deviceKey: randomField(), held: { ...owner.held } }
    const signIn = async (person: typeof owner) => site.send((await site.ask('signIn', { person })).presentation)
    const { presentation, cookie } = await site.ask('signIn', { person: owner })
    const { code = '' } = await site.send(presentation)
    const { login } = await site.verifier.getResult({ code, cookie })

    expect(await signIn(stranger)).toMatchObject({ status: 403, error: 'device_unknown' })
    expect(await signIn(owner)).toMatchObject({ status: 200 })
    await site.verifier.forget(login?.nullifier ?? '')
    expect(await signIn(stranger)).toMatchObject({ status: 200 })
    expect(await signIn(owner)).toMatchObject({ status: 403, error: 'device_unknown' })
  })
})

describe('what is written down', () => {
  it('names no one: neither names, nor tags, nor codes, nor cookies in clear', async () => {
    const { presentation, cookie } = await site.ask('signIn')
    const { code = '' } = await site.send(presentation)
    const { login } = await site.verifier.getResult({ code, cookie })
    const db = new DatabaseSync(`${site.directory}/touchstone.sqlite`, { readOnly: true })
    const rows = JSON.stringify([
      db.prepare('select * from audit').all(),
      db.prepare('select code_hash, result, browser_hash from sessions where result_read_at is not null').all(),
    ])
    const events = db.prepare('select distinct event from audit').all()
    db.close()
    for (const secret of [login?.nullifier, code, cookie.split('=')[1], login?.pseudonym]) {
      expect(secret).toBeDefined()
      expect(rows).not.toContain(secret)
    }
    const bytes = Array.from(Buffer.from(login?.nullifier ?? '', 'base64url')).join(',')
    expect(rows).not.toContain(bytes)
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['accepted', 'refused', 'declined', 'result_read', 'forgotten']),
    )
  })

  it('survives a round through JSON', async () => {
    const { presentation } = await site.ask('country')
    const text = JSON.stringify(serializePresentation(presentation))
    expect((await site.post(presentation.session, text)).status).toBe(200)
  })
})
