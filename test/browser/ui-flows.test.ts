import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/chromium.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { OFFER } from '../fixtures/ui/contents.ts'
import { type Pages, servePages } from '../fixtures/ui/pages.ts'
import {
  BOTH_BY_ONE,
  HIDDEN_AMONG_FIVE,
  MANY_QUESTIONS,
  NO_WAY,
  ONE_WAY_IMPOSSIBLE,
  OVER_18,
  SET_OF_27,
  SEVERAL_CARDS,
  SHARED_QUESTION,
  SIGN_IN,
  TOO_YOUNG,
  TWO_CARDS,
  TWO_WAYS,
} from '../fixtures/ui/requests.ts'
import { NOW, type Scene } from '../fixtures/ui/scene.ts'
import { openFromSite } from '../fixtures/ui/screens.ts'

type Call = { name: string; argument?: unknown }
type Heard = { origin: string; data: unknown }

/** A request whose payload says where to go back to; the fake wallet checks no signature. */
const JWS = requestJws('https://forum.example')
const TOUCH = { reports: [{ phase: 'touch', loaded: 1, total: 1 }], hold: true } as const

let pages: Pages
let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  pages = await servePages()
  browser = await chromium.launch({ executablePath: ensureChromium(() => undefined), args: CHROMIUM_FLAGS })
})

afterEach(() => context.close())

afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

test('consent by keyboard: Agree can be reached at once, and does nothing for the first second', async () => {
  const page = await open({ state: 'open', request: OVER_18 }, { clock: 'stopped' })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await runUntil(page, page.getByRole('heading', { name: 'Are you 18 or older?' }))
  await runUntil(page, page.getByRole('button', { name: 'In a moment' }))

  const walk: string[] = []
  for (let step = 0; step < 3; step++) {
    await page.keyboard.press('Tab')
    walk.push(await page.evaluate(() => document.activeElement?.textContent ?? ''))
  }
  expect(walk).toEqual(['Details', 'Decline', 'In a moment'])
  await page.keyboard.press('Enter')
  await page.clock.runFor(900)
  await page.keyboard.press('Space')
  expect(await names(page)).not.toContain('present')

  await page.clock.runFor(100)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Agree')
  await page.keyboard.press('Enter')
  expect(await names(page)).toContain('present')
})

test('what lies below the fold is read before it can be agreed to, by keyboard too', async () => {
  const page = await open({ state: 'open', request: OVER_18 }, { clock: 'stopped' })
  await page.setViewportSize({ width: 420, height: 330 })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  const readOn = page.getByRole('button', { name: 'Read on' })
  await runUntil(page, readOn)
  await page.clock.runFor(5_000)
  expect(await page.getByRole('button', { name: 'Agree' }).count()).toBe(0)
  // The end of the list is in the window, and under the answers.
  await page.locator('.leaf ul').evaluate((list) => scrollTo(0, list.getBoundingClientRect().bottom - innerHeight + 20))
  await page.clock.runFor(2_000)
  expect(await page.getByRole('button', { name: 'Agree' }).count()).toBe(0)
  await page.evaluate(() => scrollTo(0, 0))
  await readOn.focus()
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('They learn')
  await runUntil(page, page.getByRole('button', { name: 'In a moment' }))
  await page.clock.runFor(900)
  expect(await page.getByRole('button', { name: 'Agree' }).count()).toBe(0)
  await page.clock.runFor(200)
  await page.getByRole('button', { name: 'Agree' }).click()
  expect(await names(page)).toContain('present')
})

test('a list that is longer than the window is read on part by part', async () => {
  const page = await open({ state: 'open', request: MANY_QUESTIONS })
  await page.setViewportSize({ width: 320, height: 330 })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await readOn(page)
  await page.waitForTimeout(1_500)
  expect(await page.getByRole('button', { name: 'Agree' }).count()).toBe(0)
  const button = page.getByRole('button', { name: 'Read on' })
  for (let press = 0; press < 10 && (await button.count()) > 0; press++) {
    await button.evaluateAll(pressAll)
    await page.waitForTimeout(100)
  }
  await page.getByRole('button', { name: 'Agree' }).waitFor()
})

