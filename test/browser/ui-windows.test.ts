import { expect, test } from 'vitest'
import { SIGN_IN, TOO_YOUNG } from '../fixtures/ui/requests.ts'
import type { Scene } from '../fixtures/ui/scene.ts'
import { openFromSite } from '../fixtures/ui/screens.ts'
import {
  calls,
  context,
  fresh,
  heard,
  JWS,
  names,
  open,
  pages,
  send,
  serveWalletPages,
  siteOf,
} from './wallet-pages.ts'

serveWalletPages()

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
    // Where the tests' site keeps the wallet's window.
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

test('a site is not named before it was heard', async () => {
  const wallet = await openFromSite(await fresh({ state: 'none' }), pages.origin, { scene: { state: 'none' } })
  await wallet.getByText('A site is waiting.').waitFor()
  await send(siteOf(wallet), { type: 'touchstone:request', version: 1, jws: 'a.b.c' })
  await wallet.getByText('wine.', { exact: false }).first().waitFor()
})
