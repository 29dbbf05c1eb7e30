import AxeBuilder from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/chromium.ts'
import { type Pages, servePages } from '../fixtures/ui/pages.ts'
import { SCREENS, type ScreenCase, show } from '../fixtures/ui/screens.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const WIDTHS = [320, 375, 1120] as const
/** So that nothing that is pressed lies under the answers, which stay in view when a page scrolls. */
const TALL = 1600
const SCHEMES = ['light', 'dark'] as const
/** Screens that a site's popup shows while it waits for an answer; nothing of them may lie below the fold. */
const POPUP = [
  'welcome',
  'sign-in',
  'sign-in-first',
  'prove',
  'prove-demo',
  'prove-hidden-issuer',
  'cannot',
  'cannot-revoked',
  'touch',
  'checking-lists',
  'proving',
  'proving-second',
  'signed-in',
  'proven',
  'wrong-key',
]

let pages: Pages
let browser: Browser

beforeAll(async () => {
  pages = await servePages()
  browser = await chromium.launch({ executablePath: ensureChromium(() => undefined), args: CHROMIUM_FLAGS })
})

afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

test.for(SCREENS)('$name: axe and the policy find nothing; it fits, and can be pressed and named', async (screen) => {
  const { page, complaints, close } = await open(screen)
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
  expect(await page.title()).toMatch(/^(?!Touchstone ·).+ · Touchstone$/)
  expect(await page.evaluate(() => document.activeElement?.tagName)).toMatch(/^(H1|BUTTON)$/)
  expect(await page.evaluate(() => document.body.innerText)).not.toMatch(/\{\{|<\w+\/>|\bundefined\b|\w+\.\w+\.title/)
  if (POPUP.includes(screen.name)) {
    await page.setViewportSize({ width: 420, height: 640 })
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(640)
  }
  const findings: string[] = []
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: TALL })
    if (await scrollsSideways(page)) findings.push(`${width}: scrolls sideways`)
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme })
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(RULES).analyze()
      for (const { id, nodes } of violations) {
        findings.push(`${colorScheme} ${width}: ${id}: ${nodes.map((node) => node.html).join(' ')}`)
      }
    }
  }
  expect(findings).toEqual([])
  expect(await lowTargets(page)).toEqual([])
  expect(complaints).toEqual([])
  await close()
})

test('the policy of these pages does refuse: an inline style is reported', async () => {
  const { page, complaints, close } = await open(screenOf('welcome'))
  await page.evaluate(() => document.body.setAttribute('style', 'color: red'))
  await expect.poll(() => complaints.length).toBeGreaterThan(0)
  await close()
})

async function open(screen: ScreenCase) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' })
  const complaints: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  const page = await show(context, pages.origin, screen)
  return { page, complaints, close: () => context.close() }
}

/** What can be pressed and is less than 44 pixels high. */
function lowTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, a, summary, select, label.row')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44)
      .map((element) => element.outerHTML),
  )
}

function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}

function screenOf(name: string): ScreenCase {
  const screen = SCREENS.find((candidate) => candidate.name === name)
  if (screen === undefined) throw new Error(`no screen ${name}`)
  return screen
}
