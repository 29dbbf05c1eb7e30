import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptOffer, answerButton, askForCredential } from '../../scripts/demo/person.ts'
import { isPresentation } from '../../scripts/demo/story.ts'
import { schemaHash } from '../../sdk/server.ts'
import { PERSON_SCHEMA } from '../../server/issuer/issuer.ts'
import { type Presentation, parsePresentation } from '../../src/protocol/presentation.ts'
import { send } from '../server/http-client.ts'
import { openClub } from './club.ts'
import { answerWithCardOf, askAt, PRESENTATIONS, picture, readsOn, troubleCodes, watch } from './club-visit.ts'
import { type Deployment, deploy, siteCode, withWallet } from './deployment.ts'
import { changeStanding, keepPublished, onlyCredential, openFiveIssuers, operate } from './five-issuers.ts'
import { mixCredentials } from './mixed-credentials.ts'

/** The form's own answers that no site asks to see. */
const UNSAID = ['Ashdown', '1990', 'Utrecht', 'TS48151623']

/** Somebody with a card of Arden and one of Birk, and a club that believes either, or any of three more. */
let deployment: Deployment
let issuers: Awaited<ReturnType<typeof openFiveIssuers>>
let club: Awaited<ReturnType<typeof openClub>>
let person: BrowserContext
let tab: Page
let seen: ReturnType<typeof watch>
let asPublishedAtFirst: Record<'arden' | 'birk', Awaited<ReturnType<typeof keepPublished>>>
let cards: Record<'arden' | 'birk', number>
const failures: unknown[] = []

beforeAll(async () => {
  deployment = await deploy()
  const { place, origins } = deployment
  issuers = await openFiveIssuers(place, { walletOrigin: origins.wallet, failures })
  const { arden, birk, all } = issuers
  const five = all.map(({ origin }) => origin)
  club = await openClub(place, { walletOrigin: origins.wallet, issuers: five, failures })
  // The service worker would answer for pages that a test changes on the way.
  person = await deployment.newPerson({ serviceWorkers: 'block' })
  tab = (await withWallet(person, origins)).tab
  await readsOn(tab)
  for (const { origin } of [arden, birk]) {
    await askForCredential(tab, { issuer: origin }, { documentNumber: 'TS48151623' })
    await acceptOffer(tab)
  }
  seen = watch(tab, five)
  asPublishedAtFirst = { arden: await keepPublished(arden, place), birk: await keepPublished(birk, place) }
  cards = { arden: await onlyCredential(place, arden), birk: await onlyCredential(place, birk) }
})
afterAll(async () => {
  await club?.close()
  for (const issuer of issuers?.all ?? []) await issuer.close()
  await deployment?.close()
  expect(failures).toEqual([])
})

/** Servers and browser are so many seconds ahead of the machine's clock from now on. */
async function later(seconds: number): Promise<void> {
  deployment.setClockAhead(seconds * 1000)
  await tab.clock.setSystemTime(Date.now() + seconds * 1000)
}

/** Agrees, and waits until the club has read the answer. */
async function agree(): Promise<Presentation> {
  await answerButton(tab, 'Agree').click({ timeout: 60_000 })
  await tab.getByRole('heading', { name: 'Welcome' }).waitFor({ timeout: 120_000 })
  return parsePresentation(JSON.parse(seen.presentations.at(-1) ?? ''))
}

test('a card of each of two issuers answers; the way that the person has no card for cannot be taken', async () => {
  const { arden, birk, all } = issuers
  seen.asked.clear()
  await askAt(tab, club.origin, 'entry')
  const ways = tab.getByRole('radio')
  expect(await ways.count()).toBe(2)
  expect(await Promise.all([ways.nth(0).isEnabled(), ways.nth(1).isEnabled()])).toEqual([true, false])
  await tab.getByText('You have no such card.').waitFor()
  await picture(tab, 'ways')
  await answerWithCardOf(tab, arden.name)
  expect(seen.asked).toEqual(new Map())
  const { answers, epochs } = await agree()

  const five = all.map(({ origin }) => origin)
  const { request, answers: read } = club.results.at(-1) ?? {}
  const name = { nullifier: expect.stringMatching(/^.{43}$/), pseudonym: expect.stringMatching(/^[a-z]+-[a-z]+-\d\d$/) }
  const credential = { type: 'credential', schema: schemaHash(PERSON_SCHEMA), ...name }
  expect(request).toBe('entry')
  expect(read).toEqual({
    resident: { ...credential, issuers: five, disclosed: { givenName: 'Robin' } },
    guest: { ...credential, issuers: [birk.origin], disclosed: {} },
  })
  expect(read?.guest?.pseudonym).toBe(read?.resident?.pseudonym)

  // What left the wallet names the five alike, and of the claims only the one that was asked for.
  const body = seen.presentations.at(-1) ?? ''
  expect(answers.map(({ item }) => item)).toEqual(['resident', 'guest'])
  expect(epochs.map(({ issuer }) => issuer).sort()).toEqual(five.toSorted())
  expect(five.map((origin) => body.split(origin).length - 1)).toEqual([1, 1, 1, 1, 1])
  for (const word of UNSAID) expect(body).not.toContain(word)
  // And all five were asked for the same.
  const paths = seen.asked.get(arden.origin)
  expect(paths?.length).toBeGreaterThan(2)
  expect(five.map((origin) => seen.asked.get(origin))).toEqual(five.map(() => paths))
})

