import type { APIResponse, BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { insertKey, windowFrom } from '../../scripts/demo/browser.ts'
import {
  acceptOffer,
  answerButton,
  askForCredential,
  blockWindows,
  createWallet,
  forumName,
} from '../../scripts/demo/person.ts'
import { troubleCode } from '../../scripts/demo/refusals.ts'
import { isPresentation, proveButton, signInButton } from '../../scripts/demo/story.ts'
import { dayOf, formatDay, latestBirthDay, toDay } from '../../src/protocol/day.ts'
import { encodeField, parseField, toField } from '../../src/protocol/field.ts'
import { atForumConsent, type Deployment, deploy, siteCode, withWallet } from './deployment.ts'

const DAY_MS = 86_400_000
const PRESENTATIONS = '**/touchstone/sessions/*/presentation'

let deployment: Deployment
let person: BrowserContext

beforeAll(async () => {
  deployment = await deploy()
})
afterAll(() => deployment?.close())

beforeEach(async () => {
  // The service worker answers for pages that a test wants to change on the way.
  person = await deployment.newPerson({ serviceWorkers: 'block' })
})
afterEach(() => person.close())

/** Asks for a wallet's answer at the wine shop in the tab that holds the key, which then goes by the address. */
async function askAtWineShop(tab: Page): Promise<void> {
  await blockWindows(tab)
  await tab.goto(deployment.origins.wine)
  await proveButton(tab).click()
  await tab.getByRole('heading', { name: 'Are you 18 or older?' }).waitFor({ timeout: 60_000 })
}

/** Holds the presentation of a page back, and gives it to the test instead. */
async function holdPresentation(page: Page): Promise<{ posted: Promise<{ url: string; body: string }> }> {
  const { promise: posted, resolve } = Promise.withResolvers<{ url: string; body: string }>()
  await page.route(PRESENTATIONS, async (route) => {
    const request = route.request()
    if (!isPresentation(request)) return route.continue()
    resolve({ url: request.url(), body: request.postData() ?? '' })
    return route.abort()
  })
  return { posted }
}

/** Posts a presentation from a page of the wallet's origin and says what became of it. */
async function post(page: Page, url: string, body: unknown): Promise<string> {
  return page.evaluate(
    async ({ url, body }) => {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      const answer: { error?: string } = await response.json()
      return answer.error ?? 'accepted'
    },
    { url, body: typeof body === 'string' ? body : JSON.stringify(body) },
  )
}

/** A sign-in that the person agreed to and that never arrived: the presentation, and a page to send it from. */
async function heldSignIn(origins = deployment.origins) {
  const { forum, wallet } = await atForumConsent(person, origins)
  const { posted } = await holdPresentation(wallet)
  await answerButton(wallet, 'Sign in').click()
  const held = await await posted
  await wallet.unroute(PRESENTATIONS)
  return { forum, wallet, ...held, presentation: JSON.parse(held.body) as HeldPresentation }
}

type HeldPresentation = {
  session: string
  walletNonce: string
  answers: { nullifier: string; deviceTag: string; deviceCommitment: string }[]
}

test('the held presentation is accepted when it arrives, answered alike when it comes again, and no other is', async () => {
  const { wallet, url, body, presentation } = await heldSignIn()
  expect(await post(wallet, url, body)).toBe('accepted')
  expect(await post(wallet, url, body)).toBe('accepted')
  const other = { ...presentation, walletNonce: presentation.answers[0]?.nullifier }
  expect(await post(wallet, url, other)).toBe('challenge_used')
})

test.each([
  [
    'nullifier',
    (p: HeldPresentation) => p.answers.map((a) => ({ ...a, nullifier: bump(a.nullifier) })),
    'proof_invalid',
  ],
  [
    'device tag',
    (p: HeldPresentation) => p.answers.map((a) => ({ ...a, deviceTag: bump(a.deviceTag) })),
    'proof_invalid',
  ],
  [
    'device commitment',
    (p: HeldPresentation) => p.answers.map((a) => ({ ...a, deviceCommitment: bump(a.deviceCommitment) })),
    'proof_invalid',
  ],
])('a presentation whose %s was changed is refused', async (_, change, code) => {
  const { wallet, url, presentation } = await heldSignIn()
  expect(await post(wallet, url, { ...presentation, answers: change(presentation) })).toBe(code)
})

test('a presentation made for another site is refused', async () => {
  const other = await deploy()
  try {
    const { presentation } = await heldSignIn()
    const stranger = await other.newPerson({ serviceWorkers: 'block' })
    const { forum, wallet } = await atForumConsent(stranger, other.origins)
    const session = forum.waitForResponse((response) => response.url().endsWith('/touchstone/sessions'))
    await forum.reload()
    await signInButton(forum).click()
    const { session: id }: { session: string } = await (await session).json()
    const url = `${other.origins.forum}/touchstone/sessions/${id}/presentation`
    expect(await post(wallet, url, { ...presentation, session: id })).toBe('proof_invalid')
    expect(await post(wallet, url, presentation)).toBe('session_mismatch')
  } finally {
    await other.close()
  }
})

test('17 years old: the day before the birthday the wallet has no answer, on the birthday it has', async () => {
  const today = dayOf(new Date())
  const youngestAdult = latestBirthDay(today, 18)
  const { tab } = await withWallet(person, deployment.origins)
  await askForCredential(tab, deployment.origins, { birthDate: formatDay(toDay(youngestAdult + 1)) })
  await acceptOffer(tab)
  await askAtWineShop(tab)
  await answerButton(tab, 'Agree').click()
  expect(await troubleCode(tab)).toBe('cannot_satisfy')
  await tab.getByRole('button', { name: /Back to/ }).click()
  expect(await siteCode(tab)).toBe('declined')

  await tab.goto(deployment.origins.wallet)
  await tab.getByRole('button', { name: 'Open with your key' }).click()
  await tab.getByRole('link', { name: /Person/ }).click()
  await tab.getByRole('button', { name: 'Delete this card' }).click()
  await tab.getByRole('button', { name: 'Delete it' }).click()
  await tab.getByRole('heading', { name: 'No cards yet' }).waitFor()

  await askForCredential(tab, deployment.origins, { birthDate: formatDay(youngestAdult) })
  await acceptOffer(tab)
  await askAtWineShop(tab)
  await answerButton(tab, 'Agree').click()
  await tab.locator('[data-over18]').waitFor({ timeout: 120_000 })
})

test('a credential that ended yesterday is no answer today', async () => {
  const { tab } = await withWallet(person, deployment.origins)
  await askForCredential(tab, deployment.origins, { validUntil: formatDay(dayOf(new Date())) })
  await acceptOffer(tab)
  deployment.setClockAhead(DAY_MS)
  try {
    await tab.clock.setSystemTime(Date.now() + DAY_MS)
    await askAtWineShop(tab)
    await tab.getByText('Your card has ended.').waitFor()
    expect(await troubleCode(tab)).toBe('credential_expired')
    await tab.getByRole('button', { name: 'Decline' }).click()
    expect(await siteCode(tab)).toBe('declined')
  } finally {
    deployment.setClockAhead(0)
  }
})

test('a request whose signature does not match is refused before anything is asked', async () => {
  const forum = await person.newPage()
  await forum.route('**/touchstone/sessions', async (route) => {
    const response = await fetchRouted(route)
    const body: { jws: string } = await response.json()
    const [header, payload, signature = ''] = body.jws.split('.')
    const changed = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)
    await route.fulfill({ response, json: { ...body, jws: [header, payload, changed].join('.') } })
  })
  await forum.goto(deployment.origins.forum)
  const wallet = await windowFrom(forum, () => signInButton(forum).click())
  await insertKey(wallet)
  await createWallet(wallet)
  expect(await troubleCode(wallet)).toBe('request_signature')
})

