import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROJECT_ROOT } from '../../scripts/circuits/compile.ts'
import { ensureKeySet } from '../../scripts/keys.ts'
import { ensureAssets, type Running, startAll } from '../../scripts/start.ts'
import type { WorkerProver } from '../../src/prover/worker-prover.ts'
import type { HeldCredential } from '../../src/wallet/held-credential.ts'
import { type Holder, makeHolder, proverFor, receiveCredential } from './holder.ts'
import { form, send } from './http-client.ts'
import { answerRequest, SiteVisitor } from './site-visitor.ts'

const NOON = new Date('2026-11-20T12:00:00Z')
const FIELDS = {
  givenName: 'Robin',
  familyName: 'Ashdown',
  birthDate: '2001-07-31',
  nationality: 'NL',
  residence: 'BE',
  documentNumber: 'TS1234567',
  validUntil: '2028-11-19',
}

let directory: string
let running: Running
let prover: WorkerProver
const holder = makeHolder()
let held: HeldCredential

beforeAll(async () => {
  const keySet = await ensureKeySet({ origin: 'development' })
  const dist = join(PROJECT_ROOT, 'build/dist-development')
  await ensureAssets({ keySet: keySet.hash, dist })
  directory = mkdtempSync(join(tmpdir(), 'touchstone-start-'))
  const ports = { wallet: 0, issuer: 0, forum: 0, wine: 0 }
  running = await startAll({ ports, dataDirectory: directory, keySet, dist, clock: () => NOON })
  prover = proverFor(keySet)
  const { issuer, wallet } = running.origins
  held = await receiveCredential({ issuer, walletOrigin: wallet, holder, prover, fields: FIELDS })
})
afterAll(async () => {
  prover.close()
  await running.close()
  rmSync(directory, { recursive: true })
})

function answer(browser: SiteVisitor, request: string, who: Holder = holder): Promise<string> {
  return answerRequest(browser, request, { holder: who, held, prover, walletOrigin: running.origins.wallet })
}

async function signIn(browser: SiteVisitor, who: Holder = holder): Promise<string> {
  const reply = await browser.postJson('/session', { code: await answer(browser, 'sign-in', who) })
  expect(reply.json()).toEqual({ next: '/' })
  const [, pseudonym = ''] = /data-pseudonym><bdi>([^<]+)</.exec((await browser.go('/')).body) ?? []
  return pseudonym
}

describe('every server', () => {
  it('has an origin of its own and strict headers on its page', async () => {
    const { origins } = running
    expect(Object.values(origins).map((origin) => new URL(origin).hostname)).toEqual([
      'wallet.localhost',
      'issuer.localhost',
      'forum.localhost',
      'wine.localhost',
    ])
    for (const [name, origin] of Object.entries(origins)) {
      const { status, headers } = await send(`${origin}/`)
      expect(status).toBe(200)
      expect(headers['content-security-policy']).toContain("default-src 'none'")
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['content-security-policy']).not.toContain('unsafe-inline')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['cross-origin-opener-policy']).toBe(name === 'wallet' ? 'unsafe-none' : 'same-origin-allow-popups')
    }
  })

  it('serves what its page names', async () => {
    for (const origin of Object.values(running.origins)) {
      const { body } = await send(`${origin}/`)
      const paths = [...body.matchAll(/(?:href|src)="(\/[^"]+\.(?:js|css|svg|webmanifest))"/g)].map(([, path]) => path)
      expect(paths.length).toBeGreaterThan(1)
      for (const path of paths) expect([path, (await send(origin + path)).status]).toEqual([path, 200])
    }
  })
})

