import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/chromium.ts'
import { bundle } from '../../scripts/sdk/build-button.ts'
import { CODE, hearRequest, press, type SimulatedSite, say, simulateSite } from './simulated-relying-party.ts'

const ANSWER = { type: 'touchstone:code', version: 1, code: CODE }

let browser: Browser
let world: SimulatedSite
beforeAll(async () => {
  world = await simulateSite(await bundle('test/browser/react-page.ts'))
  browser = await chromium.launch({ executablePath: ensureChromium(console.error), args: CHROMIUM_FLAGS })
})
afterAll(async () => {
  await browser.close()
  world.close()
})

let context: BrowserContext
let page: Page
let complaints: string[]
beforeEach(async () => {
  context = await browser.newContext()
  page = await context.newPage()
  complaints = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
})
afterEach(async () => {
  await context.close()
  world.reset()
  expect(complaints).toEqual([])
})

const heard = () => page.evaluate(() => Reflect.get(window, 'heard'))
const shown = (text: string) => page.locator('output', { hasText: text }).waitFor()
const pressed = async (name: string) => {
  const popup = await press(context, () => page.getByRole('button', { name }).click())
  await hearRequest(popup, world.site)
  return popup
}

describe('TouchstoneButton', () => {
  it('is the element, with what it says as functions; the page stays where it is', async () => {
    await page.goto(world.site)
    const popup = await pressed('Prove it')
    expect(world.posted.get('/touchstone/sessions')).toEqual({ request: 'over18' })
    expect(await page.locator('touchstone-button').getAttribute('class')).toBe('theirs')
    await say(popup, ANSWER, world.site)
    await shown('signIn')
    expect(await heard()).toEqual(['awaiting_wallet', 'awaiting_key', 'verifying', 'done'])
    expect(page.url()).toBe(`${world.site}/`)
  })

  it('takes up what came back by the address, once somebody listens', async () => {
    await page.goto(`${world.site}/#touchstone=declined`)
    await expect.poll(heard).toEqual(['error', 'declined'])
    await page.goto(`${world.site}/?again#touchstone=${CODE}`)
    await shown('signIn')
  })
})

describe('useTouchstone', () => {
  it('is the same for a button of one’s own', async () => {
    await page.goto(`${world.site}/?hook`)
    await shown('idle')
    const popup = await pressed('Mine')
    await shown('awaiting_key')
    await say(popup, { type: 'touchstone:progress', version: 1, phase: 'proving', progress: 0.5 }, world.site)
    await shown('proving')
    await say(popup, ANSWER, world.site)
    await shown('done')
    expect(await heard()).toEqual(['signIn'])
    await popup.close()
    const again = await pressed('Mine')
    await again.close()
    await shown('error touchstone.wallet_closed')
  })

  it('gives up when told to, and with its component', async () => {
    await page.goto(`${world.site}/?hook`)
    const first = await pressed('Mine')
    // A second press while one is on asks nothing.
    await page.getByRole('button', { name: 'Mine' }).click()
    await shown('awaiting_key')
    await Promise.all([first.waitForEvent('close'), page.getByRole('button', { name: 'Stop' }).click()])
    await shown('idle')
    const second = await pressed('Mine')
    await Promise.all([second.waitForEvent('close'), page.evaluate(() => Reflect.get(window, 'unmount')())])
  })

  it('takes up what came back by the address', async () => {
    await page.goto(`${world.site}/?hook#touchstone=${CODE}`)
    await shown('done')
    expect(world.posted.get('/touchstone/result')).toEqual({ code: CODE })
  })
})