test('another way is read anew', async () => {
  const page = await open({ state: 'open', request: TWO_WAYS })
  await page.setViewportSize({ width: 420, height: 1200 })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).waitFor()
  await page.setViewportSize({ width: 420, height: 500 })
  await page.evaluate(() => scrollTo(0, 0))
  await page.getByRole('radio', { name: /Member/ }).check()
  await page.evaluate(() => scrollTo(0, 0))
  await page.getByRole('button', { name: 'Read on' }).waitFor()
})

test('Decline and Agree are of one size', async () => {
  const page = await open({ state: 'open', request: OVER_18 })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).waitFor()
  const [decline, agree] = await Promise.all(
    ['Decline', 'Agree'].map((name) => page.getByRole('button', { name }).boundingBox()),
  )
  expect({ width: agree?.width, height: agree?.height }).toEqual({ width: decline?.width, height: decline?.height })
})

test('a page that is hidden and shown again starts the second over', async () => {
  const page = await open({ state: 'open', request: SIGN_IN }, { clock: 'stopped' })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await runUntil(page, page.getByRole('button', { name: 'Sign in' }))
  await setVisibility(page, 'hidden')
  await page.getByRole('button', { name: 'In a moment' }).waitFor()
  await page.clock.runFor(5_000)
  expect(await page.getByRole('button', { name: 'Sign in' }).count()).toBe(0)
  await setVisibility(page, 'visible')
  await page.clock.runFor(1_100)
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
})

test('forged messages are ignored: wrong source, wrong shape, wrong origin; the right one is heard, once', async () => {
  const wallet = await openFromSite(await fresh({ state: 'open' }), pages.origin, { scene: { state: 'open' } })
  await wallet.getByText('Waiting for the site').waitFor()
  const site = siteOf(wallet)
  const right = { type: 'touchstone:request', version: 1, jws: 'right.right.right' }

  // Another window of the same site, which did not open the wallet.
  const [other] = await Promise.all([
    context.waitForEvent('page'),
    site.evaluate(() => void window.open(location.href)),
  ])
  await other.waitForLoadState()
  await other.evaluate(
    ({ message, target }) => {
      const { wallet } = opener as { wallet: Window }
      wallet.postMessage(message, target)
    },
    { message: { ...right, jws: 'other.window.sent' }, target: pages.origin },
  )
  // The wallet's own window.
  await wallet.evaluate((message) => postMessage(message, location.origin), { ...right, jws: 'its.own.message' })
  // The right window, with what is no request.
  for (const message of [
    { ...right, version: 2 },
    { ...right, jws: 7 },
    { ...right, extra: true },
    { type: 'touchstone:code', version: 1, code: 'c'.repeat(43) },
    'touchstone:request',
    null,
  ]) {
    await send(site, message)
  }
  expect(await names(wallet)).not.toContain('readRequest')

  await send(site, right)
  await send(site, { ...right, jws: 'second.second.second' })
  await expect.poll(() => names(wallet)).toContain('readRequest')
  const requests = (await calls(wallet)).filter(({ name }) => name === 'readRequest')
  const origin = new URL(site.url()).origin
  expect(requests).toEqual([{ name: 'readRequest', argument: { jws: 'right.right.right', origin } }])
})

test('a site that announces another origin is neither told that the window is ready nor heard', async () => {
  await fresh({ state: 'open', request: SIGN_IN })
  const site = await context.newPage()
  await site.goto(pages.origin.replace('wallet.', 'evil.'))
  const opened = context.waitForEvent('page')
  await site.evaluate((wallet) => {
    const page = window as unknown as { wallet: Window | null }
    page.wallet = window.open(`${wallet}/present#from=https%3A%2F%2Fforum.example`, 'touchstone')
  }, pages.origin)
  const wallet = await opened
  await wallet.getByText('Waiting for the site').waitFor()
  await send(site, { type: 'touchstone:request', version: 1, jws: 'a.b.c' })
  await wallet.waitForTimeout(100)
  expect(await names(wallet)).not.toContain('readRequest')
  expect(await heard(site)).toEqual([])
})

