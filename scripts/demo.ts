/**
 * The whole story by itself, for whoever has no security key: headless Chromium with a virtual authenticator, the four
 * servers on free ports, this deployment's own keys, and databases that are thrown away.
 *
 *     npm run demo                       narrates each step with its time, leaves screenshots
 *     npm run demo -- --json             one JSON object with the figures; exits 1 when a bar is not met
 *     npm run demo -- --pictures <dir>   where the screenshots go
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { atLeast, atMost, type Bar } from './bar.ts'
import { NoChromiumError } from './chromium.ts'
import { PROJECT_ROOT } from './circuits/compile.ts'
import { openBrowser } from './demo/browser.ts'
import { refuseAll } from './demo/refusals.ts'
import { type Narrator, type Story, tellStory } from './demo/story.ts'
import { takeBackNewest } from './demo/take-back.ts'
import { ensureKeySet } from './keys.ts'
import { explain } from './start/explain.ts'
import { reportKeys } from './start/progress.ts'
import { ensureAssets, startAll } from './start.ts'

/** A touch to a greeting, on a visit that has its keys already. */
const SECONDS_BOUND = 5

try {
  await main()
} catch (error) {
  const line = error instanceof NoChromiumError ? error.message : explain(error)
  if (line === undefined) throw error
  process.stderr.write(`${line}\n`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, pictures: { type: 'string', default: 'screenshots/demo' } },
  })
  const pictures = resolve(PROJECT_ROOT, values.pictures)
  // With --json, standard output is the object and nothing else.
  const say = (line: string) => (values.json ? process.stderr : process.stdout).write(`${line}\n`)
  const dataDirectory = mkdtempSync(join(tmpdir(), 'touchstone-demo-'))
  const dist = join(PROJECT_ROOT, 'dist')
  mkdirSync(pictures, { recursive: true })

  say('Looking for circuits, keys and pages; what is missing is made first.')
  const keySet = await ensureKeySet({ origin: 'local', onProgress: reportKeys(say) })
  await ensureAssets({ keySet: keySet.hash, dist, onProgress: say })
  const running = await startAll({ ports: { wallet: 0, issuer: 0, forum: 0, wine: 0 }, dataDirectory, keySet, dist })
  const browser = await openBrowser().catch(async (error) => {
    await running.close()
    throw error
  })
  try {
    const narrator = narrate(say, pictures)
    const context = await browser.newContext({ viewport: { width: 1120, height: 800 } })
    const story = await tellStory(context, running.origins, narrator)
    const takeBack = () => takeBackNewest(join(dataDirectory, 'issuer'))
    const refusals = await refuseAll(browser, running.origins, { narrator, story, takeBack })
    const bars = measure(story, refusals)
    if (values.json) process.stdout.write(`${JSON.stringify({ story: figures(story), refusals, bars }, null, 2)}\n`)
    else conclude(say, story, bars)
    say(`Screenshots: ${relative(process.cwd(), pictures) || pictures}`)
    process.exitCode = bars.every((bar) => bar.ok) ? 0 : 1
  } finally {
    await browser.close()
    await running.close()
    rmSync(dataDirectory, { recursive: true, force: true })
  }
}

function narrate(say: (line: string) => void, pictures: string): Narrator {
  let count = 0
  return {
    step: async (text, run) => {
      const from = performance.now()
      const result = await run()
      say(`${((performance.now() - from) / 1000).toFixed(1).padStart(5)} s  ${text}`)
      return result
    },
    picture: async (page: Page, name) => {
      count += 1
      await page.screenshot({ path: join(pictures, `${String(count).padStart(2, '0')}-${name}.png`) })
    },
  }
}

function measure(story: Story, refusals: readonly { expected: string; got: string }[]): Bar[] {
  const yes = (name: string, ok: boolean): Bar => atLeast(1, { name, value: ok ? 1 : 0, unit: 'yes' })
  const seconds = story.signInSeconds
  return [
    yes('login ok', story.forumName === story.forumNameAgain),
    yes('over 18 ok', story.wineName !== '' && story.wineName !== story.forumName),
    yes('refusals ok', refusals.length > 0 && refusals.every(({ expected, got }) => got === expected)),
    atMost(SECONDS_BOUND, { name: 'seconds from touch to signed in', value: seconds, unit: 's' }),
  ]
}

function figures({ forumName, wineName, firstSignInSeconds, signInSeconds, over18Seconds }: Story) {
  return { forumName, wineName, firstSignInSeconds, signInSeconds, over18Seconds }
}

function conclude(say: (line: string) => void, story: Story, bars: readonly Bar[]): void {
  say('')
  say(
    `The forum knows this person as ${story.forumName}, the wine shop as ${story.wineName}. Neither name leads to the other.`,
  )
  say(
    `From touch to signed in: ${story.signInSeconds.toFixed(1)} s; the first time, fetching keys: ${story.firstSignInSeconds.toFixed(1)} s.`,
  )
  say(`From touch to a proven age: ${story.over18Seconds.toFixed(1)} s, its keys fetched on the way.`)
  for (const { name } of bars.filter((bar) => !bar.ok)) say(`Not met: ${name}`)
}
