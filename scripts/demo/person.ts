import type { Page } from 'playwright-core'
import type { Origin } from '../../src/protocol/origin.ts'

/** Where the four sites of a run are. */
export type Origins = Readonly<Record<'wallet' | 'issuer' | 'forum' | 'wine', Origin>>

/** Fields of the issuer's form that a run fills in otherwise than it stands there. */
export type PersonForm = { birthDate?: string; validUntil?: string; documentNumber?: string; givenName?: string }

const PATIENCE = 60_000

/** Makes a wallet in a window that has none: two touches, and the warning read. */
export async function createWallet(wallet: Page): Promise<void> {
  await wallet.getByRole('button', { name: 'Use your security key' }).click()
  await wallet.getByRole('button', { name: 'I understand' }).click({ timeout: PATIENCE })
}

/** Fills in the issuer's form and opens what it offers in the wallet. Ends at the offer. */
export async function askForCredential(
  tab: Page,
  origins: Pick<Origins, 'issuer'>,
  form: PersonForm = {},
): Promise<void> {
  await tab.goto(origins.issuer)
  for (const [name, value] of Object.entries(form)) await tab.locator(`[name="${name}"]`).fill(value)
  await tab.getByRole('button', { name: 'Get the credential' }).click()
  await tab.getByRole('link', { name: 'Open in your wallet' }).click()
  await tab.getByRole('heading', { name: /credential/ }).waitFor({ timeout: PATIENCE })
}

/** Accepts the offer on screen and waits until the card is in the wallet. */
export async function acceptOffer(wallet: Page): Promise<void> {
  await answerButton(wallet, 'Accept').click({ timeout: PATIENCE })
  await wallet.getByRole('heading', { name: 'Received.' }).waitFor({ timeout: PATIENCE })
}

/** One of the wallet's answers, once it no longer waits for the page to have been seen. */
export function answerButton(wallet: Page, name: 'Accept' | 'Agree' | 'Sign in') {
  return wallet.locator('button:not([aria-disabled="true"])').getByText(name, { exact: true })
}

/** The name that the forum greets with. */
export async function forumName(forum: Page): Promise<string> {
  const name = forum.locator('[data-pseudonym]')
  await name.waitFor({ timeout: PATIENCE })
  return (await name.innerText()).trim()
}

/** Makes `window.open` fail on this tab's pages, as where windows are blocked: the request then goes by the address. */
export async function blockWindows(tab: Page): Promise<void> {
  await tab.addInitScript(() => {
    window.open = () => null
  })
}