test('the code goes to the site that asked; the window closes itself', async () => {
  const scene: Scene = { state: 'open', request: SIGN_IN }
  const wallet = await openFromSite(await fresh(scene), pages.origin, { scene })
  const site = siteOf(wallet)
  await Promise.all([wallet.waitForEvent('close'), wallet.getByRole('button', { name: 'Sign in' }).click()])
  expect(await heard(site)).toEqual([
    { origin: pages.origin, data: { type: 'touchstone:ready', version: 1 } },
    { origin: pages.origin, data: { type: 'touchstone:code', version: 1, code: 'c'.repeat(43) } },
  ])
})

test('a page of another origin in the place of the site hears no code', async () => {
  const scene: Scene = { state: 'open', request: SIGN_IN }
  const wallet = await openFromSite(await fresh(scene), pages.origin, { scene })
  const site = siteOf(wallet)
  await wallet.getByRole('button', { name: 'Sign in' }).waitFor()
  await site.goto(pages.origin.replace('wallet.', 'evil.'))
  const closed = wallet.waitForEvent('close')
  await wallet.getByRole('button', { name: 'Sign in' }).click()
  await closed
  expect(await heard(site)).toEqual([])
})

test('a pressed key keeps the window that has answered', async () => {
  const scene: Scene = { state: 'open', request: SIGN_IN }
  const wallet = await openFromSite(await fresh(scene), pages.origin, { scene })
  await wallet.getByRole('button', { name: 'Sign in' }).click()
  await wallet.getByText('Signed in.').waitFor()
  await wallet.keyboard.press('Shift')
  await wallet.waitForTimeout(1_800)
  expect(wallet.isClosed()).toBe(false)
  await wallet.getByRole('button', { name: 'See it in Activity' }).click()
  await wallet.getByRole('heading', { name: 'Activity' }).waitFor()
})

test('declining tells the site that nothing will come, and closes', async () => {
  const scene: Scene = { state: 'open', request: TOO_YOUNG }
  const wallet = await openFromSite(await fresh(scene), pages.origin, { scene })
  const site = siteOf(wallet)
  await wallet.getByText('You have no card that answers this').waitFor()
  expect(await wallet.getByRole('button', { name: 'Agree' }).count()).toBe(0)
  await Promise.all([wallet.waitForEvent('close'), wallet.getByRole('button', { name: 'Decline' }).click()])
  expect((await heard(site)).at(-1)?.data).toEqual({ type: 'touchstone:declined', version: 1 })
})

test('by link the answer goes back in a fragment, and so does a no', async () => {
  for (const [press, fragment] of [
    ['Sign in', `#touchstone=${'c'.repeat(43)}`],
    ['Decline', '#touchstone=declined'],
  ] as const) {
    const page = await open({ state: 'open', request: SIGN_IN })
    await context.route('https://forum.example/**', (route) => route.fulfill({ body: 'the site' }))
    await page.goto(`${pages.origin}/present#request=${JWS}`)
    expect(new URL(page.url()).hash).toBe('')
    await page.getByRole('button', { name: press }).click()
    await page.waitForURL(`https://forum.example/back${fragment}`)
    await context.close()
  }
})

test('the same address opened again is a new request, and a reload keeps the first', async () => {
  const page = await open({ state: 'open', request: SIGN_IN })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByText('blue-otter-27').waitFor()
  await page.reload()
  await page.getByText('blue-otter-27').waitFor()
  await page.evaluate((jws) => location.assign(`/present#request=${jws}`), JWS)
  await expect.poll(async () => (await names(page)).filter((name) => name === 'readRequest').length).toBe(2)
})

test('Cancel during the touch leads back to the question', async () => {
  const page = await open({ state: 'open', request: OVER_18, present: TOUCH })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByRole('heading', { name: 'Touch your key' }).waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('heading', { name: 'Are you 18 or older?' }).waitFor()
})

