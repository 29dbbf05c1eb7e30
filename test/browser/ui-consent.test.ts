import { expect, test } from 'vitest'
import { parseOrigin } from '../../src/protocol/origin.ts'
import {
  BOTH_BY_ONE,
  HIDDEN_AMONG_FIVE,
  MANY_QUESTIONS,
  NO_WAY,
  ONE_WAY_IMPOSSIBLE,
  OVER_18,
  OVER_18_WHY,
  SET_OF_27,
  SEVERAL_CARDS,
  SHARED_QUESTION,
  SIGN_IN,
  TWO_CARDS,
  TWO_WAYS,
} from '../fixtures/ui/requests.ts'
import {
  calls,
  context,
  JWS,
  names,
  open,
  pages,
  pressAll,
  readOn,
  runUntil,
  serveWalletPages,
  setVisibility,
  TOUCH,
} from './wallet-pages.ts'

serveWalletPages()

test('consent by keyboard: Agree can be reached at once, and does nothing for the first second', async () => {
  const page = await open({ state: 'open', request: OVER_18 }, { clock: 'stopped' })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await runUntil(page, page.getByRole('heading', { name: 'Are you 18 or older?' }))
  await runUntil(page, page.getByRole('button', { name: 'In a moment' }))

  const walk: string[] = []
  for (let step = 0; step < 3; step++) {
    await page.keyboard.press('Tab')
    walk.push(await page.evaluate(() => document.activeElement?.textContent ?? ''))
  }
  expect(walk).toEqual(['Details', 'Decline', 'In a moment'])
  await page.keyboard.press('Enter')
  await page.clock.runFor(900)
  await page.keyboard.press('Space')
  expect(await names(page)).not.toContain('present')

  await page.clock.runFor(100)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Agree')
  await page.keyboard.press('Enter')
  expect(await names(page)).toContain('present')
})

test('what lies below the fold is read before it can be agreed to, by keyboard too', async () => {
  const page = await open({ state: 'open', request: OVER_18 }, { clock: 'stopped' })
  await page.setViewportSize({ width: 420, height: 330 })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  const readOn = page.getByRole('button', { name: 'Read on' })
  await runUntil(page, readOn)
  await page.clock.runFor(5_000)
  expect(await page.getByRole('button', { name: 'Agree' }).count()).toBe(0)
  // The end of the list is in the window, and under the answers.
  await page.locator('.leaf ul').evaluate((list) => scrollTo(0, list.getBoundingClientRect().bottom - innerHeight + 20))
  await page.clock.runFor(2_000)
  expect(await page.getByRole('button', { name: 'Agree' }).count()).toBe(0)
  await page.evaluate(() => scrollTo(0, 0))
  await readOn.focus()
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('They learn')
  await runUntil(page, page.getByRole('button', { name: 'In a moment' }))
  await page.clock.runFor(900)
  expect(await page.getByRole('button', { name: 'Agree' }).count()).toBe(0)
  await page.clock.runFor(200)
  await page.getByRole('button', { name: 'Agree' }).click()
  expect(await names(page)).toContain('present')
})

test('a list that is longer than the window is read on part by part', async () => {
  const page = await open({ state: 'open', request: MANY_QUESTIONS })
  await page.setViewportSize({ width: 320, height: 330 })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await readOn(page)
  await page.waitForTimeout(1_500)
  expect(await page.getByRole('button', { name: 'Agree' }).count()).toBe(0)
  const button = page.getByRole('button', { name: 'Read on' })
  for (let press = 0; press < 10 && (await button.count()) > 0; press++) {
    await button.evaluateAll(pressAll)
    await page.waitForTimeout(100)
  }
  await page.getByRole('button', { name: 'Agree' }).waitFor()
})

test('another way is read anew', async () => {
  const page = await open({ state: 'open', request: TWO_WAYS })
  await page.setViewportSize({ width: 420, height: 1200 })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).waitFor()
  await page.setViewportSize({ width: 420, height: 500 })
  await page.evaluate(() => scrollTo(0, 0))
  await page.getByRole('radio', { name: /Member/ }).check()
  await page.evaluate(() => scrollTo(0, 0))
  await page.getByRole('button', { name: 'Read on' }).waitFor()
})

test('Decline and Agree are of one size', async () => {
  const page = await open({ state: 'open', request: OVER_18 })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).waitFor()
  const [decline, agree] = await Promise.all(
    ['Decline', 'Agree'].map((name) => page.getByRole('button', { name }).boundingBox()),
  )
  expect({ width: agree?.width, height: agree?.height }).toEqual({ width: decline?.width, height: decline?.height })
})

test('a page that is hidden and shown again starts the second over', async () => {
  const page = await open({ state: 'open', request: SIGN_IN }, { clock: 'stopped' })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await runUntil(page, page.getByRole('button', { name: 'Sign in' }))
  await setVisibility(page, 'hidden')
  await page.getByRole('button', { name: 'In a moment' }).waitFor()
  await page.clock.runFor(5_000)
  expect(await page.getByRole('button', { name: 'Sign in' }).count()).toBe(0)
  await setVisibility(page, 'visible')
  await page.clock.runFor(1_100)
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
})

