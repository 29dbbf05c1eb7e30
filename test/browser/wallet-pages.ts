import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/chromium.ts'
import { type Pages, servePages } from '../fixtures/ui/pages.ts'
import { NOW, type Scene } from '../fixtures/ui/scene.ts'

type Call = { name: string; argument?: unknown }
type Heard = { origin: string; data: unknown }

/** A request whose payload says where to go back to; the fake wallet checks no signature. */
export const JWS = requestJws('https://forum.example')

/** A touch that is waited for until the test ends it. */
export const TOUCH = { reports: [{ phase: 'touch', loaded: 1, total: 1 }], hold: true } as const

/** Where the wallet's pages are served. */
export let pages: Pages
/** The test's own, with every page that it opened. */
export let context: BrowserContext
let browser: Browser

/** Serves the pages over a fake wallet, in a Chromium, for all tests of a file. */
export function serveWalletPages(): void {
  beforeAll(async () => {
    pages = await servePages()
    browser = await chromium.launch({ executablePath: ensureChromium(() => undefined), args: CHROMIUM_FLAGS })
  })

  afterEach(() => context.close())

  afterAll(async () => {
    await browser?.close()
    await pages?.close()
  })
}

export async function fresh(scene: Scene, { clock }: { clock?: 'stopped' } = {}): Promise<BrowserContext> {
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

export async function open(scene: Scene, options?: { clock?: 'stopped' }): Promise<Page> {
  return (await fresh(scene, options)).newPage()
}

/** Presses "Read on" without bringing it into view first, as a click would: that alone may scroll to the end. */
export async function readOn(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Read on' })
  await button.waitFor()
  await button.evaluateAll(pressAll)
}

export function pressAll(elements: readonly (HTMLElement | SVGElement)[]): void {
  for (const element of elements) if (element instanceof HTMLElement) element.click()
}

export function siteOf(wallet: Page): Page {
  const site = context.pages().find((page) => page !== wallet)
  if (site === undefined) throw new Error('no site is open')
  return site
}

export async function send(site: Page, message: unknown): Promise<void> {
  await site.evaluate(
    // The test's site keeps the wallet's window on its own.
    ({ message, target }) => (window as unknown as { wallet: Window }).wallet.postMessage(message, target),
    { message, target: pages.origin },
  )
}

export function calls(page: Page): Promise<Call[]> {
  // The test's page keeps them on its window.
  return page.evaluate(() => (window as unknown as { calls: Call[] }).calls)
}

export async function names(page: Page): Promise<string[]> {
  return (await calls(page)).map(({ name }) => name)
}

export function heard(site: Page): Promise<Heard[]> {
  // The test's site keeps them on its window.
  return site.evaluate(() => (window as unknown as { everHeard: Heard[] }).everHeard)
}

/** Lets the stopped clock go on in steps of 20 ms until something is there. */
export async function runUntil(page: Page, wanted: Locator): Promise<void> {
  for (let step = 0; step < 100 && !(await wanted.isVisible()); step++) await page.clock.runFor(20)
  expect(await wanted.isVisible()).toBe(true)
}

export async function setVisibility(page: Page, state: DocumentVisibilityState): Promise<void> {
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
