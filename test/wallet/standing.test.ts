import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { formatDay, latestBirthDay, toDay } from '../../src/protocol/day.ts'
import type { IssuerKey } from '../../src/protocol/issuer.ts'
import type { Predicate } from '../../src/protocol/predicate.ts'
import type { CredentialItem } from '../../src/protocol/query.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import type { Card, Progress } from '../../src/wallet/index.ts'
import { PERSON } from './issuer.ts'
import { type Keys, loadKeys, only, type Rig, refusal, SLOW_TEST_MS, shown, startRig } from './rig.ts'

vi.setConfig({ testTimeout: SLOW_TEST_MS })

let keys: Keys
let prepared: Rig
let rig: Rig
let card: Card
let townCard: Card

beforeAll(async () => {
  keys = await loadKeys({ prepares: false })
  prepared = await startRig(keys)
  const { wallet, issuer, town } = prepared
  await wallet.create({})
  card = await wallet.acceptOffer(await wallet.readOffer(issuer.offer(), {}), {})
  townCard = await wallet.acceptOffer(await wallet.readOffer(town.offer(), {}), {})
}, 300_000)

afterAll(() => keys.prover.close())

beforeEach(async () => {
  rig = await startRig(keys, { like: prepared })
  await rig.wallet.unlock({})
})

function asking(issuers: readonly Rig['issuer'][], predicates: Predicate[] = [], id = 'item'): CredentialItem {
  return {
    type: 'credential',
    id,
    issuers: issuers.map(({ origin }) => origin),
    schema: schemaHash(PERSON),
    predicates,
  }
}

async function read(query: Parameters<Rig['wine']['request']>[0]) {
  return rig.wallet.readRequest({ jws: await rig.wine.request(query), origin: rig.wine.origin }, {})
}

const seconds = () => Math.floor(rig.clock.milliseconds / 1000)
const origins = () => new Set(rig.web.calls.map(({ url }) => new URL(url).origin))

/** Answers an item with the issuer's card. */
async function answer(item: CredentialItem, onProgress?: (progress: Progress) => void) {
  const view = await read(item)
  return rig.wallet.present(view, { choices: { [item.id]: card.id }, ...(onProgress && { onProgress }) })
}

async function quietRefusal(item: CredentialItem) {
  const error = await refusal(answer(item))
  expect(error.shared).toBe('nothing')
  expect(rig.web.posts).toEqual([])
  return error
}

test('nobody but the site is asked before the person agrees; then every issuer that is named, and alike', async () => {
  const { wallet, wine, issuer, town, web } = rig
  web.calls.length = 0
  const view = await read(asking([town, issuer]))
  expect(origins()).toEqual(new Set([wine.origin]))
  expect(only(view).learned).toContainEqual({ type: 'issuer', issuers: [town.origin, issuer.origin] })
  expect(only(view).notLearned).toContainEqual({ type: 'issuer', issuers: [town.origin, issuer.origin] })
  const touched: Set<string>[] = []
  const phases: string[] = []
  const onProgress = ({ phase }: Progress) => {
    phases.push(phase)
    if (phase === 'touch') touched.push(origins())
  }
  web.credentials.length = 0
  await wallet.present(view, { choices: { item: card.id }, onProgress })
  expect(touched).toEqual([new Set([wine.origin])])
  expect(phases.filter((phase, place) => phase !== phases[place - 1])).toEqual(
    expect.arrayContaining(['touch', 'status', 'prove', 'check', 'send']),
  )
  const asked = ({ origin }: { origin: string }) =>
    web.calls.filter(({ url }) => url.startsWith(`${origin}/`)).map(({ url }) => url.slice(origin.length))
  expect(asked(issuer).length).toBe(3)
  expect(asked(town)).toEqual(asked(issuer))
  expect(new Set(web.credentials)).toEqual(new Set(['omit']))
  expect(wine.results).toMatchObject([{ status: 'VALID', answers: [{ issuers: [town.origin, issuer.origin] }] }])
  const [presentation] = web.posts.map(({ body }) => body)
  expect(presentation).toMatchObject({
    epochs: [
      { issuer: issuer.origin, epoch: issuer.pages.publisher.epoch.epoch },
      { issuer: town.origin, epoch: town.pages.publisher.epoch.epoch },
    ],
  })
})