test('the card that was chosen is the one that answers', async () => {
  const page = await open({ state: 'open', request: SEVERAL_CARDS, present: TOUCH })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Change' }).click()
  await page.getByRole('radio', { name: /Touchstone demo issuer/ }).check()
  await page.getByRole('button', { name: 'Use this card' }).click()
  await page.getByText('Touchstone demo issuer').waitFor()
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByRole('heading', { name: 'Touch your key' }).waitFor()
  expect((await calls(page)).at(-1)).toEqual({
    name: 'present',
    argument: { alternative: 'age', choices: { age: 'person-2' } },
  })
})

test('what is said of the issuers follows the cards that are chosen', async () => {
  const page = await open({ state: 'open', request: TWO_CARDS, consequences: BOTH_BY_ONE })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  const learned = page.getByRole('region', { name: 'They learn', exact: true })
  const kept = page.getByRole('region', { name: 'They do not learn' })
  const cards = learned.getByText(/card is valid today/)
  await cards.first().waitFor()
  expect(await cards.count()).toBe(2)
  expect(await cards.first().textContent()).toContain('one of 5 issuers')
  expect(await kept.getByText('Which of these 5 issued it').count()).toBe(1)

  await page.getByRole('button', { name: 'Change' }).click()
  await page.getByRole('radio', { name: /Touchstone demo issuer/ }).check()
  await page.getByRole('button', { name: 'Use this card' }).click()
  await cards.first().waitFor()
  expect(await cards.count()).toBe(1)
  expect(await cards.first().textContent()).not.toContain('one of 5 issuers')
  expect(await kept.getByText(/Which of these/).count()).toBe(0)
})

test('the card on screen is the one that answers, also where nobody chose', async () => {
  const page = await open({ state: 'locked', request: SEVERAL_CARDS, present: TOUCH })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByRole('heading', { name: 'Touch your key' }).waitFor()
  expect((await calls(page)).at(-1)).toEqual({
    name: 'present',
    argument: { alternative: 'age', choices: { age: 'person-1' } },
  })
})

test('where the card does not answer and there is another, the request is read again for a choice', async () => {
  const page = await open({ state: 'locked', request: SEVERAL_CARDS, present: { fail: { code: 'cannot_satisfy' } } })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByRole('button', { name: 'Choose another card' }).click()
  await page.getByRole('button', { name: 'Change' }).waitFor()
  expect((await names(page)).filter((name) => name === 'readRequest').length).toBe(2)
})

test('of two ways the picked one answers; what is learned and the card follow it, by keyboard alone', async () => {
  const page = await open({ state: 'open', request: TWO_WAYS, present: TOUCH })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  const group = page.getByRole('group', { name: 'Choose what to show' })
  const learned = page.getByRole('region', { name: 'They learn', exact: true })
  await group.getByRole('radio', { name: 'Are you 18 or older?' }).focus()
  expect(await group.getByRole('radio').count()).toBe(2)
  await learned.getByText('You are 18 or older').waitFor()
  await page.getByText('City of Arden').waitFor()

  await page.keyboard.press('ArrowDown')
  await learned.getByText(/Your .Member. card is valid today/).waitFor()
  expect(await group.getByRole('radio', { name: /Do you hold a valid .Member. credential/ }).isChecked()).toBe(true)
  expect(await learned.getByText('You are 18 or older').count()).toBe(0)
  expect(await page.getByText('City of Arden').count()).toBe(0)
  await page.getByText('Harbour Workers’ Union').waitFor()
  await readOn(page)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByRole('heading', { name: 'Touch your key' }).waitFor()
  const argument = { alternative: 'member+who', choices: { member: 'member-1' } }
  expect((await calls(page)).at(-1)).toEqual({ name: 'present', argument })
})

test('what all ways ask stands once, above; each way lists what it asks besides', async () => {
  const page = await open({ state: 'open', request: SHARED_QUESTION })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  const group = page.getByRole('group', { name: 'Choose what else to show' })
  await group.waitFor()
  expect(await page.getByText('Are you 18 or older?').count()).toBe(1)
  expect(await group.getByText('Are you 18 or older?').count()).toBe(0)
  expect(await group.getByRole('radio').count()).toBe(2)
  const learned = page.getByRole('region', { name: 'They learn', exact: true })
  await learned.getByText(/^Your .Person. card is valid today, not revoked .* issued by one of 5 issuers$/).waitFor()
  await learned
    .getByText(/^Your .Member. card is valid today, not revoked .* issued by members\.hwu\.example$/)
    .waitFor()
})