test('the card that was chosen is the one that answers', async () => {
  const page = await open({ state: 'open', request: SEVERAL_CARDS, present: TOUCH })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Change' }).click()
  await page.getByRole('radio', { name: /Touchstone demo issuer/ }).check()
  await page.getByRole('button', { name: 'Use this card' }).click()
  await page.getByText('Touchstone demo issuer').waitFor()
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByRole('heading', { name: 'Touch your key' }).waitFor()
  expect((await calls(page)).at(-1)).toEqual({
    name: 'present',
    argument: { alternative: 'age', choices: { age: 'person-2' } },
  })
})

test('what is said of the issuers follows the cards that are chosen', async () => {
  const page = await open({ state: 'open', request: TWO_CARDS, consequences: BOTH_BY_ONE })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  const learned = page.getByRole('region', { name: 'They learn', exact: true })
  const kept = page.getByRole('region', { name: 'They do not learn' })
  const cards = learned.getByText(/card is valid today/)
  await cards.first().waitFor()
  expect(await cards.count()).toBe(2)
  expect(await cards.first().textContent()).toContain('one of 5 issuers')
  expect(await kept.getByText('Which of these 5 issued it').count()).toBe(1)

  await page.getByRole('button', { name: 'Change' }).click()
  await page.getByRole('radio', { name: /Touchstone demo issuer/ }).check()
  await page.getByRole('button', { name: 'Use this card' }).click()
  await cards.first().waitFor()
  expect(await cards.count()).toBe(1)
  expect(await cards.first().textContent()).not.toContain('one of 5 issuers')
  expect(await kept.getByText(/Which of these/).count()).toBe(0)
})

test('the card on screen is the one that answers, also where nobody chose', async () => {
  const page = await open({ state: 'locked', request: SEVERAL_CARDS, present: TOUCH })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByRole('heading', { name: 'Touch your key' }).waitFor()
  expect((await calls(page)).at(-1)).toEqual({
    name: 'present',
    argument: { alternative: 'age', choices: { age: 'person-1' } },
  })
})

test('where the card does not answer and there is another, the request is read again for a choice', async () => {
  const page = await open({ state: 'locked', request: SEVERAL_CARDS, present: { fail: { code: 'cannot_satisfy' } } })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByRole('button', { name: 'Choose another card' }).click()
  await page.getByRole('button', { name: 'Change' }).waitFor()
  expect((await names(page)).filter((name) => name === 'readRequest').length).toBe(2)
})

test('of two ways the picked one answers; what is learned and the card follow it, by keyboard alone', async () => {
  const page = await open({ state: 'open', request: TWO_WAYS, present: TOUCH })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  const group = page.getByRole('group', { name: 'Choose what to show' })
  const learned = page.getByRole('region', { name: 'They learn', exact: true })
  await group.getByRole('radio', { name: 'Are you 18 or older?' }).focus()
  expect(await group.getByRole('radio').count()).toBe(2)
  await learned.getByText('You are 18 or older').waitFor()
  await page.getByText('City of Arden').waitFor()

  await page.keyboard.press('ArrowDown')
  await learned.getByText(/Your .Member. card is valid today/).waitFor()
  expect(await group.getByRole('radio', { name: /Do you hold a valid .Member. credential/ }).isChecked()).toBe(true)
  expect(await learned.getByText('You are 18 or older').count()).toBe(0)
  expect(await page.getByText('City of Arden').count()).toBe(0)
  await page.getByText('Harbour Workers’ Union').waitFor()
  await readOn(page)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByRole('heading', { name: 'Touch your key' }).waitFor()
  const argument = { alternative: 'member+who', choices: { member: 'member-1' } }
  expect((await calls(page)).at(-1)).toEqual({ name: 'present', argument })
})

test('what all ways ask stands once, above; each way lists what it asks besides', async () => {
  const page = await open({ state: 'open', request: SHARED_QUESTION })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  const group = page.getByRole('group', { name: 'Choose what else to show' })
  await group.waitFor()
  expect(await page.getByText('Are you 18 or older?').count()).toBe(1)
  expect(await group.getByText('Are you 18 or older?').count()).toBe(0)
  expect(await group.getByRole('radio').count()).toBe(2)
  const learned = page.getByRole('region', { name: 'They learn', exact: true })
  await learned.getByText(/^Your .Person. card is valid today, not revoked .* issued by one of 5 issuers$/).waitFor()
  await learned
    .getByText(/^Your .Member. card is valid today, not revoked .* issued by members\.hwu\.example$/)
    .waitFor()
})