test('the cards that are chosen decide what is told, on the page, in the answer and in the activity', async () => {
  const { wallet, wine, issuer, town } = rig
  const view = await read({ all: [asking([town, issuer], [], 'either'), asking([town], [], 'town')] })
  const told = (either: string) => wallet.consequences(view, { choices: { either, town: townCard.id } })
  const issuersOf = ({ learned }: Pick<ReturnType<typeof told>, 'learned'>) =>
    learned.flatMap((entry) => (entry.type === 'issuer' ? [entry.issuers] : []))
  const apart = told(card.id)
  const byOne = told(townCard.id)
  expect(issuersOf(apart)).toEqual([[town.origin, issuer.origin], [town.origin]])
  expect(apart.notLearned).toContainEqual({ type: 'issuer', issuers: [town.origin, issuer.origin] })
  expect(issuersOf(byOne)).toEqual([[town.origin], [town.origin]])
  expect(byOne.notLearned.map(({ type }) => type)).not.toContain('issuer')
  // Not the cards that the view begins with, so that what is recorded can only be what was chosen.
  expect(only(view)).toMatchObject(apart)
  const present = () => wallet.present(view, { choices: { either: townCard.id, town: townCard.id } })
  wine.answer = ({ method }) => (method === 'POST' ? { status: 503, json: {} } : undefined)
  expect((await refusal(present())).shared).toBe('maybe')
  wine.answer = () => undefined
  const presented = await present()
  expect(issuersOf(presented)).toEqual(issuersOf(byOne))
  const [answered, failed] = await wallet.activity()
  expect(answered?.learned).toEqual(presented.learned)
  expect(failed?.learned).toEqual(byOne.learned)
  expect(() => told(card.id)).toThrow(expect.objectContaining({ code: 'view_unknown' }))
})

test('a sign-in asks no issuer', async () => {
  const { wallet, wine, web } = rig
  web.calls.length = 0
  const view = await read({ type: 'login', id: 'me' })
  await wallet.present(view, shown(view))
  expect(origins()).toEqual(new Set([wine.origin]))
})

test('an issuer that signed nothing here and is not there: nothing is sent', async () => {
  const { issuer, town, web } = rig
  web.cut(town.origin)
  expect(await quietRefusal(asking([issuer, town]))).toMatchObject({
    code: 'issuer_unreachable',
    origin: town.origin,
  })
})

test('two presentations name the epochs of their own time, and each asks every issuer that is named', async () => {
  const { issuer, town, web, wine } = rig
  const item = asking([issuer, town])
  const histories: string[][] = []
  for (const publishes of [false, true]) {
    if (publishes) town.pages.publisher.publish(seconds())
    web.calls.length = 0
    await answer(item)
    histories.push(web.calls.map(({ url }) => url).filter((url) => url.endsWith('/touchstone-status.json')))
    expect(web.posts.map(({ body }) => body)).toMatchObject([
      {
        epochs: [
          { issuer: issuer.origin, epoch: 1 },
          { issuer: town.origin, epoch: publishes ? 2 : 1 },
        ],
      },
    ])
  }
  const both = [issuer, town].map(({ origin }) => `${origin}/.well-known/touchstone-status.json`)
  expect(histories).toEqual([both, both])
  expect(wine.results.map(({ status }) => status)).toEqual(['VALID', 'VALID'])
})

test('an issuer that was there a moment ago and is not now: nothing is sent, though its list is kept', async () => {
  const { issuer, town, web } = rig
  const item = asking([issuer, town])
  await answer(item)
  web.cut(town.origin)
  web.calls.length = 0
  expect(await quietRefusal(item)).toMatchObject({ code: 'issuer_unreachable', origin: town.origin })
})

test('a list with one bit changed: nothing is sent', async () => {
  const { issuer, town } = rig
  town.pages.list = (list) => {
    list[0] = (list[0] ?? 0) ^ 0x80
    return list
  }
  expect(await quietRefusal(asking([issuer, town]))).toMatchObject({
    code: 'status_list_mismatch',
    origin: town.origin,
  })
})

test('revoked: found out after agreeing, and known before it from then on', async () => {
  const { wallet, issuer, town } = rig
  const [revocationId = 0] = issuer.issued
  issuer.pages.publisher.publish(seconds() - 10, [revocationId])
  const item = asking([issuer, town])
  expect(await quietRefusal(item)).toMatchObject({ code: 'credential_revoked', origin: issuer.origin })
  const view = await read(item)
  expect(only(view)).toMatchObject({ answerable: true })
  expect(only(view).asks).toMatchObject([
    {
      candidates: [
        { credentialId: townCard.id, satisfiable: true },
        { credentialId: card.id, satisfiable: false, reason: 'revoked' },
      ],
    },
  ])
  const alone = await read(asking([issuer]))
  expect(only(alone).answerable).toBe(false)
  expect((await refusal(wallet.present(alone, shown(alone)))).code).toBe('credential_revoked')
})

test('a key that its issuer does not publish any more, or not for that day', async () => {
  const { issuer, town, wine } = rig
  const item = asking([issuer])
  const publish = (changes: Partial<IssuerKey>) => {
    issuer.pages.publisher.keys = [{ ...issuer.key, ...changes }]
    issuer.pages.publisher.publish(seconds())
  }
  publish({ point: town.key.point })
  expect((await quietRefusal(item)).code).toBe('issuer_key_unknown')
  publish({ notAfter: toDay(wine.today - 1) })
  expect((await quietRefusal(item)).code).toBe('issuer_key_unknown')
  publish({ notAfter: wine.today })
  await answer(item)
  expect(wine.results).toMatchObject([{ status: 'VALID' }])
})

