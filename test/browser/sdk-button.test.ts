import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/chromium.ts'
import { PROJECT_ROOT } from '../../scripts/circuits/compile.ts'
import {
  CODE,
  hearRequest as hear,
  press,
  type SimulatedSite,
  say as saying,
  simulateSite,
} from './simulated-relying-party.ts'

/** Loads the button, keeps its events, and does to it what a page may. */
const PAGE_SCRIPT = `
import { setWords } from '/page.js'
window.heard = []
window.setWords = setWords
for (const name of ['touchstone-state', 'touchstone-done', 'touchstone-error']) {
  addEventListener(name, (event) => {
    const { detail } = event
    window.heard.push([name, detail.state ?? detail.code ?? detail.request])
    if (name === 'touchstone-done' && window.keep) event.preventDefault()
  })
}
`
const SCREENSHOTS = join(PROJECT_ROOT, 'screenshots/button')
const ANSWER = { type: 'touchstone:code', version: 1, code: CODE }
const PROGRESS = { type: 'touchstone:progress', version: 1, phase: 'proving', progress: 0.4 }

let browser: Browser
let world: SimulatedSite
beforeAll(async () => {
  world = await simulateSite(PAGE_SCRIPT)
  browser = await chromium.launch({ executablePath: ensureChromium(console.error), args: CHROMIUM_FLAGS })
  mkdirSync(SCREENSHOTS, { recursive: true })
})
afterAll(async () => {
  await browser.close()
  world.close()
})

let context: BrowserContext
let page: Page
let complaints: string[]
beforeEach(async () => {
  context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' })
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
})

/** A page with this button, which is alive when it is given back. */
async function open(markup = '<touchstone-button next="/members"></touchstone-button>', path = '/'): Promise<void> {
  world.body = markup
  await page.goto(`${world.site}${path}`)
  await page.locator('touchstone-button[state]').first().waitFor()
}

const host = () => page.locator('touchstone-button').first()
const main = () => host().getByRole('button').first()
const cancel = () => host().getByRole('button', { name: 'Cancel' })
const status = () => host().getByRole('status')
const state = () => host().getAttribute('state')
const say = (popup: Page, message: unknown) => saying(popup, message, world.site)
const pressIt = () => press(context, () => main().click())
const heard = () => page.evaluate(() => Reflect.get(window, 'heard'))
const reached = (wanted: string) => page.locator(`touchstone-button[state=${wanted}]`).first().waitFor()

/** Pressed, the request with the wallet, in a window of its own. */
async function asked(): Promise<Page> {
  for (const old of context.pages()) if (old !== page) await old.close()
  const popup = await pressIt()
  await hear(popup, world.site)
  await reached('awaiting_key')
  return popup
}

