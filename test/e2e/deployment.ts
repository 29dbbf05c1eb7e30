import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { PROJECT_ROOT } from '../../scripts/circuits/compile.ts'
import { insertKey, openBrowser, windowFrom } from '../../scripts/demo/browser.ts'
import { createWallet, type Origins } from '../../scripts/demo/person.ts'
import { signInButton } from '../../scripts/demo/story.ts'
import { ensureKeySet, type KeySet } from '../../scripts/keys.ts'
import { ensureAssets, startAll } from '../../scripts/start.ts'

/** The four servers on free ports under development keys, and a Chromium; the servers' clock can be set ahead. */
export type Deployment = {
  readonly origins: Origins
  readonly browser: Browser
  /** What another server needs to stand beside the four. */
  readonly place: Place
  /** Milliseconds by which the servers are ahead of the machine's clock. */
  setClockAhead(milliseconds: number): void
  /** Another person's browser. */
  newPerson(options?: BrowserContextOptions): Promise<BrowserContext>
  close(): Promise<void>
}

export type Place = {
  readonly keySet: KeySet
  /** A folder for each server's records in it; removed in the end. */
  readonly dataDirectory: string
  /** Built pages. */
  readonly dist: string
  readonly clock: () => Date
}

const DIST = join(PROJECT_ROOT, 'build/dist-development')

/** Starts everything; what is not built yet is built first. */
export async function deploy(): Promise<Deployment> {
  const keySet = await ensureKeySet({ origin: 'development' })
  await ensureAssets({ keySet: keySet.hash, dist: DIST })
  const dataDirectory = mkdtempSync(join(tmpdir(), 'touchstone-e2e-'))
  let ahead = 0
  const place = { keySet, dataDirectory, dist: DIST, clock: () => new Date(Date.now() + ahead) }
  const running = await startAll({ ports: { wallet: 0, issuer: 0, forum: 0, wine: 0 }, ...place })
  const browser = await openBrowser()
  return {
    origins: running.origins,
    browser,
    place,
    setClockAhead: (milliseconds) => {
      ahead = milliseconds
    },
    newPerson: (options = {}) => browser.newContext({ viewport: { width: 1120, height: 800 }, ...options }),
    close: async () => {
      await browser.close()
      await running.close()
      rmSync(dataDirectory, { recursive: true, force: true })
    },
  }
}

/** A person at the forum with the wallet's window open at the question: wallet made, key inserted. */
export async function atForumConsent(
  context: BrowserContext,
  origins: Origins,
): Promise<{ forum: Page; wallet: Page }> {
  const forum = await context.newPage()
  await forum.goto(origins.forum)
  const wallet = await windowFrom(forum, () => signInButton(forum).click())
  await insertKey(wallet)
  await createWallet(wallet)
  await wallet.getByRole('heading', { name: /asks you to sign in/ }).waitFor()
  return { forum, wallet }
}

/** A tab with a key in it and a wallet made. */
export async function withWallet(context: BrowserContext, origins: Origins) {
  const tab = await context.newPage()
  const key = await insertKey(tab)
  await tab.goto(origins.wallet)
  await createWallet(tab)
  return { tab, key }
}

/** The code that a site's page gives for what went wrong. */
export async function siteCode(site: Page): Promise<string> {
  const button = site.locator('touchstone-button[code]')
  await button.waitFor({ timeout: 60_000 })
  return (await button.getAttribute('code')) ?? ''
}