describe('the forum', () => {
  it('knows a person again by a name that the wine shop does not see', async () => {
    const first = new SiteVisitor(running.origins.forum)
    const pseudonym = await signIn(first)
    expect(pseudonym).toMatch(/^[a-z]+-[a-z]+-\d\d$/)
    expect((await first.go('/')).body).toContain('Welcome. This forum knows you as')

    const again = new SiteVisitor(running.origins.forum)
    expect(await signIn(again)).toBe(pseudonym)
    expect((await again.go('/')).body).toContain('Welcome back')

    const shop = new SiteVisitor(running.origins.wine)
    await shop.postJson('/age', { code: await answer(shop, 'over18') })
    const checkout = (await shop.go('/checkout')).body
    expect(checkout).toContain('You have shown that you are 18 or older.')
    expect(checkout).not.toContain(pseudonym)

    const other = new SiteVisitor(running.origins.forum)
    expect(await signIn(other, makeHolder())).not.toBe(pseudonym)
  })

  it('shows what was written as text, under the name', async () => {
    const browser = new SiteVisitor(running.origins.forum)
    const pseudonym = await signIn(browser)
    expect((await browser.post('/posts', { text: '<script>alert(1)</script>\nsecond line' })).status).toBe(303)
    const page = (await new SiteVisitor(running.origins.forum).go('/')).body
    expect(page).toContain('&#60;script&#62;alert(1)&#60;/script&#62;\nsecond line')
    expect(page).toContain(`<bdi>${pseudonym}</bdi>`)
    for (const text of ['', ' \n', 'x'.repeat(1001)]) {
      expect((await browser.post('/posts', { text })).headers.location).toBe('/?notice=length')
    }
    const stranger = new SiteVisitor(running.origins.forum)
    expect((await stranger.post('/posts', { text: 'hello' })).headers.location).toBe('/?notice=signed-out')
  })

  it('gives another cookie at each sign-in and forgets the one before', async () => {
    const browser = new SiteVisitor(running.origins.forum)
    await signIn(browser)
    const before = browser.cookie('__Host-forum')
    await signIn(browser)
    expect(browser.cookie('__Host-forum')).not.toBe(before)
    const planted = await send(`${running.origins.forum}/account`, { headers: { cookie: `__Host-forum=${before}` } })
    expect(planted.headers.location).toBe('/?notice=signed-out')

    await browser.post('/sign-out')
    expect(browser.cookie('__Host-forum')).toBeUndefined()
    expect((await browser.go('/')).body).toContain('Sign in with Touchstone')
  })

  it('deletes an account with all it wrote, and signs it in again as somebody new', async () => {
    const who = makeHolder()
    const browser = new SiteVisitor(running.origins.forum)
    await signIn(browser, who)
    await browser.post('/posts', { text: 'soon to be gone' })
    expect((await browser.go('/account/delete')).body).toContain('This cannot be undone')
    expect((await browser.post('/account/delete')).headers.location).toBe('/?notice=deleted')
    expect((await browser.go('/')).body).not.toContain('soon to be gone')
    await signIn(browser, who)
    expect((await browser.go('/')).body).toContain('Welcome. This forum knows you as')
  })

  it('refuses a code it did not give, one used before, and one from another browser', async () => {
    const browser = new SiteVisitor(running.origins.forum)
    const stolen = await answer(browser, 'sign-in')
    const thief = new SiteVisitor(running.origins.forum)
    await thief.postJson('/touchstone/sessions', { request: 'sign-in' })
    expect((await thief.postJson('/session', { code: stolen })).json()).toMatchObject({ error: 'result_wrong_browser' })
    expect((await browser.postJson('/session', { code: 'x' })).json()).toMatchObject({ error: 'result_unknown' })
    expect((await browser.postJson('/session', { code: stolen })).status).toBe(200)
    expect((await browser.postJson('/session', { code: stolen })).json()).toMatchObject({
      error: 'result_already_read',
    })
    expect((await thief.go('/account')).status).toBe(303)
  })

  it('takes forms from its own pages only', async () => {
    const browser = new SiteVisitor(running.origins.forum)
    await signIn(browser)
    for (const path of ['/posts', '/sign-out', '/account/delete', '/session']) {
      const reply = await browser.go(path, form({ text: 'x' }, running.origins.wine))
      expect(reply.status).toBe(403)
      expect(reply.json()).toMatchObject({ error: 'origin_forbidden' })
    }
    expect((await browser.go('/account')).status).toBe(200)
  })
})

describe('the wine shop', () => {
  it('keeps its checkout closed to whoever has not shown their age', async () => {
    const browser = new SiteVisitor(running.origins.wine)
    expect((await browser.go('/')).body).toContain('Prove you are 18 or older')
    expect((await browser.go('/checkout')).status).toBe(303)
    expect((await browser.post('/orders', { bottle: 'iron-red' })).status).toBe(303)
  })

  it('opens it to whoever has, takes an order, and forgets', async () => {
    const browser = new SiteVisitor(running.origins.wine)
    const reply = await browser.postJson('/age', { code: await answer(browser, 'over18') })
    expect(reply.json()).toEqual({ next: '/checkout' })
    expect((await browser.post('/orders', { bottle: 'iron-red' })).body).toContain('One bottle of Iron Hill')
    expect((await browser.post('/orders', { bottle: 'none' })).status).toBe(303)
    await browser.post('/leave')
    expect((await browser.go('/checkout')).status).toBe(303)
  })

  it('learns no claim: none is in its files', async () => {
    const browser = new SiteVisitor(running.origins.wine)
    await browser.postJson('/age', { code: await answer(browser, 'over18') })
    const files = readdirSync(join(directory, 'wine'))
    expect(files).toEqual(expect.arrayContaining(['touchstone.sqlite', 'touchstone.sqlite-wal', 'wine.sqlite']))
    const bytes = Buffer.concat(files.map((file) => readFileSync(join(directory, 'wine', file))))
    expect(bytes.includes('over18')).toBe(true)
    for (const claim of Object.values(held.credential.claims)) {
      if (String(claim).length > 2) expect([claim, bytes.includes(String(claim))]).toEqual([claim, false])
    }
  })
})
