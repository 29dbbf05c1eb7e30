import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CHROMIUM_FLAGS, ensureChromium } from '../../../scripts/chromium.ts'
import { PRESENT_PATH, RETURN_FRAGMENT, WALLET_WINDOW_NAME } from '../../../sdk/page/wallet-window.ts'
import * as protocol from '../../../src/protocol/window-message.ts'

const CODE = 'c'.repeat(43)
const JWS = 'e30.e30.c2ln'

/** The site's page has the SDK's function on a button; the wallet's page does what a test tells it. */
let browser: Browser
let script: string
const servers: Server[] = []
let site: string
let wallet: string
let elsewhere: string
let sessions: { status: number; body: string }

beforeAll(async () => {
  script = await bundle()
  wallet = await listen('wallet', () => ({ type: 'text/html', body: '<!doctype html><title>wallet</title>' }))
  elsewhere = await listen('evil', () => ({ type: 'text/html', body: '<!doctype html><title>elsewhere</title>' }))
  site = await listen('wine', (path) => {
    if (path === '/page.js') return { type: 'text/javascript', body: script }
    if (path === '/touchstone/sessions') return { type: 'application/json', ...sessions }
    return { type: 'text/html', body: sitePage() }
  })
  browser = await chromium.launch({ executablePath: ensureChromium(console.error), args: CHROMIUM_FLAGS })
})
afterAll(async () => {
  await browser.close()
  for (const server of servers) server.close()
})

let context: BrowserContext
let page: Page
beforeEach(async () => {
  sessions = { status: 201, body: JSON.stringify({ jws: JWS, walletOrigin: wallet, session: 's', expires: 1 }) }
  context = await browser.newContext()
  page = await context.newPage()
  await page.goto(site)
})
afterEach(() => context.close())

/** Presses the button; the wallet's window. */
async function press(): Promise<Page> {
  const [popup] = await Promise.all([context.waitForEvent('page'), page.click('#window')])
  await popup.waitForLoadState()
  return popup
}

/** Says something from a window to its opener, as the wallet does. */
async function say(from: Page, message: unknown, target = site): Promise<void> {
  await from.evaluate(([what, to]) => window.opener.postMessage(what, to), [message, target] as const)
}

/** Goes elsewhere as a page does by itself; a navigation by the browser would cut the window off from its opener. */
async function move(popup: Page, url: string): Promise<void> {
  await Promise.all([
    popup.waitForURL((at) => at.href.startsWith(url)),
    popup.evaluate((to) => location.assign(to), url),
  ])
}

/** The wallet's window begins to listen and says so; what it is sent. */
async function hearRequest(popup: Page): Promise<unknown> {
  const heard = popup.evaluate(
    (origin) =>
      new Promise((resolve) =>
        addEventListener('message', (event) =>
          resolve({ origin: event.origin, sent: event.origin === origin && event.data }),
        ),
      ),
    site,
  )
  await say(popup, { type: 'touchstone:ready', version: 1 })
  return heard
}

const outcome = () => page.waitForFunction(() => Reflect.get(window, 'outcome')).then((handle) => handle.jsonValue())
const states = () => page.evaluate(() => Reflect.get(window, 'states'))
const settled = () => page.evaluate(() => Reflect.get(window, 'outcome') !== undefined)

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
    sessions = { status: 503, body: '{"error":"issuer_unreachable","message":"down","retryable":true}' }
    const popup = await press()
    await say(popup, { type: 'touchstone:ready', version: 1 })
    expect(await outcome()).toMatchObject({ error: 'issuer_unreachable', retryable: true })
  })

  it('takes a server that answers something else for none', async () => {
    sessions = { status: 200, body: '<html>' }
    const popup = await press()
    await say(popup, { type: 'touchstone:ready', version: 1 })
    expect(await outcome()).toMatchObject({ error: 'site_unreachable', retryable: true })
  })

  it('hears nobody but the window it opened, and nothing that is not well formed', async () => {
    const popup = await press()
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
    await move(popup, `${wallet}/present`)
    await say(popup, answer)
    expect(await outcome()).toEqual({ code: CODE })
  })

  it('sends a window that was loaded again the same request, in the same session', async () => {
    let opened = 0
    page.on('request', (request) => {
      if (request.url().endsWith('/touchstone/sessions')) opened++
    })
    const popup = await press()
    await hearRequest(popup)
    await popup.reload()
    expect(await hearRequest(popup)).toMatchObject({ sent: { jws: JWS } })
    expect(opened).toBe(1)
  })

  it('can be given up', async () => {
    await press()
    await page.evaluate(() => Reflect.get(window, 'giveUp').abort())
    expect(await outcome()).toMatchObject({ name: 'AbortError' })
    expect(await states()).toEqual(['awaiting_wallet', 'idle'])
  })

  it('goes to the wallet in this very tab where the browser opens no window', async () => {
    await page.evaluate(() => {
      window.open = () => null
    })
    await Promise.all([page.waitForURL(`${wallet}/**`), page.click('#window')])
    expect(page.url()).toBe(`${wallet}/present#request=${JWS}`)
  })

  it('goes there without trying if asked to', async () => {
    await Promise.all([page.waitForURL(`${wallet}/**`), page.click('#link')])
    expect(page.url()).toBe(`${wallet}/present#request=${JWS}`)
  })
})

