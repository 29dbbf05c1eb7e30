import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/chromium.ts'
import { PROJECT_ROOT } from '../../scripts/circuits/compile.ts'
import { ensureKeySet } from '../../scripts/keys.ts'
import { ensureAssets, type Running, startAll } from '../../scripts/start.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import type { WorkerProver } from '../../src/prover/worker-prover.ts'
import type { HeldCredential } from '../../src/wallet/held-credential.ts'
import { makeHolder, proverFor, receiveCredential } from '../server/holder.ts'
import { answerSession } from '../server/site-visitor.ts'

const FIELDS = {
  givenName: 'Robin',
  familyName: 'Ashdown',
  birthDate: '1990-05-17',
  nationality: 'NL',
  residence: 'NL',
  documentNumber: 'TS1234567',
  validUntil: '2027-12-31',
}
const SCREENSHOTS = join(PROJECT_ROOT, 'screenshots/sites')
const VIEWS = [
  { name: 'phone-320', width: 320, height: 640 },
  { name: 'phone-375', width: 375, height: 720 },
  { name: 'desktop', width: 1280, height: 800 },
] as const

let directory: string
let running: Running
let prover: WorkerProver
let browser: Browser
const holder = makeHolder()
let held: HeldCredential

beforeAll(async () => {
  const keySet = await ensureKeySet({ origin: 'development' })
  const dist = join(PROJECT_ROOT, 'build/dist-development')
  await ensureAssets({ keySet: keySet.hash, dist })
  directory = mkdtempSync(join(tmpdir(), 'touchstone-sites-'))
  running = await startAll({
    ports: { wallet: 0, issuer: 0, forum: 0, wine: 0 },
    dataDirectory: directory,
    keySet,
    dist,
  })
  prover = proverFor(keySet)
  const { issuer, wallet } = running.origins
  held = await receiveCredential({ issuer, walletOrigin: wallet, holder, prover, fields: FIELDS })
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: CHROMIUM_FLAGS })
  mkdirSync(SCREENSHOTS, { recursive: true })
})
afterAll(async () => {
  await browser?.close()
  prover?.close()
  await running?.close()
  rmSync(directory, { recursive: true, force: true })
})

/** What the page's own policy stopped, and what its scripts said. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return complaints
}

async function inspect(context: BrowserContext, url: string, name: string, act?: (page: Page) => Promise<void>) {
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await page.goto(url)
  await act?.(page)
  for (const { name: view, ...size } of VIEWS) {
    await page.setViewportSize(size)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
      expect([name, view, colorScheme, found]).toEqual([name, view, colorScheme, []])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect([name, view, overflow]).toEqual([name, view, Math.min(overflow, 0)])
      await page.screenshot({ path: join(SCREENSHOTS, `${name}-${view}-${colorScheme}.png`), fullPage: true })
    }
  }
  await page.close()
  return complaints
}

/** Asks and is answered, with the session and its cookies in a real browser and the wallet in this process. */
async function answered(site: Origin, request: string, result: string): Promise<BrowserContext> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(site)
  const post = (path: string, body: object) =>
    page.evaluate(
      async ([path, text]) => {
        const headers = { 'content-type': 'application/json' }
        return (await fetch(path, { method: 'POST', headers, body: text })).json()
      },
      [path, JSON.stringify(body)] as const,
    )
  const session = await post('/touchstone/sessions', { request })
  const code = await answerSession(site, session, { holder, held, prover, walletOrigin: running.origins.wallet })
  expect(await post(result, { code })).toHaveProperty('next')
  await page.close()
  return context
}