test('a way that is impossible is shown, says what is missing, and cannot be picked', async () => {
  const page = await open({ state: 'open', request: ONE_WAY_IMPOSSIBLE })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  const impossible = page.getByRole('radio', { name: /You have no such card\. One could come from id\.arden\.example/ })
  await impossible.waitFor()
  expect(await impossible.isDisabled()).toBe(true)
  expect(await page.getByRole('radio', { name: /Nationality/ }).isChecked()).toBe(true)
})

test('where no way is possible there is nothing to agree to', async () => {
  const page = await open({ state: 'open', request: NO_WAY })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByText('You have no card for any of them').waitFor()
  expect(await page.getByRole('radio').count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Agree' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Decline' }).waitFor()
  // Where a card could come from is said once, for each kind of card.
  const origins = await page.locator('.origin').allInnerTexts()
  expect(origins.filter((origin) => origin === 'id.bray.example')).toEqual(['id.bray.example'])
  expect(
    await page
      .getByRole('region', { name: /A .Member. card could come from/ })
      .getByRole('link')
      .count(),
  ).toBe(5)
  expect(
    await page
      .getByRole('region', { name: /A .Person. card could come from/ })
      .getByRole('link')
      .count(),
  ).toBe(1)
})

test('a refusal that may not last can be tried again, and another cannot', async () => {
  for (const retryable of [true, false]) {
    const fail = { code: 'site_refused', shared: 'maybe', detail: 'busy', retryable } as const
    const page = await open({ state: 'open', request: OVER_18, present: { fail } })
    await page.goto(`${pages.origin}/present#request=${JWS}`)
    await page.getByRole('button', { name: 'Agree' }).click()
    await page.getByText('Your answer may have arrived').waitFor()
    const again = page.getByRole('button', { name: 'Try again' })
    expect(await again.count()).toBe(retryable ? 1 : 0)
    if (retryable) {
      await again.click()
      await expect.poll(async () => (await names(page)).filter((name) => name === 'present').length).toBe(2)
    }
    await context.close()
  }
})

test('the full stop behind an address stays with it, however wide the line', async () => {
  const page = await open({ state: 'open', request: OVER_18, present: { fail: { code: 'credential_revoked' } } })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).click()
  const line = page.getByText('Nothing was shared').locator('..')
  await line.waitFor()
  const alone: number[] = []
  for (let width = 320; width <= 460; width += 4) {
    await page.setViewportSize({ width, height: 700 })
    const apart = await line.evaluate((element) => {
      const address = element.querySelector('.origin')?.getClientRects()
      const stop = document.createRange()
      const last = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
      while (last.nextNode()) stop.selectNodeContents(last.currentNode)
      return stop.toString() !== '.' || stop.getBoundingClientRect().top > (address?.[0]?.bottom ?? 0)
    })
    if (apart) alone.push(width)
  }
  expect(alone).toEqual([])
})

test('a card that was taken back leads to the other way', async () => {
  const page = await open({ state: 'locked', request: TWO_WAYS, present: { fail: { code: 'credential_revoked' } } })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await readOn(page)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByText('City of Arden has taken back your Person card').waitFor()
  await page.getByRole('button', { name: 'Answer in another way' }).click()
  await page.getByRole('heading', { name: 'There are two ways to answer' }).waitFor()
  expect((await names(page)).filter((name) => name === 'readRequest').length).toBe(2)
})

test('a long set shows its first members, and all of them after a press', async () => {
  const page = await open({ state: 'open', request: SET_OF_27 })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('heading', { name: /Austria, Belgium, Bulgaria, Croatia, Cyprus and 22 more/ }).waitFor()
  expect(await page.getByText('Sweden').isVisible()).toBe(false)
  await page.getByText('All 27 countries').click()
  expect(await page.getByRole('listitem').filter({ hasText: 'Sweden' }).isVisible()).toBe(true)
  expect(await page.locator('.members li').count()).toBe(27)
})

