import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { formatDay, latestBirthDay, toDay } from '../../src/protocol/day.ts'
import type { Query } from '../../src/protocol/query.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import type { Prover } from '../../src/prover/prove.ts'
import type { Card } from '../../src/wallet/index.ts'
import { ADULT, PERSON } from './issuer.ts'
import { type Keys, loadKeys, only, type Rig, refusal, SLOW_TEST_MS, settled, shown, startRig } from './rig.ts'

vi.setConfig({ testTimeout: SLOW_TEST_MS })

let keys: Keys
let prepared: Rig
let rig: Rig
let card: Card

beforeAll(async () => {
  keys = await loadKeys({ prepares: false })
  prepared = await startRig(keys)
  await prepared.wallet.create({})
  card = await prepared.wallet.acceptOffer(await prepared.wallet.readOffer(prepared.issuer.offer(), {}), {})
}, 300_000)

afterAll(() => keys.prover.close())

beforeEach(async () => {
  rig = await startRig(keys, { like: prepared })
  await rig.wallet.unlock({})
})

const LOGIN: Query = { type: 'login', id: 'me' }

function aged(years: number): Query {
  const value = formatDay(latestBirthDay(rig.wine.today, years))
  return {
    type: 'credential',
    id: 'age',
    issuers: [rig.issuer.origin],
    schema: schemaHash(PERSON),
    predicates: [{ claim: 'birthDate', op: '$lte', value }],
  }
}

/** Reads a request of the wine shop and answers it with a refusal; nothing must have been sent to anyone. */
async function quietRefusal(query: Query, wallet = rig.wallet) {
  const view = await wallet.readRequest({ jws: await rig.wine.request(query), origin: rig.wine.origin }, {})
  const error = await refusal(wallet.present(view, shown(view)))
  expect(error.shared).toBe('nothing')
  expect(rig.web.posts).toEqual([])
  return error.code
}

test('too young: the wallet knows, says so before the touch, and tells the site no more than a decline', async () => {
  const { wallet, wine, web } = rig
  const view = await wallet.readRequest({ jws: await wine.request(aged(36)), origin: wine.origin }, {})
  expect(only(view).answerable).toBe(false)
  expect(only(view).asks).toMatchObject([{ candidates: [{ satisfiable: false, reason: 'predicates' }] }])
  expect(await quietRefusal(aged(36))).toBe('cannot_satisfy')
  await wallet.decline(view)
  expect(web.posts).toEqual([{ method: 'POST', url: expect.stringMatching(/\/decline$/), body: {} }])
  const kinds = (await wallet.activity()).map(({ kind, code, shared }) => [kind, code, shared])
  expect(kinds.slice(0, 2)).toEqual([
    ['declined', undefined, 'nothing'],
    ['failed', 'cannot_satisfy', 'nothing'],
  ])
})

test('no credential of that kind', async () => {
  await rig.wallet.deleteCredential(card.id)
  const view = await rig.wallet.readRequest({ jws: await rig.wine.request(aged(18)), origin: rig.wine.origin }, {})
  expect(only(view).asks).toMatchObject([{ candidates: [], issuersAccepted: [rig.issuer.origin] }])
  expect(await quietRefusal(aged(18))).toBe('cannot_satisfy')
})

test('an expired credential, open and locked', async () => {
  const { wallet, issuer, wine, clock } = rig
  await wallet.deleteCredential(card.id)
  const link = issuer.offer({ validUntil: wine.today })
  await wallet.acceptOffer(await wallet.readOffer(link, {}), {})
  rig.web.calls.length = 0
  const tomorrow = { payload: { today: toDay(wine.today + 1) } }
  clock.milliseconds += 1
  const jws = await wine.request(aged(18), tomorrow)
  const view = await wallet.readRequest({ jws, origin: wine.origin }, {})
  expect(only(view).asks).toMatchObject([{ candidates: [{ satisfiable: false, reason: 'expired' }] }])
  expect((await refusal(wallet.present(view, shown(view)))).code).toBe('credential_expired')
  wallet.lock()
  const locked = await wallet.readRequest({ jws, origin: wine.origin }, {})
  expect(only(locked).asks).toMatchObject([{ candidates: [{ satisfiable: false, reason: 'expired' }] }])
  expect(rig.web.posts).toEqual([])
})

