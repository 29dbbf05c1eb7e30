import { expect, test } from 'vitest'
import { OFFER } from '../fixtures/ui/contents.ts'
import { OVER_18, SIGN_IN } from '../fixtures/ui/requests.ts'
import type { Scene } from '../fixtures/ui/scene.ts'
import { openFromSite } from '../fixtures/ui/screens.ts'
import { calls, fresh, JWS, names, open, pages, serveWalletPages, TOUCH } from './wallet-pages.ts'

serveWalletPages()

test('Cancel during the touch leads back to the question', async () => {
  const page = await open({ state: 'open', request: OVER_18, present: TOUCH })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByRole('heading', { name: 'Touch your key' }).waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('heading', { name: 'Are you 18 or older?' }).waitFor()
})

test('without a wallet one is made first; then the same request is answered', async () => {
  const scene: Scene = { state: 'none', request: SIGN_IN }
  const wallet = await openFromSite(await fresh(scene), pages.origin, { scene })
  await wallet.getByRole('button', { name: 'Use your security key' }).click()
  await wallet.getByText('If you lose this key, the wallet is gone.').waitFor()
  await wallet.getByRole('button', { name: 'I understand' }).click()
  await wallet.getByText('blue-otter-27').waitFor()
})

test('without a wallet one is made first; then the same offer is accepted', async () => {
  const page = await open({ state: 'none', offer: OFFER })
  await page.goto(`${pages.origin}/receive#issuer=https://id.arden.example&offer=1`)
  await page.getByText('An issuer has a credential for you').waitFor()
  await page.getByRole('button', { name: 'Use your security key' }).click()
  await page.getByRole('button', { name: 'I understand' }).click()
  await page.getByRole('button', { name: 'Accept' }).click()
  await page.getByText('Your Person card is in your wallet.').waitFor()
  const asked = (await calls(page)).find(({ name }) => name === 'readOffer')
  expect(asked?.argument).toEqual({ issuer: 'https://id.arden.example', offer: '1' })
})

test('a sensitive claim is shown only after a press', async () => {
  const page = await open({ state: 'open' })
  await page.goto(`${pages.origin}/card/person-1`)
  await page.getByRole('button', { name: 'Show: Document number' }).waitFor()
  expect(await page.content()).not.toContain('NO-4471-9035')
  await page.getByRole('button', { name: 'Show: Document number' }).click()
  await page.getByText('NO-4471-9035').waitFor()
  await page.getByRole('button', { name: 'Hide: Document number' }).click()
  expect(await page.content()).not.toContain('NO-4471-9035')
})

test('deleting a card asks once; Escape keeps it and gives the focus back', async () => {
  const page = await open({ state: 'open' })
  await page.goto(`${pages.origin}/card/person-1`)
  await page.getByRole('button', { name: 'Delete this card' }).click()
  await page.keyboard.press('Escape')
  expect(await page.getByRole('dialog').count()).toBe(0)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Delete this card')
  expect(await names(page)).not.toContain('deleteCredential')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Delete it' }).click()
  await page.getByRole('heading', { name: 'Your cards' }).waitFor()
  expect(await calls(page)).toContainEqual({ name: 'deleteCredential', argument: 'person-1' })
  expect(await page.getByText('City of Arden').count()).toBe(0)
})

test('a damaged card can be deleted from where it says so', async () => {
  const page = await open({ state: 'open', damaged: true })
  await page.goto(`${pages.origin}/card/person-1`)
  await page.getByText('A stored card is damaged').waitFor()
  await page.getByRole('button', { name: 'Delete this card' }).click()
  await page.getByRole('button', { name: 'Delete it' }).click()
  await page.getByRole('heading', { name: 'Your cards' }).waitFor()
  expect(await calls(page)).toContainEqual({ name: 'deleteCredential', argument: 'person-1' })
})

test('erasing the wallet asks twice', async () => {
  const page = await open({ state: 'open' })
  await page.goto(`${pages.origin}/settings`)
  await page.getByRole('button', { name: 'Erase' }).click()
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('button', { name: 'Keep my wallet' }).click()
  expect(await names(page)).not.toContain('reset')
  await page.getByRole('button', { name: 'Erase' }).click()
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('button', { name: 'Erase everything' }).click()
  await page.getByText('Prove it with a touch.').waitFor()
  expect(await names(page)).toContain('reset')
})

test('settings reach the wallet, and the theme the page', async () => {
  const page = await open({ state: 'open' })
  await page.goto(`${pages.origin}/settings`)
  await page.getByLabel('Dark').check()
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  await page.getByLabel('Lock by itself after').selectOption({ label: '15 minutes' })
  expect(await calls(page)).toContainEqual({ name: 'changeSettings', argument: { autoLockMinutes: 15 } })
})

test('the lock is in the bar while the wallet is open; what it shut needs a touch again', async () => {
  const page = await open({ state: 'open' })
  await page.goto(pages.origin)
  await page.getByText('City of Arden').waitFor()
  await page.getByRole('link', { name: 'Activity' }).click()
  await page.getByRole('button', { name: 'Lock the wallet' }).click()
  await page.getByRole('heading', { name: 'Your wallet is locked' }).waitFor()
  expect(await page.getByRole('button', { name: 'Lock the wallet' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Open with your key' }).click()
  await page.getByText('survey.example').waitFor()
})
