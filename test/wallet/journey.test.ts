import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { formatDay, latestBirthDay } from '../../src/protocol/day.ts'
import type { Query } from '../../src/protocol/query.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import type { Progress } from '../../src/wallet/index.ts'
import { PERSON } from './issuer.ts'
import { type Keys, loadKeys, only, type Rig, SLOW_TEST_MS, settled, shown, startRig } from './rig.ts'
import { CODE } from './site.ts'

vi.setConfig({ testTimeout: SLOW_TEST_MS })

let keys: Keys
let rig: Rig

beforeAll(async () => {
  keys = await loadKeys()
  rig = await startRig(keys)
}, 300_000)

afterAll(() => keys.prover.close())

const LOGIN: Query = { type: 'login', id: 'me' }

function over18(): Query {
  const value = formatDay(latestBirthDay(rig.wine.today, 18))
  return {
    type: 'credential',
    id: 'age',
    issuers: [rig.issuer.origin],
    schema: schemaHash(PERSON),
    predicates: [{ claim: 'birthDate', op: '$lte', value }],
  }
}

test('a holder makes a wallet, receives a credential, signs in and proves an age', async () => {
  const { wallet, authenticator, forum, wine } = rig
  expect(wallet.getState()).toEqual({ status: 'none' })
  const steps: string[] = []
  await wallet.create({ name: 'Blue key', onStep: (step) => steps.push(step) })
  expect(steps).toEqual(['register', 'open'])
  expect(authenticator.touches).toBe(2)
  expect(wallet.getState()).toEqual({ status: 'open' })
  expect(await wallet.ways()).toMatchObject([{ name: 'Blue key', synchronised: false }])

  const offer = await wallet.readOffer(rig.issuer.offer(), {})
  expect(offer).toMatchObject({
    issuer: { origin: 'https://id.example', name: 'City of Arden', demo: true },
    kind: 'Person',
    touches: 1,
  })
  expect(offer.claims.map(({ name }) => name)).toEqual(['givenName', 'birthDate', 'nationality', 'documentNumber'])
  expect(offer.claims.at(-1)).toMatchObject({ value: 'X-1234567', sensitive: true })
  const received: Progress[] = []
  const card = await wallet.acceptOffer(offer, { onProgress: (progress) => received.push(progress) })
  expect(authenticator.touches).toBe(3)
  expect(received[0]).toEqual({ phase: 'touch', loaded: 1, total: 1 })
  expect(received.map(({ phase }) => phase).slice(-4)).toEqual(['witness', 'prove', 'check', 'send'])
  expect(await wallet.cards()).toEqual([card])
  expect((await wallet.credential(card.id)).claims).toEqual(offer.claims)

  const signIn = await wallet.readRequest({ jws: await forum.request(LOGIN), origin: forum.origin }, {})
  expect(signIn).toMatchObject({ origin: 'https://forum.example', transport: 'window' })
  expect(only(signIn).purpose).toBe('sign_in')
  expect(signIn.nickname).toBeUndefined()
  expect(only(signIn).learned).toEqual([{ type: 'name' }, { type: 'same_key' }])
  const first = await wallet.present(signIn, shown(signIn))
  expect(first).toMatchObject({ code: CODE, returnUri: 'https://forum.example/back' })
  expect(forum.results).toMatchObject([{ status: 'VALID' }])

  const proof = await wallet.readRequest({ jws: await wine.request(over18()), origin: wine.origin }, {})
  expect(only(proof).purpose).toBe('prove')
  expect(only(proof).asks).toMatchObject([
    {
      kind: 'credential',
      question: { type: 'age', years: 18 },
      credentialKind: 'Person',
      candidates: [{ credentialId: card.id, satisfiable: true }],
      issuersAccepted: ['https://id.example'],
      notRevokedWithin: 86_400,
    },
  ])
  expect(only(proof).learned).toEqual([
    { type: 'age', years: 18 },
    { type: 'valid', credentialKind: 'Person' },
    { type: 'not_revoked', within: 86_400 },
    { type: 'issuer', issuers: ['https://id.example'] },
    { type: 'name' },
  ])
  expect(only(proof).notLearned.map((entry) => (entry.type === 'claim' ? entry.claim : entry.type))).toEqual([
    'givenName',
    'birthDate',
    'nationality',
    'documentNumber',
    'member',
    'cards',
    'other_names',
  ])
  const proved = await wallet.present(proof, shown(proof))
  expect(wine.results).toMatchObject([{ status: 'VALID' }])
  expect(proved.nickname).not.toBe(first.nickname)
  expect(authenticator.touches).toBe(5)
})

