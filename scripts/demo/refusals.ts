import type { Browser, Page } from 'playwright-core'
import { insertKey, windowFrom } from './browser.ts'
import { acceptOffer, answerButton, askForCredential, blockWindows, createWallet, type Origins } from './person.ts'
import { type Narrator, proveButton, type Story, signInButton } from './story.ts'

/** One thing that must not work, the code it must fail with, and the code it failed with. */
export type Refusal = { readonly name: string; readonly expected: string; readonly got: string }

/** Things that a person, or somebody who listened, could try after the story; each is refused. */
export async function refuseAll(
  browser: Browser,
  origins: Origins,
  options: {
    narrator: Narrator
    story: Story
    /** The issuer takes back what it issued last. */
    takeBack: () => Promise<void>
  },
): Promise<Refusal[]> {
  const { narrator, story, takeBack } = options
  const tries: [name: string, text: string, expected: string, attempt: (page: Page) => Promise<string>][] = [
    [
      'the same presentation twice',
      'Somebody posts the accepted presentation to the wine shop once more: refused',
      'challenge_used',
      (page) => postAgain(page, origins, story),
    ],
    [
      'consent declined',
      'Somebody else declines to sign in: the forum learns nothing, not even why',
      'declined',
      (page) => decline(page, origins, narrator),
    ],
    [
      '17 years old',
      'Somebody of 17 is asked at the wine shop: the wallet has no answer, and the shop is told none came',
      'cannot_satisfy',
      (page) => tooYoung(page, origins, narrator),
    ],
    [
      'a card that was taken back',
      'The issuer takes somebody’s card back: their wallet finds it on the public list, and sends nothing',
      'credential_revoked',
      (page) => takenBack(page, origins, { narrator, takeBack }),
    ],
  ]
  const refusals: Refusal[] = []
  for (const [name, text, expected, attempt] of tries) {
    const context = await browser.newContext({ viewport: { width: 1120, height: 800 } })
    const page = await context.newPage()
    refusals.push({ name, expected, got: await narrator.step(text, () => attempt(page)) })
    await context.close()
  }
  return refusals
}

/** From the wallet's origin, as the wallet itself would. */
async function postAgain(page: Page, { wallet }: Origins, { presentation }: Story): Promise<string> {
  await page.goto(wallet)
  return page.evaluate(async ({ url, body }) => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const answer: { error?: string } = await response.json()
    return answer.error ?? 'accepted'
  }, presentation)
}

async function decline(forum: Page, origins: Origins, { picture }: Narrator): Promise<string> {
  await forum.goto(origins.forum)
  const wallet = await windowFrom(forum, () => signInButton(forum).click())
  await insertKey(wallet)
  await createWallet(wallet)
  await wallet.getByRole('button', { name: 'Decline' }).click()
  await wallet.getByRole('heading', { name: 'Declined' }).waitFor()
  await picture(wallet, 'declined')
  const button = forum.locator('touchstone-button[code]')
  await button.waitFor()
  return (await button.getAttribute('code')) ?? ''
}

async function tooYoung(tab: Page, origins: Origins, { picture }: Narrator): Promise<string> {
  const born = new Date()
  born.setUTCFullYear(born.getUTCFullYear() - 18)
  born.setUTCDate(born.getUTCDate() + 1)
  await insertKey(tab)
  await tab.goto(origins.wallet)
  await createWallet(tab)
  await askForCredential(tab, origins, { birthDate: born.toISOString().slice(0, 10) })
  await acceptOffer(tab)
  await blockWindows(tab)
  await tab.goto(origins.wine)
  await proveButton(tab).click()
  await answerButton(tab, 'Agree').click()
  const code = await troubleCode(tab)
  await picture(tab, 'too-young')
  return code
}

async function takenBack(
  tab: Page,
  origins: Origins,
  { narrator, takeBack }: { narrator: Narrator; takeBack: () => Promise<void> },
): Promise<string> {
  await insertKey(tab)
  await tab.goto(origins.wallet)
  await createWallet(tab)
  await askForCredential(tab, origins)
  await acceptOffer(tab)
  await takeBack()
  await blockWindows(tab)
  await tab.goto(origins.wine)
  await proveButton(tab).click()
  await answerButton(tab, 'Agree').click()
  const code = await troubleCode(tab)
  await narrator.picture(tab, 'taken-back')
  return code
}

/** The code under "Details" of a page that says what went wrong. */
export async function troubleCode(wallet: Page): Promise<string> {
  const code = wallet.locator('details code').first()
  await code.waitFor({ state: 'attached', timeout: 60_000 })
  return (await code.textContent()) ?? ''
}