test('a credential that was issued after the day the site still accepts', async () => {
  const { issuer, wine } = rig
  const query: Query = {
    type: 'credential',
    id: 'age',
    issuers: [issuer.origin],
    schema: schemaHash(PERSON),
    predicates: [],
    issuedBefore: toDay(wine.today - 1),
  }
  expect(await quietRefusal(query)).toBe('cannot_satisfy')
})

test('a question that its schema cannot answer', async () => {
  const query: Query = { ...aged(18), predicates: [{ claim: 'givenName', op: '$lte', value: 'M' }] } as Query
  expect(await quietRefusal(query)).toBe('cannot_satisfy')
})

test('a choice that was not among those offered', async () => {
  const { wallet, wine } = rig
  const view = await wallet.readRequest({ jws: await wine.request(aged(18)), origin: wine.origin }, {})
  const error = await refusal(wallet.present(view, { choices: { age: 'something else' } }))
  expect(error).toMatchObject({ code: 'credential_missing', shared: 'nothing' })
})

test('no choice, where there is something to choose: refused before the touch', async () => {
  const { wallet, wine, authenticator } = rig
  const view = await wallet.readRequest({ jws: await wine.request(aged(18)), origin: wine.origin }, {})
  const { touches } = authenticator
  expect(await refusal(wallet.present(view, {}))).toMatchObject({ code: 'credential_missing', shared: 'nothing' })
  expect(authenticator.touches).toBe(touches)
})

test('the card that was shown answers or none does, though another could; read again, the view knows', async () => {
  const { wallet, issuer, wine, web } = rig
  const young = { ...ADULT, birthDate: '2020-03-14' }
  const child = await wallet.acceptOffer(await wallet.readOffer(issuer.offer({ claims: young }), {}), {})
  web.calls.length = 0
  wallet.lock()
  const source = { jws: await wine.request(aged(18)), origin: wine.origin }
  const view = await wallet.readRequest(source, {})
  expect(only(view).asks).toMatchObject([{ candidates: [{ satisfiable: 'unknown' }, { satisfiable: 'unknown' }] }])
  const error = await refusal(wallet.present(view, { choices: { age: child.id } }))
  expect(error).toMatchObject({ code: 'cannot_satisfy', shared: 'nothing' })
  expect(web.posts).toEqual([])
  const again = await wallet.readRequest(source, {})
  expect(only(again).asks).toMatchObject([
    {
      candidates: [
        { credentialId: card.id, satisfiable: true },
        { credentialId: child.id, satisfiable: false, reason: 'predicates' },
      ],
    },
  ])
  await wallet.present(again, shown(again))
  expect(wine.results).toMatchObject([{ status: 'VALID' }])
})

test('the touch: cancelled, for another challenge, for another page, without verification', async () => {
  const { wallet, authenticator, forum, web } = rig
  const view = await wallet.readRequest({ jws: await forum.request(LOGIN), origin: forum.origin }, {})
  const before = (await wallet.activity()).length
  authenticator.faults.cancel = true
  expect(await refusal(wallet.present(view, shown(view)))).toMatchObject({ code: 'user_cancelled', shared: 'nothing' })
  expect((await wallet.activity()).length).toBe(before)
  authenticator.faults.cancel = false
  for (const fault of [{ wrongChallenge: true }, { origin: 'https://other.example' }, { flags: 0x01 }]) {
    Object.assign(authenticator.faults, fault)
    expect(await refusal(wallet.present(view, shown(view)))).toMatchObject({ code: 'touch_invalid', shared: 'nothing' })
    for (const name of Object.keys(fault)) Reflect.deleteProperty(authenticator.faults, name)
  }
  expect(web.posts).toEqual([])
  await wallet.present(view, shown(view))
  expect(forum.results).toMatchObject([{ status: 'VALID' }])
})

test('wrong PRF output opens nothing and sends nothing', async () => {
  const { wallet, authenticator } = rig
  wallet.lock()
  authenticator.faults.wrongPrf = true
  expect(await quietRefusal(LOGIN)).toBe('prf_mismatch')
  expect(wallet.getState()).toEqual({ status: 'locked' })
})

/** A page of the same wallet whose prover is at fault in one way. */
async function pageWithProver(faulty: Partial<Prover>) {
  const page = rig.anotherPage({ prover: { ...keys.prover, ...faulty } })
  await settled(page)
  return page
}