test('a result is read in the browser that began the session and in no other', async () => {
  const { forum, wallet } = await atForumConsent(person, deployment.origins)
  const code = new Promise<string>((resolve) => {
    void forum.route('**/session', async (route) => {
      resolve((route.request().postDataJSON() as { code: string }).code)
      await route.abort()
    })
  })
  await answerButton(wallet, 'Sign in').click()
  const stolen = await code
  const fetchResult = (page: Page) =>
    page.evaluate(async (code) => {
      const response = await fetch('/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code }),
      })
      const answer: { error?: string } = await response.json()
      return answer.error ?? 'accepted'
    }, stolen)

  const thief = await deployment.newPerson()
  const elsewhere = await thief.newPage()
  await elsewhere.goto(deployment.origins.forum)
  expect(await fetchResult(elsewhere)).toBe('result_wrong_browser')
  await thief.close()

  await forum.unroute('**/session')
  expect(await fetchResult(forum)).toBe('accepted')
  expect(await fetchResult(forum)).toBe('result_already_read')
})

test('another key does not open the wallet', async () => {
  const { tab, key } = await withWallet(person, deployment.origins)
  await key.remove()
  await insertKey(tab)
  await tab.reload()
  await tab.getByRole('button', { name: 'Open with your key' }).click()
  expect(await troubleCode(tab)).toBe('user_cancelled')
})