test('an issuer that is silent is named, and nothing was shared', async () => {
  const page = await open({
    state: 'open',
    request: HIDDEN_AMONG_FIVE,
    present: { fail: { code: 'issuer_unreachable', origin: parseOrigin('https://id.calder.example') } },
  })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByText('id.calder.example is silent').waitFor()
  await page.getByText('Nothing was shared').waitFor()
  await page.getByRole('button', { name: 'Try again' }).waitFor()
})

test('a site is not named before it was heard', async () => {
  const wallet = await openFromSite(await fresh({ state: 'none' }), pages.origin, { scene: { state: 'none' } })
  await wallet.getByText('A site is waiting.').waitFor()
  await send(siteOf(wallet), { type: 'touchstone:request', version: 1, jws: 'a.b.c' })
  await wallet.getByText('wine.', { exact: false }).first().waitFor()
})

test('without a wallet one is made first; then the same request is answered', async () => {
  const scene: Scene = { state: 'none', request: SIGN_IN }
  const wallet = await openFromSite(await fresh(scene), pages.origin, { scene })
  await wallet.getByRole('button', { name: 'Use your security key' }).click()
  await wallet.getByText('If you lose this key, the wallet is gone.').waitFor()
  await wallet.getByRole('button', { name: 'I understand' }).click()
  await wallet.getByText('blue-otter-27').waitFor()
})

test('without a wallet one is made first; then the same offer is accepted', async () => {
  const page = await open({ state: 'none', offer: OFFER })
  await page.goto(`${pages.origin}/receive#issuer=https://id.arden.example&offer=1`)
  await page.getByText('An issuer has a credential for you').waitFor()
  await page.getByRole('button', { name: 'Use your security key' }).click()
  await page.getByRole('button', { name: 'I understand' }).click()
  await page.getByRole('button', { name: 'Accept' }).click()
  await page.getByText('Your Person card is in your wallet.').waitFor()
  const asked = (await calls(page)).find(({ name }) => name === 'readOffer')
  expect(asked?.argument).toEqual({ issuer: 'https://id.arden.example', offer: '1' })
})

test('a sensitive claim is shown only after a press', async () => {
  const page = await open({ state: 'open' })
  await page.goto(`${pages.origin}/card/person-1`)
  await page.getByRole('button', { name: 'Show: Document number' }).waitFor()
  expect(await page.content()).not.toContain('NO-4471-9035')
  await page.getByRole('button', { name: 'Show: Document number' }).click()
  await page.getByText('NO-4471-9035').waitFor()
  await page.getByRole('button', { name: 'Hide: Document number' }).click()
  expect(await page.content()).not.toContain('NO-4471-9035')
})

test('deleting a card asks once; Escape keeps it and gives the focus back', async () => {
  const page = await open({ state: 'open' })
  await page.goto(`${pages.origin}/card/person-1`)
  await page.getByRole('button', { name: 'Delete this card' }).click()
  await page.keyboard.press('Escape')
  expect(await page.getByRole('dialog').count()).toBe(0)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Delete this card')
  expect(await names(page)).not.toContain('deleteCredential')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Delete it' }).click()
  await page.getByRole('heading', { name: 'Your cards' }).waitFor()
  expect(await calls(page)).toContainEqual({ name: 'deleteCredential', argument: 'person-1' })
  expect(await page.getByText('City of Arden').count()).toBe(0)
})

test('a damaged card can be deleted from where it says so', async () => {
  const page = await open({ state: 'open', damaged: true })
  await page.goto(`${pages.origin}/card/person-1`)
  await page.getByText('A stored card is damaged').waitFor()
  await page.getByRole('button', { name: 'Delete this card' }).click()
  await page.getByRole('button', { name: 'Delete it' }).click()
  await page.getByRole('heading', { name: 'Your cards' }).waitFor()
  expect(await calls(page)).toContainEqual({ name: 'deleteCredential', argument: 'person-1' })
})

