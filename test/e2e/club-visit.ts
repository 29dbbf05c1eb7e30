import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page, Request } from 'playwright-core'
import { PROJECT_ROOT } from '../../scripts/circuits/compile.ts'
import { blockWindows } from '../../scripts/demo/person.ts'
import { isPresentation } from '../../scripts/demo/story.ts'
import type { Origin } from '../../src/protocol/origin.ts'
import type { RequestName } from './club.ts'

export const PRESENTATIONS = '**/touchstone/sessions/*/presentation'

const PICTURES = join(PROJECT_ROOT, 'screenshots/credentials')
const LOOKS = [
  { name: 'desktop-light', colorScheme: 'light', width: 1120, height: 800 },
  { name: 'desktop-dark', colorScheme: 'dark', width: 1120, height: 800 },
  { name: 'phone-light', colorScheme: 'light', width: 375, height: 720 },
  { name: 'phone-dark', colorScheme: 'dark', width: 375, height: 720 },
] as const

/** Goes to the club in the tab that holds the key, and on to the wallet with the club's request in the address. */
export async function askAt(tab: Page, club: Origin, request: RequestName): Promise<void> {
  await blockWindows(tab)
  await tab.goto(`${club}/ask/${request}`)
  await tab.getByRole('button', { name: 'Show a card' }).click()
  await tab.getByRole('button', { name: 'Decline' }).waitFor({ timeout: 60_000 })
}

/** From now on reads to the end of what a site would learn wherever that lies below the fold, as a person must. */
export async function readsOn(wallet: Page): Promise<void> {
  const button = wallet.getByRole('button', { name: 'Read on' })
  await wallet.addLocatorHandler(button, async () => {
    while (await button.isVisible()) {
      // Without bringing it into view first, as a click would: that alone may scroll to the end, where there is none.
      await button.evaluateAll((found) => {
        for (const each of found) if (each instanceof HTMLElement) each.click()
      })
      await wallet.waitForTimeout(100)
    }
  })
}

/** Sees to it that the first thing asked is answered with the card of this issuer. */
export async function answerWithCardOf(tab: Page, issuerName: string): Promise<void> {
  const shown = tab.getByRole('button', { name: /Answered with/ }).first()
  if ((await shown.innerText()).includes(issuerName)) return
  await shown.click()
  await tab.getByRole('radio', { name: issuerName }).check()
  await tab.getByRole('button', { name: 'Use this card' }).click()
  await shown.filter({ hasText: issuerName }).waitFor()
}

/** Code and what the other side said, in the order in which they stand under "Details". */
export async function troubleCodes(wallet: Page): Promise<string[]> {
  const codes: Locator = wallet.locator('details code')
  await codes.first().waitFor({ state: 'attached', timeout: 60_000 })
  return codes.allTextContents()
}

/** What leaves the tab: presentations, and what issuers are asked, by their origins. */
export function watch(tab: Page, issuers: readonly Origin[]) {
  const presentations: string[] = []
  const asked = new Map<string, string[]>()
  tab.on('request', (request: Request) => {
    if (isPresentation(request)) presentations.push(request.postData() ?? '')
    const { origin, pathname } = new URL(request.url())
    if (issuers.some((issuer) => issuer === origin)) asked.set(origin, [...(asked.get(origin) ?? []), pathname].sort())
  })
  return { presentations, asked }
}

/** Keeps pictures of what is seen of a page without scrolling, for looking at. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true })
  const before = page.viewportSize()
  for (const { name: look, colorScheme, ...size } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize(size)
    await page.screenshot({ path: join(PICTURES, `${name}-${look}.png`) })
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
  if (before) await page.setViewportSize(before)
}
