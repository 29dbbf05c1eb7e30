import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { VIRTUAL_AUTHENTICATORS, type VirtualAuthenticatorProfile } from '../../src/webauthn/virtual.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const PAGE =
  '<!doctype html><html lang="en"><title>Wallet under test</title><script type="module" src="/page.js"></script>'

/** The wallet's policy as far as these parts meet it: no eval, no network, no inline script. */
const POLICY = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'"

export type Tab = {
  readonly page: Page
  readonly cdp: CDPSession
  /** Everything the page wrote to its console, and its uncaught errors. */
  readonly console: string[]
  /** Plugs a virtual authenticator into this tab; returns its id. */
  plug(profile: VirtualAuthenticatorProfile): Promise<string>
  unplug(authenticatorId: string): Promise<void>
  /** Loads the page again, as a new start of the wallet. */
  reload(): Promise<void>
}

/** A real Chromium and a server with the bundled modules. One per test file. */
export async function startBrowser() {
  const script = await bundle()
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.setHeader('content-security-policy', POLICY)
    response.end(isScript ? script : PAGE)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })
  return {
    origin,
    /** A browser profile of its own: no storage shared with another test. */
    newProfile: () => browser.newContext(),
    openTab: (profile: BrowserContext) => openTab(profile, origin),
    async stop() {
      await browser.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function openTab(profile: BrowserContext, origin: string): Promise<Tab> {
  const page = await profile.newPage()
  const console: string[] = []
  page.on('console', (message) => console.push(message.text()))
  page.on('pageerror', (error) => console.push(String(error)))
  await page.goto(origin)
  await ready(page)
  const cdp = await profile.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  return {
    page,
    cdp,
    console,
    async plug(profile) {
      const options = VIRTUAL_AUTHENTICATORS[profile]
      const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options })
      return authenticatorId
    },
    async unplug(authenticatorId) {
      await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
    async reload() {
      await page.reload()
      await ready(page)
    },
  }
}

async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => 'underTest' in globalThis)
}

async function bundle(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2024',
      rolldownOptions: {
        input: fileURLToPath(new URL('./webauthn-page.ts', import.meta.url)),
        output: { format: 'es', entryFileNames: 'page.js' },
      },
    },
  })
  const built = Array.isArray(output) ? output[0] : output
  const chunk = built && 'output' in built ? built.output[0] : undefined
  if (!chunk) throw new Error('vite gave no bundle')
  return chunk.code
}
