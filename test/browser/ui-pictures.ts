import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { chromium } from 'playwright-core'
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/chromium.ts'
import { servePages } from '../fixtures/ui/pages.ts'
import { SCREENS, show } from '../fixtures/ui/screens.ts'

/**
 * Draws every screen into screenshots/ui, light and dark, for looking at: `node test/browser/ui-pictures.ts [name …]`.
 */
const SIZES = {
  narrow: { width: 320, height: 568 },
  phone: { width: 375, height: 720 },
  popup: { width: 420, height: 640 },
  desktop: { width: 1120, height: 760 },
} as const

const folder = resolve(import.meta.dirname, '../../screenshots/ui')
mkdirSync(folder, { recursive: true })
const wanted = process.argv.slice(2)
const pages = await servePages()
const browser = await chromium.launch({
  executablePath: ensureChromium((line) => process.stderr.write(`${line}\n`)),
  args: CHROMIUM_FLAGS,
})
for (const screen of SCREENS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' })
  const page = await show(context, pages.origin, screen)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport)
      await page.screenshot({ path: resolve(folder, `${screen.name}-${size}-${colorScheme}.png`) })
    }
  }
  await context.close()
}
await browser.close()
await pages.close()
