import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/chromium.ts'
import {
  CODE,
  hearRequest as hear,
  JWS,
  press as pressing,
  SESSION,
  type SimulatedSite,
  say as saying,
  simulateSite,
} from './simulated-relying-party.ts'

/** The page's functions on buttons, and what became of them in the window's own names. */
const PAGE_SCRIPT = `
import { present, resume, signIn, signOut } from '/page.js'
const tell = (error) => ({ name: error.name, error: error.code, retryable: error.retryable, key: error.messageKey })
window.states = []
window.giveUp = new AbortController()
const options = () => ({
  walletOrigin: window.walletOrigin,
  signal: window.giveUp.signal,
  onState: (state) => window.states.push(state.state === 'proving' ? 'proving ' + state.progress : state.state),
})
const settle = (answer) => answer.then((result) => { window.outcome = result }, (error) => { window.outcome = tell(error) })
const on = (id, act) => document.getElementById(id)?.addEventListener('click', () => settle(act()))
on('window', () => present({ request: 'over18', ...options() }))
on('link', () => present({ request: 'over18', transport: 'link', ...options() }))
on('sign-in', () => signIn(options()))
on('sign-out', async () => (await signOut(), 'out'))
window.resumed = (asked) => {
  try { return resume(asked) ?? null } catch (error) { return tell(error) }
}
`
const BODY = ['window', 'link', 'sign-in', 'sign-out'].map((id) => `<button id="${id}">${id}</button>`).join('')

let browser: Browser
let world: SimulatedSite
let site: string
let wallet: string
let elsewhere: string

beforeAll(async () => {
  world = await simulateSite(PAGE_SCRIPT)
  ;({ site, wallet, elsewhere } = world)
  browser = await chromium.launch({ executablePath: ensureChromium(console.error), args: CHROMIUM_FLAGS })
})
afterAll(async () => {
  await browser.close()
  world.close()
})

let context: BrowserContext
let page: Page
beforeEach(async () => {
  world.body = BODY
  context = await browser.newContext()
  page = await context.newPage()
  await page.goto(site)
  await page.evaluate((origin) => Reflect.set(window, 'walletOrigin', origin), wallet)
})
afterEach(async () => {
  await context.close()
  world.reset()
})

const press = (id = 'window') => pressing(context, () => page.click(`#${id}`))
const say = (from: Page, message: unknown) => saying(from, message, site)
const hearRequest = (popup: Page) => hear(popup, site)
const outcome = () => page.waitForFunction(() => Reflect.get(window, 'outcome')).then((handle) => handle.jsonValue())
const states = () => page.evaluate(() => Reflect.get(window, 'states'))
const settled = () => page.evaluate(() => Reflect.get(window, 'outcome') !== undefined)
const reached = (state: string) =>
  page.waitForFunction((wanted) => Reflect.get(window, 'states').includes(wanted), state, { timeout: 15_000 })

/** Goes elsewhere as a page does by itself; a navigation by the browser would cut the window off from its opener. */
async function move(popup: Page, url: string): Promise<void> {
  await Promise.all([
    popup.waitForURL((at) => at.href.startsWith(url)),
    popup.evaluate((to) => location.assign(to), url),
  ])
}

const PROGRESS = { type: 'touchstone:progress', version: 1, phase: 'proving', progress: 0.5 }