describe('pages of issuer, forum and wine shop: accessible, 320 px to desktop, by day and by night', () => {
  it('the issuer', async () => {
    const context = await browser.newContext()
    const { issuer } = running.origins
    expect(await inspect(context, issuer, 'issuer-form')).toEqual([])
    const wrong = await inspect(context, issuer, 'issuer-problems', async (page) => {
      await page.getByLabel('Given name').fill('')
      await page.getByLabel('Birth date').fill('2999-01-01')
      await page.getByRole('button', { name: 'Get the credential' }).click()
      await page.getByText('Some fields need another look').waitFor()
    })
    // The one line is the browser's own: the form came back with status 422.
    expect(wrong.filter((line) => !line.includes('422'))).toEqual([])
    const made = await inspect(context, issuer, 'issuer-offer', async (page) => {
      await page.getByRole('button', { name: 'Get the credential' }).click()
      const link = page.getByRole('link', { name: 'Open in your wallet' })
      expect(await link.getAttribute('href')).toMatch(new RegExp(`^${running.origins.wallet}/receive#issuer=`))
    })
    expect(made).toEqual([])
    await context.close()
  })

  it('the forum', async () => {
    const { forum } = running.origins
    const stranger = await browser.newContext()
    expect(await inspect(stranger, forum, 'forum-signed-out')).toEqual([])
    const context = await answered(forum, 'sign-in', '/session')
    const written = await inspect(context, forum, 'forum-signed-in', async (page) => {
      await page.getByLabel('Write a message').fill('Slate splits along its grain.\nGranite does not.')
      await page.getByRole('button', { name: 'Post' }).click()
      await page.getByText('Granite does not.').waitFor()
    })
    expect(written).toEqual([])
    expect(await inspect(context, `${forum}/account`, 'forum-account')).toEqual([])
    expect(await inspect(context, `${forum}/account/delete`, 'forum-delete')).toEqual([])
    await context.close()
    await stranger.close()
  })

  it('the wine shop', async () => {
    const { wine } = running.origins
    const stranger = await browser.newContext()
    expect(await inspect(stranger, wine, 'wine-shelf')).toEqual([])
    const context = await answered(wine, 'over18', '/age')
    expect(await inspect(context, wine, 'wine-shown')).toEqual([])
    expect(await inspect(context, `${wine}/checkout`, 'wine-checkout')).toEqual([])
    await context.close()
    await stranger.close()
  })
})

describe('the button that asks', () => {
  it('waits for the wallet’s window, and says what happened when it is closed', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    await page.goto(running.origins.forum)
    const button = page.locator('touchstone-button').getByRole('button').first()
    const [wallet] = await Promise.all([context.waitForEvent('page'), button.click()])
    expect(new URL(wallet.url()).origin).toBe(running.origins.wallet)
    await page.getByRole('button', { name: 'Waiting for your key Press to see the window again' }).waitFor()
    await page.screenshot({ path: join(SCREENSHOTS, 'button-waiting.png') })
    await wallet.waitForLoadState()
    await button.click()
    expect(context.pages()).toHaveLength(2)
    await wallet.close()
    await page.getByText('The wallet was closed before it answered').waitFor()
    expect(await button.innerText()).toContain('Sign in with Touchstone')
    await page.screenshot({ path: join(SCREENSHOTS, 'button-closed.png') })
    expect(complaints).toEqual([])
    await context.close()
  })

  it('takes up an answer that comes back by the address, and clears it', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${running.origins.forum}/#touchstone=declined`)
    await page.getByText('The wallet gave no answer.').waitFor()
    expect(new URL(page.url()).hash).toBe('')
    await page.goto(`${running.origins.wine}/#touchstone=${'A'.repeat(43)}`)
    await page.getByText('The answer has expired.').waitFor()
    expect(new URL(page.url()).hash).toBe('')
    await context.close()
  })

  it('gets its session cookie from the browser, though the page is http on localhost', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(running.origins.forum)
    const status = await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ request: 'sign-in' })
      return (await fetch('/touchstone/sessions', { method: 'POST', headers, body })).status
    })
    expect(status).toBe(201)
    const [cookie] = await context.cookies(running.origins.forum)
    expect(cookie).toMatchObject({
      name: '__Host-touchstone',
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
    })
    await context.close()
  })
})