test('erasing the wallet asks twice', async () => {
  const page = await open({ state: 'open' })
  await page.goto(`${pages.origin}/settings`)
  await page.getByRole('button', { name: 'Erase' }).click()
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('button', { name: 'Keep my wallet' }).click()
  expect(await names(page)).not.toContain('reset')
  await page.getByRole('button', { name: 'Erase' }).click()
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('button', { name: 'Erase everything' }).click()
  await page.getByText('Prove it with a touch.').waitFor()
  expect(await names(page)).toContain('reset')
})

test('settings reach the wallet, and the theme the page', async () => {
  const page = await open({ state: 'open' })
  await page.goto(`${pages.origin}/settings`)
  await page.getByLabel('Dark').check()
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  await page.getByLabel('Lock by itself after').selectOption({ label: '15 minutes' })
  expect(await calls(page)).toContainEqual({ name: 'changeSettings', argument: { autoLockMinutes: 15 } })
})

test('the lock is in the bar while the wallet is open; what it shut needs a touch again', async () => {
  const page = await open({ state: 'open' })
  await page.goto(pages.origin)
  await page.getByText('City of Arden').waitFor()
  await page.getByRole('link', { name: 'Activity' }).click()
  await page.getByRole('button', { name: 'Lock the wallet' }).click()
  await page.getByRole('heading', { name: 'Your wallet is locked' }).waitFor()
  expect(await page.getByRole('button', { name: 'Lock the wallet' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Open with your key' }).click()
  await page.getByText('survey.example').waitFor()
})

async function fresh(scene: Scene, { clock }: { clock?: 'stopped' } = {}): Promise<BrowserContext> {
  context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' })
  if (clock === 'stopped') {
    await context.clock.install({ time: new Date(NOW) })
    await context.clock.pauseAt(new Date(NOW))
  }
  await context.addInitScript((given) => {
    const messages: Heard[] = []
    Object.assign(window, { scene: given, everHeard: messages })
    addEventListener('message', ({ origin, data }) => messages.push({ origin, data }))
  }, scene)
  return context
}

async function open(scene: Scene, options?: { clock?: 'stopped' }): Promise<Page> {
  return (await fresh(scene, options)).newPage()
}

/** Presses "Read on" without bringing it into view first, as a click would: that alone may scroll to the end. */
async function readOn(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Read on' })
  await button.waitFor()
  await button.evaluateAll(pressAll)
}

function pressAll(elements: readonly (HTMLElement | SVGElement)[]): void {
  for (const element of elements) if (element instanceof HTMLElement) element.click()
}

function siteOf(wallet: Page): Page {
  const site = context.pages().find((page) => page !== wallet)
  if (site === undefined) throw new Error('no site is open')
  return site
}

async function send(site: Page, message: unknown): Promise<void> {
  await site.evaluate(
    ({ message, target }) => (window as unknown as { wallet: Window }).wallet.postMessage(message, target),
    { message, target: pages.origin },
  )
}

function calls(page: Page): Promise<Call[]> {
  return page.evaluate(() => (window as unknown as { calls: Call[] }).calls)
}

async function names(page: Page): Promise<string[]> {
  return (await calls(page)).map(({ name }) => name)
}

function heard(site: Page): Promise<Heard[]> {
  return site.evaluate(() => (window as unknown as { everHeard: Heard[] }).everHeard)
}

/** Lets the stopped clock go on in steps of 20 ms until something is there. */
async function runUntil(page: Page, wanted: Locator): Promise<void> {
  for (let step = 0; step < 100 && !(await wanted.isVisible()); step++) await page.clock.runFor(20)
  expect(await wanted.isVisible()).toBe(true)
}

async function setVisibility(page: Page, state: DocumentVisibilityState): Promise<void> {
  await page.evaluate((visibility) => {
    Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)
}

function requestJws(origin: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const payload = {
    version: 1,
    iss: origin,
    iat: 1,
    exp: 2,
    nonce: 'A'.repeat(43),
    session: 'session-1',
    keySet: 'A'.repeat(43),
    today: 46_345,
    responseUri: `${origin}/answer`,
    returnUri: `${origin}/back`,
    query: { type: 'login', id: 'who' },
  }
  return `${part({ alg: 'ES256' })}.${part(payload)}.${'A'.repeat(86)}`
}