describe('present', () => {
  it('opens the wallet, sends the request, brings the code', async () => {
    const popup = await press()
    expect(popup.url()).toBe(`${wallet}/present#from=${encodeURIComponent(site)}`)
    expect(await popup.evaluate(() => window.name)).toBe('touchstone')
    expect(await hearRequest(popup)).toEqual({
      origin: site,
      sent: { type: 'touchstone:request', version: 1, jws: JWS },
    })
    await say(popup, { type: 'touchstone:code', version: 1, code: CODE })
    expect(await outcome()).toEqual({ code: CODE })
    expect(await states()).toEqual(['awaiting_wallet', 'awaiting_key', 'done'])
    expect(world.posted.get('/touchstone/sessions')).toEqual({ request: 'over18' })
  })

  it('says how far the proof is', async () => {
    const popup = await press()
    // Nobody has been asked for anything yet.
    await say(popup, { ...PROGRESS, progress: 0.1 })
    await hearRequest(popup)
    await say(popup, { ...PROGRESS, progress: 0.25 })
    await say(popup, { ...PROGRESS, progress: 0.5 })
    await say(popup, { type: 'touchstone:code', version: 1, code: CODE })
    expect(await outcome()).toEqual({ code: CODE })
    expect(await states()).toEqual(['awaiting_wallet', 'awaiting_key', 'proving 0.25', 'proving 0.5', 'done'])
  })

  it('asks its own server for the wallet where the page does not say which', async () => {
    await page.evaluate(() => Reflect.deleteProperty(window, 'walletOrigin'))
    const popup = await press()
    expect(new URL(popup.url()).origin).toBe(wallet)
    expect(world.asked).toContain('GET /touchstone/config.json')
    await hearRequest(popup)
    await say(popup, { type: 'touchstone:code', version: 1, code: CODE })
    expect(await outcome()).toEqual({ code: CODE })
  })

  it('says that an option is wrong', async () => {
    await page.evaluate(() => Reflect.set(window, 'walletOrigin', 'wallet.example'))
    await page.click('#window')
    expect(await outcome()).toMatchObject({ error: 'page_failed', retryable: false, key: 'touchstone.page_failed' })
  })

  it('brings the code also if the window closes at once', async () => {
    const popup = await press()
    await hearRequest(popup)
    await popup.evaluate(
      ([code, to]) => {
        window.opener.postMessage({ type: 'touchstone:code', version: 1, code }, to)
        window.close()
      },
      [CODE, site] as const,
    )
    expect(await outcome()).toEqual({ code: CODE })
  })

  it('says that the wallet declined', async () => {
    const popup = await press()
    await hearRequest(popup)
    await say(popup, { type: 'touchstone:declined', version: 1 })
    expect(await outcome()).toMatchObject({ error: 'declined', retryable: true })
    expect(await states()).toEqual(['awaiting_wallet', 'awaiting_key', 'error'])
  })

  it('says that the window was closed', async () => {
    const popup = await press()
    await popup.close()
    expect(await outcome()).toMatchObject({ error: 'wallet_closed', retryable: true })
  })

  it('passes on why its server opened no session', async () => {
    world.sessions = { status: 503, body: { error: 'issuer_unreachable', message: 'down', retryable: true } }
    const popup = await press()
    await say(popup, { type: 'touchstone:ready', version: 1 })
    expect(await outcome()).toMatchObject({ error: 'issuer_unreachable', retryable: true })
  })

  it('takes a server that answers something else for none', async () => {
    world.sessions = { status: 200, body: { jws: JWS } }
    const popup = await press()
    await say(popup, { type: 'touchstone:ready', version: 1 })
    expect(await outcome()).toMatchObject({ error: 'site_unreachable', retryable: true })
  })

  it('hears nobody but the window it opened, and nothing that is not well formed', async () => {
    const popup = await press()
    await hearRequest(popup)
    const answer = { type: 'touchstone:code', version: 1, code: CODE }
    // Its own page, and another window of the wallet's origin that this page opened under another name.
    await page.evaluate(([what, to]) => window.postMessage(what, to), [answer, site] as const)
    const [stranger] = await Promise.all([
      context.waitForEvent('page'),
      page.evaluate((url) => void window.open(url, 'stranger'), `${wallet}/other`),
    ])
    await stranger.waitForLoadState()
    await say(stranger, answer)
    // The wallet's window itself, saying what it may not.
    const malformed = [
      { ...answer, version: 2 },
      { ...answer, code: 'short' },
      { ...answer, code: `${CODE}c` },
      { ...answer, code: [CODE] },
      { ...answer, type: 'touchstone:codes' },
      { ...PROGRESS, phase: 'fetching' },
      { ...PROGRESS, progress: 1.01 },
      { ...PROGRESS, progress: '0.5' },
      { type: 'touchstone:code', version: 1 },
      'touchstone:declined',
      null,
    ]
    for (const message of malformed) await say(popup, message)
    // The wallet's window on another origin.
    await move(popup, elsewhere)
    await say(popup, answer)
    await page.waitForTimeout(100)
    expect(await settled()).toBe(false)
    expect(await states()).toEqual(['awaiting_wallet', 'awaiting_key'])
    await move(popup, `${wallet}/present`)
    await say(popup, answer)
    expect(await outcome()).toEqual({ code: CODE })
  })

  it('sends a window that was loaded again the same request, in the same session', async () => {
    const popup = await press()
    await hearRequest(popup)
    await popup.reload()
    expect(await hearRequest(popup)).toMatchObject({ sent: { jws: JWS } })
    expect(world.asked.filter((what) => what === 'POST /touchstone/sessions')).toHaveLength(1)
  })

  it('can be given up, and takes the wallet’s window with it', async () => {
    const popup = await press()
    const closed = popup.waitForEvent('close')
    await page.evaluate(() => Reflect.get(window, 'giveUp').abort())
    expect(await outcome()).toMatchObject({ name: 'AbortError' })
    expect(await states()).toEqual(['awaiting_wallet', 'idle'])
    await closed
  })

  it('goes to the wallet in this very tab where the browser opens no window', async () => {
    await page.evaluate(() => {
      window.open = () => null
    })
    await Promise.all([page.waitForURL(`${wallet}/**`), page.click('#window')])
    expect(page.url()).toBe(`${wallet}/present#request=${JWS}`)
  })

  it('tells its server that it goes by a link', async () => {
    await Promise.all([page.waitForURL(`${wallet}/**`), page.click('#link')])
    expect(world.posted.get('/touchstone/sessions')).toEqual({ request: 'over18', transport: 'link' })
  })

  it('ends the wait if the person comes back by "back"', async () => {
    await Promise.all([page.waitForURL(`${wallet}/**`), page.click('#link')])
    await page.goBack()
    // Where the browser did not keep the page, it is as new.
    const kept = await page.evaluate(() => Reflect.get(window, 'states').length > 0)
    if (kept) expect(await outcome()).toMatchObject({ error: 'wallet_closed' })
    else expect(await states()).toEqual([])
  })

  it('goes there without trying if asked to', async () => {
    await Promise.all([page.waitForURL(`${wallet}/**`), page.click('#link')])
    expect(page.url()).toBe(`${wallet}/present#request=${JWS}`)
  })
})