describe('<touchstone-button>', () => {
  it('goes from the press to the site’s next page, and says each step to eye and ear', async () => {
    await open()
    expect([await state(), await main().innerText()]).toEqual(['idle', 'Sign in with Touchstone'])
    const popup = await pressIt()
    expect([await state(), await status().innerText()]).toEqual(['awaiting_wallet', 'Opening your wallet'])
    await hear(popup, world.site)
    await reached('awaiting_key')
    expect(await main().innerText()).toMatch(/^Waiting for your key\s+Press to see the window again$/)
    expect(await main().getAttribute('aria-busy')).toBe('true')
    await say(popup, PROGRESS)
    await reached('proving')
    const bar = host().getByRole('progressbar', { name: 'Your wallet is working' })
    expect(await bar.getAttribute('aria-valuenow')).toBe('40')
    let answer = () => {}
    await page.route('**/touchstone/result', async (route) => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      await route.continue()
    })
    await say(popup, ANSWER)
    await reached('verifying')
    expect(await main().getAttribute('aria-disabled')).toBe('true')
    expect(await status().innerText()).toBe('Checking the answer')
    expect(await cancel().isVisible()).toBe(false)
    await main().click({ force: true })
    expect(context.pages()).toHaveLength(2)
    answer()
    await page.waitForURL(`${world.site}/members`)
    expect(world.posted.get('/touchstone/sessions')).toEqual({ request: 'signIn' })
    expect(world.posted.get('/touchstone/result')).toEqual({ code: CODE })
    expect(complaints).toEqual([])
  })

  it('asks what its attributes say, and tells the page by events, which may keep it from going on', async () => {
    world.result = { status: 200, body: { request: 'over18', next: '/elsewhere' } }
    await open(
      `<touchstone-button request="over18" result="/age" label="Prove it" wallet-origin="${world.wallet}"></touchstone-button>`,
    )
    await page.route('**/age', (route) => route.fulfill({ json: { next: '/checkout' } }))
    await page.evaluate(() => Reflect.set(window, 'keep', true))
    expect(await main().innerText()).toBe('Prove it')
    expect(world.asked).not.toContain('GET /touchstone/config.json')
    const popup = await asked()
    await say(popup, ANSWER)
    await reached('done')
    expect(world.posted.get('/touchstone/sessions')).toEqual({ request: 'over18' })
    await expect.poll(heard).toEqual([
      ['touchstone-state', 'awaiting_wallet'],
      ['touchstone-state', 'awaiting_key'],
      ['touchstone-state', 'verifying'],
      ['touchstone-state', 'done'],
      ['touchstone-done', 'over18'],
    ])
    expect(page.url()).toBe(`${world.site}/`)
    await host().evaluate((button) => button instanceof HTMLElement && Reflect.get(button, 'reset').call(button))
    expect([await state(), await main().innerText()]).toEqual(['idle', 'Prove it'])
  })

  it('goes where the site’s server says, or loads the page again, and never to another site', async () => {
    world.result = { status: 200, body: { request: 'signIn', next: '/from-the-server' } }
    await open()
    await say(await asked(), ANSWER)
    await page.waitForURL(`${world.site}/from-the-server`)

    world.result = { status: 200, body: { request: 'signIn' } }
    await open('<touchstone-button></touchstone-button>')
    await page.evaluate(() => Reflect.set(window, 'old', true))
    await say(await asked(), ANSWER)
    await page.waitForFunction(() => !Reflect.has(window, 'old'))
    expect(page.url()).toBe(`${world.site}/`)

    for (const next of [world.elsewhere, 'javascript:window.stolen=1', '//evil.example']) {
      await open(`<touchstone-button next="${next}"></touchstone-button>`)
      await say(await asked(), ANSWER)
      await expect.poll(() => complaints.join()).toContain('next leads to another site')
      complaints.length = 0
      expect(page.url()).toBe(`${world.site}/`)
    }
  })

  it('can be cancelled by keyboard alone; the window goes, and the focus stays', async () => {
    await open()
    await page.keyboard.press('Tab')
    const popup = await press(context, () => page.keyboard.press('Enter'))
    const closed = popup.waitForEvent('close')
    await hear(popup, world.site)
    await reached('awaiting_key')
    await page.bringToFront()
    await page.keyboard.press('Tab')
    expect(await cancel().evaluate((button) => button.matches(':focus'))).toBe(true)
    await page.keyboard.press('Space')
    await closed
    await reached('idle')
    expect(await main().evaluate((button) => button.matches(':focus-visible'))).toBe(true)
    expect([await cancel().isVisible(), await status().innerText()]).toEqual([false, ''])
    expect((await heard()).map(([, what]: string[]) => what)).toEqual(['awaiting_wallet', 'awaiting_key', 'idle'])
    expect(await press(context, () => page.keyboard.press('Enter'))).toBeDefined()
  })

  it('shows the window again at a second press, and asks nothing twice', async () => {
    await open()
    await asked()
    await main().click()
    expect(context.pages()).toHaveLength(2)
    expect(await state()).toBe('awaiting_key')
    expect(world.asked.filter((what) => what === 'POST /touchstone/sessions')).toHaveLength(1)
  })

  it('says what went wrong, and can be pressed again', async () => {
    await open()
    const popup = await asked()
    await popup.close()
    await reached('error')
    expect(await host().getAttribute('code')).toBe('wallet_closed')
    expect(await status().innerText()).toContain('The wallet was closed before it answered')
    expect(await main().innerText()).toBe('Sign in with Touchstone')
    world.result = { status: 403, body: { error: 'result_wrong_browser', message: '', retryable: false } }
    await say(await asked(), ANSWER)
    await reached('error')
    expect(await host().getAttribute('code')).toBe('result_wrong_browser')
    world.result = { status: 400, body: { error: 'made_up', message: '', retryable: false } }
    await say(await asked(), ANSWER)
    await page.locator('touchstone-button[code=made_up]').waitFor()
    expect(await status().innerText()).toBe('That did not work (made_up). Press the button to try again.')
    expect((await heard()).filter(([name]: string[]) => name === 'touchstone-error')).toEqual([
      ['touchstone-error', 'wallet_closed'],
      ['touchstone-error', 'result_wrong_browser'],
      ['touchstone-error', 'made_up'],
    ])
    await asked()
    expect([await host().getAttribute('code'), await status().innerText()]).toEqual([null, 'Waiting for your key'])
  })

  it('says that the session is over, by whichever way it hears so', async () => {
    world.stream = 'broken'
    await open()
    await asked()
    world.state = 'TIMEOUT'
    await reached('error')
    expect(await host().getAttribute('code')).toBe('session_expired')
  })

  it('goes by a link where windows are blocked, and takes up the answer, each button its own', async () => {
    const two = `<touchstone-button request="over18" next="/adult"></touchstone-button>
      <touchstone-button id="second" next="/members"></touchstone-button>`
    await open(two)
    await page.evaluate(() => Reflect.set(window, 'open', () => null))
    await Promise.all([
      page.waitForURL(`${world.wallet}/present#request=*`),
      page.locator('#second').getByRole('button').first().click(),
    ])
    expect(world.posted.get('/touchstone/sessions')).toEqual({ request: 'signIn', transport: 'link' })
    await page.goto(`${world.site}/#touchstone=${CODE}`)
    await page.waitForURL(`${world.site}/members`)
    await page.goto(`${world.site}/?again#touchstone=declined`)
    await page.locator('touchstone-button[code=declined]').waitFor()
    expect(await page.locator('touchstone-button[code=declined]').count()).toBe(1)
    expect(new URL(page.url()).hash).toBe('')
  })

  it('goes by a link at once where it is told to', async () => {
    await open('<touchstone-button transport="link"></touchstone-button>')
    await Promise.all([page.waitForURL(`${world.wallet}/present#request=*`), main().click()])
  })

  it('gives up when it is taken out of the page, and not when it is moved', async () => {
    await open('<touchstone-button></touchstone-button><section></section>')
    const popup = await asked()
    await host().evaluate((button) => document.querySelector('section')?.append(button))
    await page.waitForTimeout(50)
    expect(await state()).toBe('awaiting_key')
    const closed = popup.waitForEvent('close')
    await host().evaluate((button) => button.remove())
    await closed
  })

  it('speaks the page’s language, another one, or the page’s own words', async () => {
    await open('<div lang="de-AT"><touchstone-button></touchstone-button></div>')
    expect(await main().innerText()).toBe('Mit Touchstone anmelden')
    await page.evaluate(() => Reflect.get(window, 'setWords')('de', { 'touchstone.button.label': 'Anmelden' }))
    expect(await main().innerText()).toBe('Anmelden')
    await host().evaluate((button) => button.setAttribute('lang', 'en'))
    expect(await main().innerText()).toBe('Sign in with Touchstone')
    await host().evaluate((button) => button.setAttribute('label', 'Come in'))
    expect(await main().innerText()).toBe('Come in')
  })

  it('takes colours and corners of the page', async () => {
    await open()
    const looks = () =>
      main().evaluate((button) => {
        const { backgroundColor, borderTopLeftRadius } = getComputedStyle(button)
        return [backgroundColor, borderTopLeftRadius]
      })
    expect(await looks()).toEqual(['rgb(32, 39, 44)', '9px'])
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(
        'touchstone-button { --touchstone-stone: #204; } touchstone-button::part(button) { border-radius: 3px }',
      )
      document.adoptedStyleSheets = [sheet]
    })
    expect(await looks()).toEqual(['rgb(34, 0, 68)', '3px'])
  })

  it('is accessible in each state, by day and by night, from 320 px on', async () => {
    await open('<h1>Members</h1><touchstone-button></touchstone-button>')
    await look('idle')
    const popup = await asked()
    await look('awaiting-key')
    await say(popup, PROGRESS)
    await reached('proving')
    await look('proving')
    await popup.close()
    await reached('error')
    await look('error')
    await open('<h1>Mitglieder</h1><touchstone-button lang="de"></touchstone-button>')
    await say(await asked(), { ...PROGRESS, progress: 0.8 })
    await reached('proving')
    await look('german')
  })
})

/** Axe by day and by night, where there is least room; pictures of all. */
async function look(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const width of [900, 320]) {
      await page.setViewportSize({ width, height: 300 })
      await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}-${colorScheme}.png`) })
    }
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze()
    expect([name, colorScheme, violations.map(({ id }) => id)]).toEqual([name, colorScheme, []])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  }
}
