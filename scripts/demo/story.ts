import type { BrowserContext, Page, Request } from 'playwright-core'
import { insertKey, windowFrom } from './browser.ts'
import { acceptOffer, answerButton, askForCredential, blockWindows, forumName, type Origins } from './person.ts'

/** What the story found out; `seconds` are those a person waits. */
export type Story = {
  readonly forumName: string
  readonly forumNameAgain: string
  readonly wineName: string
  /** From the touch to the forum's greeting, on a first visit: keys not yet fetched. */
  readonly firstSignInSeconds: number
  /** The same on a later visit. */
  readonly signInSeconds: number
  readonly over18Seconds: number
  /** The presentation that the wine shop accepted, as it was posted. */
  readonly presentation: { readonly url: string; readonly body: string }
}

export type Narrator = {
  /** Runs a step and says what happened in it. */
  step<T>(text: string, run: () => Promise<T>): Promise<T>
  /** Keeps a picture of a page. */
  picture(page: Page, name: string): Promise<void>
}

/**
 * The main job, from nothing: a wallet made while signing in at the forum, a credential, the forum again, and the wine
 * shop. The key sits in the wallet's window, so that the shop, which gets no window, sends its request by the address.
 */
export async function tellStory(context: BrowserContext, origins: Origins, narrator: Narrator): Promise<Story> {
  const { step, picture } = narrator
  const forum = await context.newPage()

  const wallet = await step('At the forum, a person presses "Sign in with Touchstone"; the wallet opens', async () => {
    await forum.goto(origins.forum)
    await picture(forum, 'forum')
    const window = await windowFrom(forum, () => signInButton(forum).click())
    await insertKey(window)
    await window.getByRole('button', { name: 'Use your security key' }).waitFor()
    await picture(window, 'welcome')
    return window
  })

  await step('There is no wallet yet: two touches of the key make one', async () => {
    await wallet.getByRole('button', { name: 'Use your security key' }).click()
    await wallet.getByRole('button', { name: 'I understand' }).waitFor()
    await picture(wallet, 'wallet-ready')
    await wallet.getByRole('button', { name: 'I understand' }).click()
    await wallet.getByRole('heading', { name: /asks you to sign in/ }).waitFor()
    await picture(wallet, 'consent-sign-in')
  })

  const first = await step('They agree and touch; the forum greets them by a name of its own', () =>
    signIn(forum, wallet),
  )
  await picture(forum, 'forum-signed-in')

  const again = await step('They sign out and in again: the same name comes back', async () => {
    await forum.getByRole('button', { name: 'Sign out' }).click()
    await signInButton(forum).click()
    await wallet.getByRole('heading', { name: /asks you to sign in/ }).waitFor()
    await picture(wallet, 'consent-sign-in-again')
    return signIn(forum, wallet)
  })

  await step('They fill in the issuer’s form; the wallet shows what it offers, and they accept', async () => {
    await askForCredential(wallet, origins)
    await picture(wallet, 'receive')
    await acceptOffer(wallet)
    await wallet.getByRole('button', { name: 'See your cards' }).click()
    await wallet.getByRole('heading', { name: 'Your cards' }).waitFor()
    await picture(wallet, 'cards')
  })

  const wine = await step('The wine shop asks: are you 18 or older? They agree and touch', async () => {
    await blockWindows(wallet)
    await wallet.goto(origins.wine)
    await picture(wallet, 'wine')
    return proveAge(wallet, picture)
  })
  await picture(wallet, 'wine-checkout')

  return {
    forumName: first.name,
    forumNameAgain: again.name,
    firstSignInSeconds: first.seconds,
    signInSeconds: again.seconds,
    ...wine,
  }
}

export function signInButton(forum: Page) {
  return forum.getByRole('button', { name: 'Sign in with Touchstone' })
}

export function proveButton(wine: Page) {
  return wine.getByRole('button', { name: 'Prove you are 18 or older' })
}

/** From the press that the key's touch answers at once, to the forum's greeting. */
async function signIn(forum: Page, wallet: Page): Promise<{ name: string; seconds: number }> {
  const agree = answerButton(wallet, 'Sign in')
  await agree.waitFor({ timeout: 60_000 })
  const from = performance.now()
  await agree.click()
  const name = await forumName(forum)
  return { name, seconds: (performance.now() - from) / 1000 }
}

async function proveAge(tab: Page, picture: Narrator['picture']) {
  const posted = tab.waitForRequest(isPresentation, { timeout: 120_000 })
  await proveButton(tab).click()
  await tab.getByRole('heading', { name: 'Are you 18 or older?' }).waitFor()
  const agree = answerButton(tab, 'Agree')
  await agree.waitFor({ timeout: 60_000 })
  await picture(tab, 'consent-age')
  const from = performance.now()
  await agree.click()
  await tab.locator('[data-over18]').waitFor({ timeout: 120_000 })
  const over18Seconds = (performance.now() - from) / 1000
  const wineName = (await tab.locator('main bdi').first().innerText()).trim()
  const request = await posted
  return { over18Seconds, wineName, presentation: { url: request.url(), body: request.postData() ?? '' } }
}

export function isPresentation(request: Request): boolean {
  return request.method() === 'POST' && request.url().endsWith('/presentation')
}