describe('what the server knows of the session', () => {
  const start = async () => {
    const popup = await press()
    await hearRequest(popup)
    return popup
  }
  const STATE = `GET /touchstone/sessions/${SESSION}`
  const polls = () => world.asked.filter((what) => what === STATE).length

  it('is heard by its stream, without polling', async () => {
    const popup = await start()
    await expect.poll(() => world.asked).toContain(`${STATE}/events`)
    world.tell('CONNECTED')
    world.tell('PROVING')
    await reached('proving 0')
    // The server knows less than the window, whose word is not taken back by it.
    await say(popup, { ...PROGRESS, progress: 0.5 })
    world.tell('PROVING')
    await page.waitForTimeout(1_200)
    expect(polls()).toBe(0)
    world.tell('TIMEOUT')
    expect(await outcome()).toMatchObject({ error: 'session_expired', retryable: true })
    expect(await states()).toEqual(['awaiting_wallet', 'awaiting_key', 'proving 0', 'proving 0.5', 'error'])
  })

  it('ends the wait when the session was ended, unless the wallet itself has said why', async () => {
    const popup = await start()
    await expect.poll(() => world.asked).toContain(`${STATE}/events`)
    world.tell('CANCELLED')
    await say(popup, { type: 'touchstone:declined', version: 1 })
    expect(await outcome()).toMatchObject({ error: 'declined' })
    await page.evaluate(() => Reflect.deleteProperty(window, 'outcome'))
    world.state = 'INITIALIZED'
    await page.click('#window')
    await hearRequest(popup)
    world.tell('CANCELLED')
    expect(await outcome()).toMatchObject({ error: 'session_cancelled' })
  })

  it('is polled where there is no stream, less and less often', async () => {
    world.stream = 'broken'
    await start()
    await expect.poll(polls, { timeout: 5_000 }).toBe(1)
    world.state = 'PROVING'
    await page.waitForTimeout(1_200)
    expect(polls()).toBe(1)
    await reached('proving 0')
    await page.evaluate(() => Reflect.get(window, 'giveUp').abort())
    const then = polls()
    await page.waitForTimeout(500)
    expect(polls()).toBe(then)
  })

  it('is polled where the stream is held back on its way', async () => {
    world.stream = 'held'
    await start()
    world.state = 'TIMEOUT'
    expect(await outcome()).toMatchObject({ error: 'session_expired' })
  })

  it('comes again from a stream that was cut, which says what it heard last', async () => {
    world.stream = 'cut'
    const again = page.waitForRequest(async (request) => (await request.allHeaders())['last-event-id'] === '1')
    await start()
    expect((await again).url()).toContain('/events')
    world.state = 'PROVING'
    await reached('proving 0')
  })

  it('is left alone where it is not this browser’s; the window’s word counts still', async () => {
    world.stream = 'broken'
    world.state = undefined
    const popup = await start()
    await expect.poll(polls, { timeout: 5_000 }).toBe(1)
    await say(popup, { type: 'touchstone:code', version: 1, code: CODE })
    expect(await outcome()).toEqual({ code: CODE })
  })
})