describe('resume', () => {
  const resumed = async (fragment: string) => {
    await page.goto(`${site}/shop?a=1${fragment}`)
    return page.evaluate(() => Reflect.get(window, 'resumed')())
  }

  it('gives the code that came back, and clears it from the address', async () => {
    expect(await resumed(`#touchstone=${CODE}`)).toEqual({ code: CODE })
    expect(page.url()).toBe(`${site}/shop?a=1`)
  })

  it('says that the wallet declined', async () => {
    expect(await resumed('#touchstone=declined')).toMatchObject({ error: 'declined' })
    expect(page.url()).toBe(`${site}/shop?a=1`)
  })

  it('leaves every other address alone', async () => {
    expect(await resumed('#section')).toBeNull()
    expect(page.url()).toBe(`${site}/shop?a=1#section`)
    expect(await resumed('#touchstone=nonsense')).toBeNull()
  })
})

describe('the page’s script', () => {
  it('agrees with the protocol, whose parsers it does without', () => {
    expect({ PRESENT_PATH, RETURN_FRAGMENT, WALLET_WINDOW_NAME }).toEqual({
      PRESENT_PATH: protocol.PRESENT_PATH,
      RETURN_FRAGMENT: protocol.RETURN_FRAGMENT,
      WALLET_WINDOW_NAME: protocol.WALLET_WINDOW_NAME,
    })
    const good = { type: 'touchstone:code', version: 1, code: CODE }
    expect(protocol.parseWindowMessage(good)).toEqual(good)
  })

  it('is small', () => {
    expect(gzipSync(script).length).toBeLessThan(2_500)
  })
})

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: true, lib: { entry: 'sdk/page.ts', formats: ['es'], fileName: 'page' } },
  })
  const [output] = Array.isArray(result) ? result : [result]
  if (!output || !('output' in output)) throw new Error('vite gave no output')
  return output.output.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('')
}

async function listen(name: string, answer: (path: string) => { status?: number; type: string; body: string }) {
  const server = createServer((incoming, outgoing) => {
    const { status = 200, type, body } = answer((incoming.url ?? '/').replace(/\?.*/, ''))
    outgoing.writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'cross-origin-opener-policy': name === 'wine' ? 'same-origin-allow-popups' : 'unsafe-none',
    })
    outgoing.end(body)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an AddressInfo.
  return `http://${name}.localhost:${(server.address() as AddressInfo).port}`
}

function sitePage(): string {
  return `<!doctype html><title>site</title><button id="window">window</button><button id="link">link</button>
<script type="module">
  import { present, resume, TouchstoneError } from '/page.js'
  const tell = (error) => ({ name: error.name, error: error.code, retryable: error.retryable })
  window.states = []
  window.giveUp = new AbortController()
  for (const transport of ['window', 'link']) {
    document.getElementById(transport).addEventListener('click', () => {
      present({
        request: 'over18', walletOrigin: ${JSON.stringify(wallet)}, transport, signal: window.giveUp.signal,
        onState: (state) => window.states.push(state),
      }).then((result) => { window.outcome = result }, (error) => { window.outcome = tell(error) })
    })
  }
  window.resumed = () => {
    try { return resume() ?? null } catch (error) { return tell(error) }
  }
</script>`
}
