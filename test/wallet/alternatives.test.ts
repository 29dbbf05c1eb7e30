import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { formatDay, latestBirthDay } from '../../src/protocol/day.ts'
import type { Predicate } from '../../src/protocol/predicate.ts'
import type { Query } from '../../src/protocol/query.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import { recordKey } from '../../src/vault/store.ts'
import type { Card } from '../../src/wallet/index.ts'
import { PERSON } from './issuer.ts'
import { type Keys, loadKeys, type Rig, refusal, SLOW_TEST_MS, shown, startRig } from './rig.ts'

vi.setConfig({ testTimeout: SLOW_TEST_MS })

let keys: Keys
let prepared: Rig
let rig: Rig
let card: Card

beforeAll(async () => {
  keys = await loadKeys({ prepares: false })
  prepared = await startRig(keys)
  const { wallet, issuer } = prepared
  await wallet.create({})
  card = await wallet.acceptOffer(await wallet.readOffer(issuer.offer(), {}), {})
}, 300_000)

afterAll(() => keys.prover.close())

beforeEach(async () => {
  rig = await startRig(keys, { like: prepared })
  await rig.wallet.unlock({})
})

const LOGIN: Query = { type: 'login', id: 'me' }

function asking(id: string, issuers: readonly Rig['issuer'][], predicates: Predicate[]): Query {
  return {
    type: 'credential',
    id,
    issuers: issuers.map(({ origin }) => origin),
    schema: schemaHash(PERSON),
    predicates,
  }
}

function aged(years: number, issuers = [rig.issuer], id = `over${years}`): Query {
  const value = formatDay(latestBirthDay(rig.wine.today, years))
  return asking(id, issuers, [{ claim: 'birthDate', op: '$lte', value }])
}

async function read(query: Query, site = rig.wine) {
  return rig.wallet.readRequest({ jws: await site.request(query), origin: site.origin }, {})
}

test('each way to answer comes with what it asks, tells and keeps back, in the order of the request', async () => {
  const view = await read({ all: [LOGIN, { any: [aged(18), aged(36)] }] })
  expect(view.alternatives.map(({ id, purpose, answerable }) => [id, purpose, answerable])).toEqual([
    ['me+over18', 'prove', true],
    ['me+over36', 'prove', false],
  ])
  const learned = view.alternatives.map((alternative) => alternative.learned.map(({ type }) => type))
  expect(learned[0]).toEqual(['age', 'valid', 'not_revoked', 'issuer', 'name', 'same_key'])
  expect(view.alternatives[1]?.learned[0]).toEqual({ type: 'age', years: 36 })
  expect(view.alternatives[1]?.asks[1]).toMatchObject({ candidates: [{ satisfiable: false, reason: 'predicates' }] })
})

test('a sign-in or an age: each is a way of its own kind', async () => {
  const view = await read({ any: [LOGIN, aged(18)] })
  expect(view.alternatives.map(({ purpose }) => purpose)).toEqual(['sign_in', 'prove'])
})

test('the picked way is answered, the site sees no more, and the activity has no other', async () => {
  const { wallet, wine } = rig
  const view = await read({ any: [aged(36), aged(18)] })
  const [, picked] = view.alternatives
  const presented = await wallet.present(view, shown(view, picked))
  expect(wine.results).toMatchObject([{ status: 'VALID', answers: [{ item: 'over18' }] }])
  expect(wine.results.flatMap((result) => (result.status === 'VALID' ? result.answers : [])).length).toBe(1)
  expect(presented.learned[0]).toEqual({ type: 'age', years: 18 })
  const [entry] = await wallet.activity()
  expect(entry).toMatchObject({ kind: 'proved', questions: [{ type: 'age', years: 18 }] })
  expect(entry?.learned).toEqual(presented.learned)
})

test('with several ways one must be named, and one of those shown', async () => {
  const { wallet, authenticator } = rig
  const view = await read({ any: [LOGIN, aged(18)] })
  const { touches } = authenticator
  for (const alternative of [undefined, 'something else']) {
    const error = await refusal(wallet.present(view, { ...(alternative && { alternative }), choices: {} }))
    expect(error).toMatchObject({ code: 'alternative_missing', shared: 'nothing' })
  }
  expect(authenticator.touches).toBe(touches)
  const only = await read(LOGIN)
  expect((await refusal(wallet.present(only, { alternative: 'you' }))).code).toBe('alternative_missing')
})