describe('signIn and signOut', () => {
  it('bring the code to the site’s server', async () => {
    const popup = await press('sign-in')
    await hearRequest(popup)
    await say(popup, { type: 'touchstone:code', version: 1, code: CODE })
    expect(await outcome()).toEqual({ request: 'signIn' })
    expect(world.posted.get('/touchstone/sessions')).toEqual({ request: 'signIn' })
    expect(world.posted.get('/touchstone/result')).toEqual({ code: CODE })
    expect(await states()).toEqual(['awaiting_wallet', 'awaiting_key', 'verifying', 'done'])
  })

  it('pass on why the server takes it not', async () => {
    world.result = { status: 409, body: { error: 'result_already_read', message: 'read', retryable: false } }
    const popup = await press('sign-in')
    await hearRequest(popup)
    await say(popup, { type: 'touchstone:code', version: 1, code: CODE })
    expect(await outcome()).toMatchObject({ error: 'result_already_read', retryable: false })
    expect(await states()).toEqual(['awaiting_wallet', 'awaiting_key', 'verifying', 'error'])
  })

  it('end the visit', async () => {
    await page.click('#sign-out')
    expect(await outcome()).toBe('out')
    expect(world.asked).toContain('POST /touchstone/sign-out')
  })
})

describe('resume', () => {
  const resumed = async (fragment: string, asked = {}) => {
    await page.goto(`${site}/shop?a=1${fragment}`)
    return page.evaluate((options) => Reflect.get(window, 'resumed')(options), asked)
  }

  it('gives the code that came back, and clears it from the address', async () => {
    expect(await resumed(`#touchstone=${CODE}`)).toEqual({ code: CODE })
    expect(page.url()).toBe(`${site}/shop?a=1`)
  })

  it('says that the wallet declined', async () => {
    expect(await resumed('#touchstone=declined')).toMatchObject({ error: 'declined' })
    expect(page.url()).toBe(`${site}/shop?a=1`)
  })

  it('leaves the answer to another request to whoever asked that', async () => {
    await Promise.all([page.waitForURL(`${wallet}/**`), page.click('#link')])
    expect(await resumed(`#touchstone=${CODE}`, { request: 'signIn' })).toBeNull()
    expect(page.url()).toBe(`${site}/shop?a=1#touchstone=${CODE}`)
    await page.reload()
    expect(await page.evaluate(() => Reflect.get(window, 'resumed')({ request: 'over18' }))).toEqual({ code: CODE })
  })

  it('leaves every other address alone', async () => {
    expect(await resumed('#section')).toBeNull()
    expect(page.url()).toBe(`${site}/shop?a=1#section`)
    expect(await resumed('#touchstone=nonsense')).toBeNull()
  })
})
