import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Verifier } from '../../../sdk/server.ts'
import { type Presentation, serializePresentation } from '../../../src/protocol/presentation.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { listedIssuer } from '../../fixtures/issuer.ts'
import { makePerson } from '../../fixtures/person.ts'
import { makePresentation } from '../../fixtures/presentation.ts'
import { openSimulatedSite } from '../../fixtures/simulated-site.ts'
import { WALLET } from '../../fixtures/site.ts'

let site: Awaited<ReturnType<typeof openSimulatedSite>>
let other: Verifier
beforeAll(async () => {
  site = await openSimulatedSite()
  other = await site.anotherProcess()
})
afterAll(async () => {
  expect(site.errors).toEqual([])
  await other.close()
  await site.close()
})

/** Posts to one process without the network between, so that what is sent together comes together. */
async function send(verifier: Verifier, presentation: Presentation, text?: string) {
  const response = await verifier.handle(
    new Request(`${site.origin}/touchstone/sessions/${presentation.session}/presentation`, {
      method: 'POST',
      headers: { origin: WALLET, 'content-type': 'application/json' },
      body: text ?? JSON.stringify(serializePresentation(presentation)),
    }),
  )
  const body: { code?: string; returnUri?: string; error?: string } = await response?.json()
  return { status: response?.status, replayed: response?.headers.get('idempotent-replayed') === 'true', ...body }
}

function remake(jws: string, person = site.person) {
  return makePresentation({ person, issuers: [listedIssuer(site.issuer)], jws, prove: site.prove })
}

function audit(): unknown[] {
  const db = new DatabaseSync(`${site.directory}/touchstone.sqlite`, { readOnly: true })
  try {
    return db.prepare('select event, code from audit order by 1, 2').all()
  } finally {
    db.close()
  }
}

describe('the same presentation again', () => {
  it('has the same answer, whose code still reads the result once', async () => {
    const { presentation, cookie } = await site.ask('signIn')
    const first = await send(site.verifier, presentation)
    const written = audit().length
    const again = await send(site.verifier, presentation)
    expect(first).toMatchObject({ status: 200, replayed: false })
    expect(again).toEqual({ ...first, replayed: true })
    expect(audit()).toHaveLength(written)
    const code = again.code ?? ''
    expect(await site.verifier.getResult({ code, cookie })).toMatchObject({ request: 'signIn' })
    expect(await send(site.verifier, presentation)).toEqual({ ...first, replayed: true })
    expect(await codeOfAsync(site.verifier.getResult({ code, cookie }))).toBe('result_already_read')
  })

  it('is known however it is spelt', async () => {
    const { presentation } = await site.ask('country')
    const first = await send(site.verifier, presentation)
    const { version, ...rest } = serializePresentation(presentation)
    const text = JSON.stringify({ ...rest, version }, null, 2).replaceAll('"FI"', '"\\u0046\\u0049"')
    expect(text).toContain('\\u0046')
    expect(await send(site.verifier, presentation, text)).toEqual({ ...first, replayed: true })
  })

  it('has it from another process, and after a restart', async () => {
    const { presentation, cookie } = await site.ask('signIn')
    const first = await send(site.verifier, presentation)
    expect(await send(other, presentation)).toEqual({ ...first, replayed: true })
    const restarted = await site.anotherProcess()
    expect(await send(restarted, presentation)).toEqual({ ...first, replayed: true })
    expect(await restarted.getResult({ code: first.code ?? '', cookie })).toMatchObject({ request: 'signIn' })
    await restarted.close()
  })

  it('has it after the end of the session’s time, and of the result’s', async () => {
    const { presentation, cookie } = await site.ask('signIn')
    const first = await send(site.verifier, presentation)
    site.clock.advance(121)
    expect(await send(site.verifier, presentation)).toEqual({ ...first, replayed: true })
    site.clock.advance(300)
    expect(await send(site.verifier, presentation)).toEqual({ ...first, replayed: true })
    expect(await codeOfAsync(site.verifier.getResult({ code: first.code ?? '', cookie }))).toBe('result_unknown')
  })

  it('uses up a once-only act once', async () => {
    const person = makePerson({ issuer: site.issuer })
    const { presentation, cookie } = await site.ask('raffle', { person })
    const first = await send(site.verifier, presentation)
    expect(await send(other, presentation)).toEqual({ ...first, replayed: true })
    await site.verifier.getResult({ code: first.code ?? '', cookie })
    expect(await send(site.verifier, presentation)).toEqual({ ...first, replayed: true })
    const next = await site.ask('raffle', { person })
    expect(await send(site.verifier, next.presentation)).toMatchObject({ status: 409, error: 'nullifier_used' })
  })

  it('has one answer where twenty come at once, to two processes', async () => {
    const { presentation, cookie } = await site.ask('signIn')
    const before = audit().length
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, i) => send(i % 2 === 0 ? site.verifier : other, presentation)),
    )
    expect(new Set(sent.map(({ status, code }) => `${status} ${code}`)).size).toBe(1)
    expect(sent[0]?.status).toBe(200)
    expect(sent.filter(({ replayed }) => !replayed)).toHaveLength(1)
    // One acceptance, and no refusal beside it.
    expect(audit()).toHaveLength(before + 1)
    expect(await site.verifier.getResult({ code: sent[7]?.code ?? '', cookie })).toMatchObject({ request: 'signIn' })
  })

  it('costs one check and one of the session’s five tries where it is refused', async () => {
    const { presentation } = await site.ask('signIn')
    const forged = { ...presentation, keySet: 'B'.repeat(43) }
    for (let i = 0; i < 4; i++) {
      const refused = await Promise.all([1, 2, 3].map(() => send(site.verifier, forged)))
      expect(refused.map(({ error }) => error)).toEqual(Array.from({ length: 3 }, () => 'key_set_mismatch'))
    }
    expect(await send(site.verifier, presentation)).toMatchObject({ status: 200, replayed: false })
  })
})