test('a locked wallet signs in again with one touch, under the same name', async () => {
  const { wallet, authenticator, forum } = rig
  const [before] = (await wallet.sites()).filter(({ origin }) => origin === forum.origin)
  wallet.lock()
  expect(wallet.getState()).toEqual({ status: 'locked' })
  const touches = authenticator.touches
  const view = await wallet.readRequest({ jws: await forum.request(LOGIN), origin: forum.origin }, {})
  expect(view.nickname).toBe(before?.nickname)
  const presented = await wallet.present(view, shown(view))
  expect(authenticator.touches).toBe(touches + 1)
  expect(authenticator.withPrf.at(-1)).toBe(true)
  expect(presented.nickname).toBe(before?.nickname)
  const pseudonyms = forum.results.flatMap((result) => (result.status === 'VALID' ? result.answers : []))
  expect(new Set(pseudonyms.map(({ nullifier }) => nullifier)).size).toBe(1)
  expect(pseudonyms.length).toBe(2)
})

test('a locked wallet proves with one touch, and says before it that it cannot know yet', async () => {
  const { wallet, authenticator, wine } = rig
  wallet.lock()
  const touches = authenticator.touches
  const view = await wallet.readRequest({ jws: await wine.request(over18()) }, {})
  expect(view.transport).toBe('link')
  expect(only(view).answerable).toBe('unknown')
  expect(only(view).asks).toMatchObject([{ credentialKind: 'Person', candidates: [{ satisfiable: 'unknown' }] }])
  await wallet.present(view, shown(view))
  expect(authenticator.touches).toBe(touches + 1)
  expect(wine.results.at(-1)).toMatchObject({ status: 'VALID' })
})

test('accepting while locked takes two touches and says so', async () => {
  const { wallet, authenticator, issuer } = rig
  wallet.lock()
  const touches = authenticator.touches
  const offer = await wallet.readOffer(issuer.offer({ validFrom: issuer.issuedAt }), {})
  expect(offer.touches).toBe(2)
  const progress: Progress[] = []
  const card = await wallet.acceptOffer(offer, { onProgress: (step) => progress.push(step) })
  expect(progress.filter(({ phase }) => phase === 'touch')).toEqual([
    { phase: 'touch', loaded: 1, total: 2 },
    { phase: 'touch', loaded: 2, total: 2 },
  ])
  expect(authenticator.touches).toBe(touches + 2)
  await wallet.deleteCredential(card.id)
  expect((await wallet.cards()).map(({ id }) => id)).not.toContain(card.id)
})

test('several items of one request share nonce, device commitment and holder', async () => {
  const { wallet, wine, issuer } = rig
  const query: Query = {
    all: [
      LOGIN,
      {
        type: 'credential',
        id: 'who',
        issuers: [issuer.origin],
        schema: schemaHash(PERSON),
        predicates: [
          { claim: 'givenName', op: '$sd' },
          { claim: 'nationality', op: '$eq', value: 'FI' },
        ],
      },
    ],
  }
  const view = await wallet.readRequest({ jws: await wine.request(query), origin: wine.origin }, {})
  expect(only(view).notLearned.flatMap((entry) => (entry.type === 'claim' ? [entry.claim] : []))).toEqual([
    'birthDate',
    'documentNumber',
    'member',
  ])
  await wallet.present(view, shown(view))
  expect(wine.results.at(-1)).toMatchObject({
    status: 'VALID',
    answers: [{ type: 'login' }, { type: 'credential', disclosed: { givenName: 'Mara' } }],
  })
})

test('the wallet remembers, in another page too, and forgets by a reset', async () => {
  const { wallet, anotherPage, store, forum } = rig
  const kinds = (await wallet.activity()).map(({ kind }) => kind)
  expect(kinds).toEqual(['proved', 'received', 'proved', 'signed_in', 'proved', 'signed_in', 'received'])
  const page = anotherPage()
  await settled(page)
  expect(page.getState()).toEqual({ status: 'locked' })
  await page.unlock({})
  expect(await page.activity()).toEqual(await wallet.activity())
  expect((await page.sites()).map(({ origin }) => origin)).toContain(forum.origin)
  await page.reset()
  expect(page.getState()).toEqual({ status: 'none' })
  expect(Object.values(store.tables).map(({ size }) => size)).toEqual([0, 0, 0, 0, 0, 0, 0])
})