test('a key that gives another secret than before does not open the wallet', async () => {
  const { tab } = await withWallet(person, deployment.origins)
  await tab.evaluate(swapSalts)
  await tab.reload()
  await tab.getByRole('button', { name: 'Open with your key' }).click()
  expect(await troubleCode(tab)).toBe('prf_mismatch')
})

test('consent declined: the site is told that nothing came', async () => {
  const { forum, wallet } = await atForumConsent(person, deployment.origins)
  await wallet.getByRole('button', { name: 'Decline' }).click()
  expect(await siteCode(forum)).toBe('declined')
})

test('the window closed: the site says so and can be asked again', async () => {
  const { forum, wallet } = await atForumConsent(person, deployment.origins)
  await wallet.close()
  expect(await siteCode(forum)).toBe('wallet_closed')
  expect(await signInButton(forum).isEnabled()).toBe(true)
})

test('a key file with one byte changed is not proved with', async () => {
  const { forum, wallet } = await atForumConsent(person, deployment.origins)
  await person.route('**/artefacts/**/login-v1.zkey.packed', async (route) => {
    const response = await fetchRouted(route)
    const bytes = await response.body()
    const middle = bytes.length >> 1
    bytes[middle] = (bytes[middle] ?? 0) ^ 1
    await route.fulfill({ response, body: bytes })
  })
  await answerButton(wallet, 'Sign in').click()
  expect(await troubleCode(wallet)).toBe('artefact_corrupt')

  await person.unroute('**/artefacts/**/login-v1.zkey.packed')
  await wallet.getByRole('button', { name: 'Try again' }).click()
  expect(await forumName(forum)).toMatch(/-/)
})

/** Node does not resolve `*.localhost`; the server at 127.0.0.1 goes by the Host header. */
function fetchRouted(route: Route): Promise<APIResponse> {
  const request = route.request()
  const url = new URL(request.url())
  const headers = { ...request.headers(), host: url.host }
  url.hostname = '127.0.0.1'
  return route.fetch({ url: url.href, headers })
}

function bump(field: string): string {
  return encodeField(toField(parseField(field) + 1n))
}

/** Runs in the wallet's page: the enrolment's two salts change places, as if the key had answered to others. */
async function swapSalts(): Promise<void> {
  const [info] = await indexedDB.databases()
  const open = indexedDB.open(info?.name ?? '')
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    open.onsuccess = () => resolve(open.result)
    open.onerror = () => reject(open.error)
  })
  const store = database.transaction('vault', 'readwrite').objectStore('vault')
  const swap = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('prfSalts' in value) {
      const salts = value.prfSalts as { first: unknown; second: unknown }
      ;[salts.first, salts.second] = [salts.second, salts.first]
    }
    for (const inner of Object.values(value)) swap(inner)
  }
  await new Promise<void>((resolve) => {
    store.openCursor().onsuccess = (event) => {
      const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result
      if (!cursor) return resolve()
      const value: unknown = cursor.value
      swap(value)
      cursor.update(value)
      cursor.continue()
    }
  })
  database.close()
}