test('a proof that does not verify is not sent', async () => {
  const flipped = await pageWithProver({
    prove: async (circuit, inputs, options) => {
      const result = await keys.prover.prove(circuit, inputs, options)
      // The other y: −A in the place of A.
      result.proof.set([(result.proof[0] ?? 0) ^ 0x40], 0)
      return result
    },
  })
  expect(await quietRefusal(LOGIN, flipped)).toBe('own_proof_invalid')
})

test('a proof of other inputs than the wallet showed is not sent', async () => {
  const other = await pageWithProver({
    prove: async (circuit, inputs, options) => keys.prover.prove(circuit, { ...inputs, context: 5n }, options),
  })
  expect(await quietRefusal(LOGIN, other)).toBe('own_proof_invalid')
})

test('cancelling while it proves sends nothing, and the view may be tried again', async () => {
  const { wallet, wine, web } = rig
  const view = await wallet.readRequest({ jws: await wine.request(aged(18)), origin: wine.origin }, {})
  const controller = new AbortController()
  const onProgress = ({ phase }: { phase: string }) => phase === 'prove' && controller.abort(new Error('enough'))
  const error = await refusal(wallet.present(view, { ...shown(view), signal: controller.signal, onProgress }))
  expect(error).toMatchObject({ code: 'user_cancelled', shared: 'nothing' })
  expect(web.posts).toEqual([])
  await wallet.present(view, shown(view))
  expect(wine.results).toMatchObject([{ status: 'VALID' }])
  expect((await refusal(wallet.present(view, shown(view)))).code).toBe('view_unknown')
})

test('what the site answers: a refusal, nonsense, nothing', async () => {
  const { wallet, forum, web } = rig
  const view = await wallet.readRequest({ jws: await forum.request(LOGIN), origin: forum.origin }, {})
  const answered = (answer: { status?: number; json: unknown }) => {
    forum.answer = ({ url }) => (url.endsWith('/presentation') ? answer : undefined)
    return refusal(wallet.present(view, shown(view)))
  }
  const refused = await answered({ status: 409, json: { error: 'challenge_used', message: 'no' } })
  expect(refused).toMatchObject({ code: 'site_refused', detail: 'challenge_used', shared: 'maybe' })
  const hostile = await answered({ status: 409, json: { error: '<script>' } })
  expect(hostile).toMatchObject({ code: 'site_refused', detail: undefined, shared: 'maybe' })
  expect(await answered({ json: { code: 'short' } })).toMatchObject({ code: 'site_answer_invalid', shared: 'maybe' })
  web.cut(forum.origin)
  expect(await answered({ json: {} })).toMatchObject({ code: 'site_unreachable', shared: 'maybe' })
  const [last] = await wallet.activity()
  expect(last).toMatchObject({ kind: 'failed', code: 'site_unreachable', shared: 'maybe' })
  expect(last?.learned).toEqual(only(view).learned)
})

test('one ceremony at a time', async () => {
  const { wallet, forum } = rig
  const view = await wallet.readRequest({ jws: await forum.request(LOGIN), origin: forum.origin }, {})
  const first = wallet.present(view, shown(view))
  expect(await refusal(wallet.present(view, shown(view)))).toMatchObject({ code: 'wallet_busy', shared: 'nothing' })
  await first
  expect(forum.results.length).toBe(1)
})

test('declined while locked: kept back until the wallet is opened, then on record', async () => {
  const { wallet, forum } = rig
  wallet.lock()
  const view = await wallet.readRequest({ jws: await forum.request(LOGIN), origin: forum.origin }, {})
  rig.web.cut(forum.origin)
  await wallet.decline(view)
  await wallet.unlock({})
  expect((await wallet.activity())[0]).toMatchObject({ kind: 'declined', origin: forum.origin, shared: 'nothing' })
})

test('nothing of the holder is in clear in the store', async () => {
  const { store, wallet, forum } = rig
  const view = await wallet.readRequest({ jws: await forum.request(LOGIN), origin: forum.origin }, {})
  await wallet.present(view, shown(view))
  const clear = JSON.stringify(
    [store.tables.cards, store.tables.settings, store.tables.sites, store.tables.vault].map((table) => [...table]),
    (_, value) => (typeof value === 'bigint' ? String(value) : value),
  )
  for (const value of Object.values(ADULT)) {
    // Two letters occur in what is sealed, too; as a value they stand in quotes.
    const text = String(value)
    expect(clear).not.toContain(text.length > 4 ? text : JSON.stringify(text))
  }
})