test('a way that is impossible is shown, says what is missing, and cannot be picked', async () => {
  const page = await open({ state: 'open', request: ONE_WAY_IMPOSSIBLE })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  const impossible = page.getByRole('radio', { name: /You have no such card\. One could come from id\.arden\.example/ })
  await impossible.waitFor()
  expect(await impossible.isDisabled()).toBe(true)
  expect(await page.getByRole('radio', { name: /Nationality/ }).isChecked()).toBe(true)
})

test('where no way is possible there is nothing to agree to', async () => {
  const page = await open({ state: 'open', request: NO_WAY })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByText('You have no card for any of them').waitFor()
  expect(await page.getByRole('radio').count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Agree' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Decline' }).waitFor()
  // Where a card could come from is said once, for each kind of card.
  const origins = await page.locator('.origin').allInnerTexts()
  expect(origins.filter((origin) => origin === 'id.bray.example')).toEqual(['id.bray.example'])
  expect(
    await page
      .getByRole('region', { name: /A .Member. card could come from/ })
      .getByRole('link')
      .count(),
  ).toBe(5)
  expect(
    await page
      .getByRole('region', { name: /A .Person. card could come from/ })
      .getByRole('link')
      .count(),
  ).toBe(1)
})

test('a refusal that may not last can be tried again, and another cannot', async () => {
  for (const retryable of [true, false]) {
    const fail = { code: 'site_refused', shared: 'maybe', detail: 'busy', retryable } as const
    const page = await open({ state: 'open', request: OVER_18, present: { fail } })
    await page.goto(`${pages.origin}/present#request=${JWS}`)
    await page.getByRole('button', { name: 'Agree' }).click()
    await page.getByText('Your answer may have arrived').waitFor()
    const again = page.getByRole('button', { name: 'Try again' })
    expect(await again.count()).toBe(retryable ? 1 : 0)
    if (retryable) {
      await again.click()
      await expect.poll(async () => (await names(page)).filter((name) => name === 'present').length).toBe(2)
    }
    await context.close()
  }
})

test('the full stop behind an address stays with it, however wide the line', async () => {
  const page = await open({ state: 'open', request: OVER_18, present: { fail: { code: 'credential_revoked' } } })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).click()
  const line = page.getByText('Nothing was shared').locator('..')
  await line.waitFor()
  const alone: number[] = []
  for (let width = 320; width <= 460; width += 4) {
    await page.setViewportSize({ width, height: 700 })
    const apart = await line.evaluate((element) => {
      const address = element.querySelector('.origin')?.getClientRects()
      const stop = document.createRange()
      const last = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
      while (last.nextNode()) stop.selectNodeContents(last.currentNode)
      return stop.toString() !== '.' || stop.getBoundingClientRect().top > (address?.[0]?.bottom ?? 0)
    })
    if (apart) alone.push(width)
  }
  expect(alone).toEqual([])
})

test('a card that was taken back leads to the other way', async () => {
  const page = await open({ state: 'locked', request: TWO_WAYS, present: { fail: { code: 'credential_revoked' } } })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await readOn(page)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByText('City of Arden has taken back your Person card').waitFor()
  await page.getByRole('button', { name: 'Answer in another way' }).click()
  await page.getByRole('heading', { name: 'There are two ways to answer' }).waitFor()
  expect((await names(page)).filter((name) => name === 'readRequest').length).toBe(2)
})

test('a long set shows its first members, and all of them after a press', async () => {
  const page = await open({ state: 'open', request: SET_OF_27 })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('heading', { name: /Austria, Belgium, Bulgaria, Croatia, Cyprus and 22 more/ }).waitFor()
  expect(await page.getByText('Sweden').isVisible()).toBe(false)
  await page.getByText('All 27 countries').click()
  expect(await page.getByRole('listitem').filter({ hasText: 'Sweden' }).isVisible()).toBe(true)
  expect(await page.locator('.members li').count()).toBe(27)
})

test('an issuer that is silent is named, and nothing was shared', async () => {
  const page = await open({
    state: 'open',
    request: HIDDEN_AMONG_FIVE,
    present: { fail: { code: 'issuer_unreachable', origin: parseOrigin('https://id.calder.example') } },
  })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  await page.getByRole('button', { name: 'Agree' }).click()
  await page.getByText('id.calder.example is silent').waitFor()
  await page.getByText('Nothing was shared').waitFor()
  await page.getByRole('button', { name: 'Try again' }).waitFor()
})

test('the words of the site stand apart, quoted, as the site’s, and can push nothing out of its place', async () => {
  const page = await open({ state: 'open', request: OVER_18_WHY })
  await page.setViewportSize({ width: 320, height: 568 })
  await page.goto(`${pages.origin}/present#request=${JWS}`)
  const figure = page.getByRole('figure')
  await figure.waitFor()
  const words = OVER_18_WHY.sitePurpose ?? ''
  expect(await figure.textContent()).toBe(`Why, in the words of wine.example“\u2068${words}\u2069”`)
  const elsewhere = await page.evaluate(() => {
    document.querySelector('figure')?.remove()
    return document.title + document.body.textContent
  })
  expect(elsewhere).not.toContain('checked us')
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})