test('a lock while the issuers are asked ends it; the view may be tried again', async () => {
  const { wallet, issuer, web } = rig
  const view = await read(asking([issuer]))
  let isFirst = true
  const onProgress = ({ phase }: Progress) => {
    if (phase === 'status' && isFirst) wallet.lock()
    isFirst &&= phase !== 'status'
  }
  const error = await refusal(wallet.present(view, { choices: { item: card.id }, onProgress }))
  expect(error).toMatchObject({ code: 'wallet_locked', shared: 'nothing' })
  expect(web.posts).toEqual([])
  web.cut(issuer.origin)
  expect((await refusal(wallet.present(view, { choices: { item: card.id } }))).code).toBe('issuer_unreachable')
})

test('what a site refused is proved anew against what the issuer publishes then', async () => {
  const { wallet, wine, issuer, web } = rig
  wine.answer = ({ method }) =>
    method === 'POST' ? { status: 422, json: { error: 'status_list_superseded', retryable: true } } : undefined
  const view = await read(asking([issuer]))
  const refused = await refusal(wallet.present(view, { choices: { item: card.id } }))
  expect(refused).toMatchObject({
    code: 'site_refused',
    detail: 'status_list_superseded',
    retryable: true,
    shared: 'maybe',
  })
  wine.answer = undefined
  issuer.pages.publisher.publish(seconds())
  await wallet.present(view, { choices: { item: card.id } })
  expect(wine.results).toMatchObject([{ status: 'VALID' }])
  expect(web.posts.map(({ body }) => body)).toMatchObject([{ epochs: [{ epoch: 1 }] }, { epochs: [{ epoch: 2 }] }])
})

test('two credentials of two issuers answer one request, each its own item', async () => {
  const { wallet, wine, issuer, town } = rig
  const query = {
    all: [
      asking([issuer, town], [{ claim: 'givenName', op: '$sd' }], 'city'),
      asking([town], [{ claim: 'nationality', op: '$sd' }], 'town'),
    ],
  }
  const view = await read(query)
  await wallet.present(view, { choices: { city: card.id, town: townCard.id } })
  expect(wine.results).toMatchObject([
    {
      status: 'VALID',
      answers: [
        { item: 'city', disclosed: { givenName: 'Mara' } },
        { item: 'town', disclosed: { nationality: 'FI' } },
      ],
    },
  ])
})

test('six predicates of one credential in two proofs, one over a set', async () => {
  const { wine, issuer, web } = rig
  const adult = formatDay(latestBirthDay(wine.today, 18))
  const predicates: Predicate[] = [
    { claim: 'birthDate', op: '$lte', value: adult },
    { claim: 'birthDate', op: '$gte', value: '1900-01-02' },
    { claim: 'givenName', op: '$sd' },
    { claim: 'givenName', op: '$ne', value: 'Ada' },
    { claim: 'member', op: '$exists', value: false },
    { claim: 'nationality', op: '$in', values: ['SE', 'FI', 'DK'] },
  ]
  const steps: Progress[] = []
  await answer(asking([issuer], predicates), (step) => steps.push(step))
  expect(steps.filter(({ phase }) => phase === 'check')).toEqual([
    { phase: 'check', loaded: 1, total: 2 },
    { phase: 'check', loaded: 2, total: 2 },
  ])
  expect(web.posts.map(({ body }) => body)).toMatchObject([
    {
      answers: [
        { item: 'item', part: 0 },
        { item: 'item', part: 1 },
      ],
    },
  ])
  expect(wine.results).toMatchObject([
    { status: 'VALID', answers: [{ item: 'item', disclosed: { givenName: 'Mara' } }] },
  ])
})

test('a set decides: one without the claim, and one that must not have it', async () => {
  const { issuer, wine } = rig
  const among = (op: '$in' | '$nin', values: string[]) => asking([issuer], [{ claim: 'nationality', op, values }])
  expect((await quietRefusal(among('$in', ['SE', 'DK']))).code).toBe('cannot_satisfy')
  expect((await quietRefusal(among('$nin', ['SE', 'FI']))).code).toBe('cannot_satisfy')
  const view = await read(among('$nin', ['SE', 'DK']))
  expect(only(view).asks).toMatchObject([
    { question: { type: 'predicates', items: [{ op: '$nin', values: ['SE', 'DK'] }] } },
  ])
  await rig.wallet.present(view, { choices: { item: card.id } })
  expect(wine.results).toMatchObject([{ status: 'VALID' }])
})

test('the second proof is checked as the first is: one at fault sends nothing', async () => {
  const { issuer, wine } = rig
  let proofs = 0
  const page = rig.anotherPage({
    prover: {
      ...keys.prover,
      prove: async (circuit, inputs, options) => {
        const result = await keys.prover.prove(circuit, inputs, options)
        proofs += 1
        if (proofs === 2) result.proof.set([result.proof[96] ?? 0], 0)
        return result
      },
    },
  })
  await page.unlock({})
  const sets: Predicate[] = ['SE', 'DK'].map((value) => ({ claim: 'nationality', op: '$nin', values: [value] }))
  const view = await page.readRequest({ jws: await wine.request(asking([issuer], sets)), origin: wine.origin }, {})
  const error = await refusal(page.present(view, { choices: { item: card.id } }))
  expect(error).toMatchObject({ code: 'own_proof_invalid', shared: 'nothing' })
  expect(proofs).toBe(2)
  expect(rig.web.posts).toEqual([])
})