describe('another presentation', () => {
  it('of the same person, or with one value changed, is refused', async () => {
    const { presentation, jws } = await site.ask('signIn')
    await send(site.verifier, presentation)
    const [login] = presentation.answers
    const others = [
      await remake(jws),
      { ...presentation, keySet: 'B'.repeat(43) },
      { ...presentation, answers: presentation.answers.map((each) => ({ ...each, item: 'other' })) },
      { ...presentation, answers: login ? [login, login] : [] },
    ]
    for (const each of others) {
      expect(await send(site.verifier, each)).toMatchObject({ status: 409, error: 'challenge_used', replayed: false })
      expect(await send(other, each)).toMatchObject({ status: 409, error: 'challenge_used', replayed: false })
    }
  })

  it('is refused where two come at once to two processes; the one that won has its answer again', async () => {
    const { presentation, jws } = await site.ask('signIn')
    const second = await remake(jws, makePerson({ issuer: site.issuer }))
    const [one, two] = await Promise.all([send(site.verifier, presentation), send(other, second)])
    expect([one.status, two.status].sort()).toEqual([200, 409])
    const [won, lost] = one.status === 200 ? [presentation, second] : [second, presentation]
    expect(await send(other, won)).toMatchObject({ status: 200, replayed: true })
    expect(await send(other, lost)).toMatchObject({ status: 409, error: 'challenge_used' })
  })

  it('for another session has no part in it', async () => {
    const { presentation } = await site.ask('signIn')
    const first = await send(site.verifier, presentation)
    const { session } = await site.begin('signIn')
    const sent = await site.send(presentation, session)
    expect(sent).toMatchObject({ status: 422, error: 'session_mismatch' })
    expect(JSON.stringify(sent)).not.toContain(first.code)
  })
})

describe('what is kept for it', () => {
  it('is no code, and without the signing key’s secret none can be made', async () => {
    const { presentation, cookie } = await site.ask('signIn')
    const { code = '' } = await send(site.verifier, presentation)
    const stranger = await openSimulatedSite()
    const db = new DatabaseSync(`${site.directory}/touchstone.sqlite`, { readOnly: true })
    const tables = db.prepare("select name from sqlite_master where type = 'table'").all()
    const rows = JSON.stringify(tables.map(({ name }) => db.prepare(`select * from "${name}"`).all()))
    db.close()
    expect(rows).toContain(presentation.session)
    expect(rows).not.toContain(code)
    expect(rows).not.toContain(Array.from(Buffer.from(code, 'base64url')).join(','))
    await stranger.close()
    expect(await site.verifier.getResult({ code, cookie })).toMatchObject({ request: 'signIn' })
  })
})
