import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/chromium.ts'
import { createWalletHost } from '../../server/wallet-host.ts'
import { parseOrigin } from '../../src/protocol/origin.ts'
import { VIRTUAL_AUTHENTICATORS, type VirtualAuthenticatorProfile } from '../../src/webauthn/virtual.ts'

/** The production build, behind the production host, in Chromium. */
const ROOT = resolve(import.meta.dirname, '../..')
const KEY_SET = 'A'.repeat(43)

let folder: string
let browser: Browser
let context: BrowserContext
let origin: string
let host: Awaited<ReturnType<typeof createWalletHost>>
let complaints: string[]
let requested: string[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'touchstone-build-'))
  const outDir = join(folder, 'wallet')
  // A process of its own: in this one NODE_ENV says that it is a test, and Vite would build for development.
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', outDir, '--emptyOutDir'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production', TOUCHSTONE_KEY_SET: KEY_SET },
  })
  host = await createWalletHost({
    origin: parseOrigin('http://wallet.localhost'),
    build: outDir,
    keySet: { hash: KEY_SET, directory: mkdtempSync(join(folder, 'keys-')) },
  })
  await host.listen({ port: 0, host: '127.0.0.1' })
  origin = `http://wallet.localhost:${(host.server.address() as AddressInfo).port}`
  browser = await chromium.launch({ executablePath: ensureChromium(() => undefined), args: CHROMIUM_FLAGS })
})

afterEach(() => context?.close())

afterAll(async () => {
  await browser?.close()
  await host?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a wallet is made by two touches, stays over a reload, and opens by one', async () => {
  const page = await open('securityKey')
  await page.goto(origin)
  await page.getByRole('button', { name: 'Use your security key' }).click()
  await page.getByText('If you lose this key, the wallet is gone.').waitFor()
  await page.getByRole('button', { name: 'I understand' }).click()
  await page.getByText('No cards yet').waitFor()
  await page.reload()
  await page.getByRole('button', { name: 'Open with your key' }).click()
  await page.getByText('No cards yet').waitFor()
  expect(complaints).toEqual([])
})

test.for([
  ['withoutPrf', 'This key cannot hold a wallet'],
  ['userNotVerified', 'It was cancelled'],
] as const)('a key %s is told: %s', async ([profile, words]) => {
  const page = await open(profile)
  await page.goto(origin)
  await page.getByRole('button', { name: 'Use your security key' }).click()
  await page.getByRole('heading', { name: words }).waitFor()
  await page.getByText('Nothing was shared.').waitFor()
})

test('once opened, the pages open without a network', async () => {
  const page = await open('securityKey')
  await page.goto(origin)
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await context.setOffline(true)
  for (const path of ['/', '/keys']) {
    await page.goto(origin + path)
    await page.getByRole('button', { name: 'Use your security key' }).waitFor()
  }
  // Only what was kept: a file that never was there is not answered by a page.
  expect(await page.evaluate(() => fetch('/assets/none.js').then(String, () => 'refused'))).toBe('refused')
})

test('only the wallet’s own scripts may become workers, and the prover is not fetched before it is needed', async () => {
  const page = await open('securityKey')
  await page.goto(origin)
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  expect(requested.filter((path) => path.includes('worker-'))).toEqual([])
  const refused = await page.evaluate(() => {
    try {
      new Worker('/service-worker.js')
      return undefined
    } catch (error) {
      return error instanceof Error ? error.name : 'something else'
    }
  })
  expect(refused).toBe('TypeError')
})

test('nothing is inline, and the prover is a file of its own', () => {
  const page = read('index.html')
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/)
  const assets = readdirSync(join(folder, 'wallet/assets'))
  const worker = assets.filter((name) => /^worker-.*\.js$/.test(name))
  const pages = assets.filter((name) => /^index-.*\.js$/.test(name))
  expect([worker.length, pages.length]).toEqual([1, 1])
  // What only the proving has in it.
  expect(read(`assets/${worker[0]}`)).toContain('no witness of this key')
  expect(read(`assets/${pages[0]}`)).not.toContain('no witness of this key')
})

test('the licences of both are written beside them', () => {
  const licences = read('licences.txt')
  for (const name of ['canonicalize', 'react-dom', 'zod', 'jose', 'age-encryption', 'idb']) {
    expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+`, 'm'))
  }
  expect(licences).not.toMatch(/^(snarkjs|ffjavascript|circomlib) /m)
  expect(licences).not.toContain('GNU GENERAL PUBLIC LICENSE')
})

test('it can be installed: a manifest with icons that exist', () => {
  const manifest = JSON.parse(read('manifest.webmanifest'))
  expect(manifest).toMatchObject({ name: 'Touchstone', start_url: '/', display: 'standalone' })
  expect(manifest.icons.length).toBeGreaterThan(2)
  for (const { src } of manifest.icons) expect(readFileSync(join(folder, 'wallet', src)).length).toBeGreaterThan(100)
})

test('what the first visit downloads stays within its budget', () => {
  const assets = readdirSync(join(folder, 'wallet/assets')).filter((name) => !/^(worker|proof-check)-/.test(name))
  const bytes = assets.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(folder, 'wallet/assets', name))).length,
    0,
  )
  expect(bytes).toBeLessThan(BUDGET)
})

/** Gzipped bytes of scripts and styles before the prover. */
const BUDGET = 520_000

async function open(profile: VirtualAuthenticatorProfile): Promise<Page> {
  complaints = []
  requested = []
  context = await browser.newContext({ reducedMotion: 'reduce' })
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  context.on('request', (request) => requested.push(new URL(request.url()).pathname))
  const page = await context.newPage()
  const devTools = await context.newCDPSession(page)
  await devTools.send('WebAuthn.enable')
  await devTools.send('WebAuthn.addVirtualAuthenticator', { options: VIRTUAL_AUTHENTICATORS[profile] })
  return page
}

function read(file: string): string {
  return readFileSync(join(folder, 'wallet', file), 'utf8')
}