test('none can be answered: each says what is missing and from whom it could come; a decline says none of it', async () => {
  const { wallet, web, issuer, town } = rig
  await wallet.deleteCredential(card.id)
  const view = await read({ any: [aged(18), aged(18, [town, issuer], 'elsewhere')] })
  expect(view.alternatives.map(({ answerable }) => answerable)).toEqual([false, false])
  expect(view.alternatives.map(({ asks }) => asks)).toMatchObject([
    [{ candidates: [], credentialKind: 'Person', issuersAccepted: [issuer.origin] }],
    [{ candidates: [], credentialKind: 'Person', issuersAccepted: [town.origin, issuer.origin] }],
  ])
  expect((await refusal(wallet.present(view, shown(view, view.alternatives[0])))).code).toBe('cannot_satisfy')
  await wallet.decline(view)
  expect(web.posts).toEqual([{ method: 'POST', url: expect.stringMatching(/\/decline$/), body: {} }])
  const [declined] = await wallet.activity()
  expect(declined).toMatchObject({ kind: 'declined', questions: [{ type: 'age' }, { type: 'age' }], learned: [] })
})

const MISFITS: [string, Predicate][] = [
  ['a claim that the schema does not have', { claim: 'height', op: '$gte', value: 180 }],
  ['an order where there is none', { claim: 'nationality', op: '$lt', value: 'FI' }],
  ['a bound of another type', { claim: 'birthDate', op: '$lte', value: 18 }],
  ['a range that ends before it begins', { claim: 'birthDate', op: '$between', from: '2001-01-01', to: '2000-01-01' }],
  ['a set with a member twice', { claim: 'nationality', op: '$in', values: ['FI', 'FI'] }],
]

test.each(MISFITS)('%s: it looks the same whether the schema is known or not, and never fails', async (_, misfit) => {
  const { wallet, store, wine, issuer } = rig
  const fitting: Predicate = { claim: 'givenName', op: '$sd' }
  const jws = await wine.request({ any: [LOGIN, asking('item', [issuer], [fitting, misfit])] })
  const see = () => wallet.readRequest({ jws, origin: wine.origin }, {})
  const open = await see()
  wallet.lock()
  const locked = await see()
  store.tables.schemas.clear()
  store.tables.cards.clear()
  const strange = await see()
  expect(strange.alternatives.map(({ answerable }) => answerable)).toEqual([true, false])
  expect([open, locked]).toEqual([strange, strange])
  expect(await refusal(wallet.present(open, shown(open, open.alternatives[1])))).toMatchObject({
    code: 'cannot_satisfy',
    shared: 'nothing',
  })
})

test('a fitting item beside a misfit: that way cannot be answered, the other can', async () => {
  const { issuer } = rig
  const misfit = asking('height', [issuer], [{ claim: 'height', op: '$gte', value: 180 }])
  const view = await read({ all: [aged(18), { any: [LOGIN, misfit] }] })
  expect(view.alternatives.map(({ id, answerable }) => [id, answerable])).toEqual([
    ['over18+me', true],
    ['over18+height', false],
  ])
})

test('a card that cannot be opened is no reason to refuse the request; who chooses it hears of it', async () => {
  const { wallet, store, web } = rig
  const key = recordKey('credentials', card.id)
  const sealed = store.tables.records.get(key)
  store.tables.records.delete(key)
  const view = await read({ any: [LOGIN, aged(18)] })
  expect(view.alternatives.map(({ answerable }) => answerable)).toEqual([true, 'unknown'])
  const error = await refusal(wallet.present(view, shown(view, view.alternatives[1])))
  expect(error).toMatchObject({ code: 'credential_missing', shared: 'nothing' })
  expect(web.posts).toEqual([])
  store.tables.records.set(key, sealed)
  expect((await read({ any: [LOGIN, aged(18)] })).alternatives.map(({ answerable }) => answerable)).toEqual([
    true,
    true,
  ])
})

test('a schema that cannot be read is one that was never met', async () => {
  const { store } = rig
  store.tables.schemas.set(schemaHash(PERSON), { version: 0 })
  const view = await read({ any: [LOGIN, aged(18)] })
  expect(view.alternatives.map(({ answerable }) => answerable)).toEqual([true, false])
})

test('what is asked in several ways is noted once where all are declined', async () => {
  const { wallet } = rig
  await wallet.decline(await read({ all: [aged(18), { any: [LOGIN, aged(21)] }] }))
  const [declined] = await wallet.activity()
  expect(declined?.questions).toEqual([
    { type: 'age', years: 18 },
    { type: 'age', years: 21 },
  ])
})
