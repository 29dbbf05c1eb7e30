import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertKey, windowFrom } from '../../scripts/demo/browser.ts'
import { acceptOffer, answerButton, askForCredential, blockWindows, createWallet } from '../../scripts/demo/person.ts'
import { type Deployment, deploy } from './deployment.ts'
import { EXAMPLES, type Example, freePort, installSdk, readmeCode, type SdkProject, write } from './sdk-project.ts'

/** A developer's empty project with the packed SDK, and one person who visits what they build with it. */
let deployment: Deployment
let project: SdkProject
let person: BrowserContext
/** The tab that the person's key is in: a virtual one belongs to one tab. */
let wallet: Page

beforeAll(async () => {
  ;[deployment, project] = await Promise.all([deploy(), installSdk()])
  person = await deployment.newPerson()
})
afterAll(async () => {
  await project?.close()
  await deployment?.close()
})

const NAME = /^Hello [a-z]+-[a-z]+-\d\d$/

test('the ten lines of the README are ten, and none of them handles a challenge, a nullifier or a key', () => {
  const { server, page } = readmeCode({ port: 3000, origins: deployment.origins })
  const lines = server.trim().split('\n')
  expect(lines.length).toBe(10)
  const shown = server.replace(' allowDevelopmentKeys: true,', '')
  expect(shown + page).not.toMatch(/challenge|nullifier|key|nonce|secret|token|cookie|code|proof/i)
})

test('they sign a person in, with the wallet in a window of its own, and let them prove their age', async () => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const { server, page } = readmeCode({ port, origins: deployment.origins })
  write(join(project.directory, 'readme/server.js'), server)
  write(join(project.directory, 'readme/public/index.html'), page)
  await project.start(['server.js'], { folder: 'readme', origin, origins: deployment.origins })

  const site = await person.newPage()
  await site.goto(origin)
  wallet = await windowFrom(site, () => button(site, 'signIn').click())
  await insertKey(wallet)
  await createWallet(wallet)
  await answerButton(wallet, 'Sign in').click({ timeout: 60_000 })
  await site.getByText(NAME).waitFor({ timeout: 60_000 })

  expect((await site.goto(`${origin}/cellar`))?.status()).toBe(401)
  await askForCredential(wallet, deployment.origins)
  await acceptOffer(wallet)
  await blockWindows(wallet)
  await proveAge(origin, 'over 18')
})

test.each(EXAMPLES)('the example for %s signs in and lets them prove their age', async (example) => {
  const origin = `http://${example}.localhost:${await freePort()}`
  await project.start(await commandOf(example, origin), { folder: example, origin, origins: deployment.origins })
  expect((await fetch(`http://127.0.0.1:${new URL(origin).port}/account`, { redirect: 'manual' })).status).not.toBe(200)

  await wallet.goto(`${origin}/cellar`)
  // Who has proved nothing is back at the door.
  await button(wallet, 'signIn').click()
  await answerButton(wallet, 'Sign in').click({ timeout: 60_000 })
  await wallet.getByRole('heading', { name: NAME }).waitFor({ timeout: 60_000 })
  await wallet.goto(`${origin}/cellar`)
  await proveAge(origin, 'You are over 18')
})

test('the examples compile with the frameworks’ own types; the one for Next was checked when it was built', async () => {
  expect(await project.run('tsc', ['--noEmit'], '.')).toBe('')
})

function button(page: Page, request: string) {
  return page.locator(`touchstone-button[request="${request}"]`)
}

/** By the address: the key's tab goes from the site to the wallet and back. */
async function proveAge(origin: string, welcome: string): Promise<void> {
  await wallet.goto(origin)
  await button(wallet, 'over18').click()
  await answerButton(wallet, 'Agree').click({ timeout: 60_000 })
  await wallet.waitForURL(`${origin}/cellar`, { timeout: 60_000 })
  await wallet.getByText(welcome).waitFor()
}

/** Next is built first; the others are run as they are. */
async function commandOf(example: Example, origin: string): Promise<string[]> {
  if (example !== 'next') return ['server.ts']
  await project.run('next', ['build'], example)
  return [join(project.directory, 'node_modules/next/dist/bin/next'), 'start', '--port', new URL(origin).port]
}