test('six predicates are answered by two proofs of one card', async () => {
  await askAt(tab, club.origin, 'six')
  await answerWithCardOf(tab, issuers.arden.name)
  await picture(tab, 'six')
  const { answers } = await agree()
  const [first, second, ...more] = answers.map((answer) => (answer.circuit === 'present-v1' ? answer : undefined))
  expect(more).toEqual([])
  expect([first?.part, second?.part]).toEqual([0, 1])
  expect(second?.credentialLink).toBe(first?.credentialLink)
  expect(club.results.at(-1)?.answers.six).toMatchObject({ disclosed: { givenName: 'Robin' } })
})

test('revoked: a wallet with the list of before is accepted within the grace, and refused after it', async () => {
  const { arden } = issuers
  const said = await operate(deployment.place, arden, ['revoke', `${cards.arden}`, '--reason', 'key lost'])
  expect(said).toContain(`Revoked 1 credential: ${cards.arden}`)
  await asPublishedAtFirst.arden.serveTo(tab)
  await later(400)
  await askAt(tab, club.origin, 'resident')
  await answerWithCardOf(tab, arden.name)
  await agree()

  await later(800)
  await askAt(tab, club.origin, 'resident')
  await answerWithCardOf(tab, arden.name)
  await answerButton(tab, 'Agree').click({ timeout: 60_000 })
  // The second is the club's own word.
  expect(await troubleCodes(tab)).toEqual(['site_refused', 'status_list_superseded'])
  await tab.getByRole('button', { name: 'Try again' }).waitFor()
  await tab.getByRole('button', { name: /Back to/ }).click()
  expect(await siteCode(tab)).toBe('declined')
  await asPublishedAtFirst.arden.stop(tab)
})

test('revoked: an honest wallet finds it out, and shares nothing', async () => {
  await later(1200)
  seen.presentations.length = 0
  await askAt(tab, club.origin, 'resident')
  await answerWithCardOf(tab, issuers.arden.name)
  await answerButton(tab, 'Agree').click({ timeout: 60_000 })
  expect(await troubleCodes(tab)).toEqual(['credential_revoked'])
  await tab.getByText(`${issuers.arden.name} has taken back your Person card`).waitFor()
  await tab.getByText('Nothing was shared').waitFor()
  await picture(tab, 'revoked')
  await tab.getByRole('button', { name: /Back to/ }).click()
  expect(await siteCode(tab)).toBe('declined')
  expect(seen.presentations).toEqual([])
})

test('a list that is older than the site allows is not proved against; on the newest the card is suspended', async () => {
  await later(1300)
  await changeStanding(deployment.place, issuers.birk, 'suspend', cards.birk)
  await asPublishedAtFirst.birk.serveTo(tab)
  await askAt(tab, club.origin, 'guestOfTheMinute')
  await answerButton(tab, 'Agree').click({ timeout: 60_000 })
  expect(await troubleCodes(tab)).toEqual(['status_list_stale'])
  await picture(tab, 'stale')
  await asPublishedAtFirst.birk.stop(tab)
  await tab.getByRole('button', { name: 'Try again' }).click()
  await tab.getByText(`${issuers.birk.name} has taken back your Person card`).waitFor({ timeout: 60_000 })
  expect(await troubleCodes(tab)).toEqual(['credential_revoked'])
  expect(seen.presentations).toEqual([])
})

test('reinstated: accepted again while the list is young enough, and refused when it is not', async () => {
  await later(1700)
  await changeStanding(deployment.place, issuers.birk, 'reinstate', cards.birk)
  let early: unknown
  await tab.route(PRESENTATIONS, async (route) => {
    const request = route.request()
    if (!isPresentation(request)) return route.continue()
    // The same bytes two minutes later: past the minute, and the minute that clocks may differ by.
    deployment.setClockAhead(1_821_000)
    const headers = { 'content-type': 'application/json', origin: deployment.origins.wallet }
    early = (await send(request.url(), { method: 'POST', headers, body: request.postData() ?? '' })).json()
    deployment.setClockAhead(1_700_000)
    return route.continue()
  })
  await askAt(tab, club.origin, 'guestOfTheMinute')
  await agree()
  expect(early).toMatchObject({ error: 'status_list_stale', retryable: true })
  expect(club.results.at(-1)?.answers.guest).toMatchObject({ issuers: [issuers.birk.origin] })
  await tab.unroute(PRESENTATIONS)
})

test('two cards of one holder do not answer six predicates together', async () => {
  const { arden, birk, all } = issuers
  const mixed = await mixCredentials(deployment, {
    club: club.origin,
    request: 'six',
    issuers: all,
    pair: [arden, birk],
  })
  expect(mixed.together).toBe('credential_mismatch')
  expect(mixed.withOneLink).toBe('proof_invalid')
  expect(mixed.alone).toBe('accepted')
})
