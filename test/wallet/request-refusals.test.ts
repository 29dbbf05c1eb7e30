import { generateKeyPair, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { toDay } from '../../src/protocol/day.ts'
import type { Query } from '../../src/protocol/query.ts'
import { type Keys, loadKeys, type Rig, refusal, startRig } from './rig.ts'

let keys: Keys
let rig: Rig

beforeAll(async () => {
  keys = await loadKeys({ prepares: false })
}, 300_000)

afterAll(() => keys.prover.close())

beforeEach(async () => {
  rig = await startRig(keys)
  await rig.wallet.create({})
})

const LOGIN: Query = { type: 'login', id: 'me' }

/** The wallet's refusal of a request that the forum sends, with one thing changed. */
async function refusalOf(changes: Parameters<Rig['forum']['request']>[1] = {}, origin: string = rig.forum.origin) {
  const error = await refusal(rig.wallet.readRequest({ jws: await rig.forum.request(LOGIN, changes), origin }, {}))
  expect(error.shared).toBe('nothing')
  expect(rig.web.posts).toEqual([])
  return error.code
}

test('an unchanged request is accepted, from a window and from a link', async () => {
  const { wallet, forum } = rig
  expect((await wallet.readRequest({ jws: await forum.request(LOGIN), origin: forum.origin }, {})).origin).toBe(
    forum.origin,
  )
  expect((await wallet.readRequest({ jws: await forum.request(LOGIN) }, {})).origin).toBe(forum.origin)
})

test('unsigned', async () => {
  const { forum, wallet } = rig
  const jws = new UnsecuredJWT({ iss: forum.origin }).setIssuedAt().setExpirationTime('2m').encode()
  expect((await refusal(wallet.readRequest({ jws, origin: forum.origin }, {}))).code).toBe('request_unsigned')
  expect((await refusal(wallet.readRequest({ jws: 'not a request' }, {}))).code).toBe('request_unsigned')
})

test('signed by another key', async () => {
  const { privateKey } = await generateKeyPair('ES256')
  expect(await refusalOf({ key: privateKey })).toBe('request_signature')
})

test('signed by a key the site does not publish', async () => {
  expect(await refusalOf({ header: { kid: 'other' } })).toBe('request_signature')
})

test('expired', async () => {
  const now = Math.floor(rig.clock.milliseconds / 1000)
  expect(await refusalOf({ payload: { iat: now - 200, exp: now - 61 } })).toBe('request_expired')
})

test('expired between reading and answering', async () => {
  const { wallet, forum, clock, web, authenticator } = rig
  const view = await wallet.readRequest({ jws: await forum.request(LOGIN), origin: forum.origin }, {})
  clock.milliseconds += 182_000
  const error = await refusal(wallet.present(view, {}))
  expect(error).toMatchObject({ code: 'request_expired', shared: 'nothing' })
  expect(authenticator.touches).toBe(2)
  expect(web.posts).toEqual([])
})

test('sent by another site than it speaks for', async () => {
  // The wine shop's page passes on a request that the forum signed.
  expect(await refusalOf({}, rig.wine.origin)).toBe('request_signature')
  // A site signs by its own key, but for another.
  const urls = { responseUri: `${rig.wine.origin}/p`, returnUri: `${rig.wine.origin}/` }
  expect(await refusalOf({ payload: { iss: rig.wine.origin, ...urls } })).toBe('request_origin')
})

test('a sender without a usable origin', async () => {
  expect(await refusalOf({}, 'null')).toBe('request_origin')
  expect(await refusalOf({}, 'http://forum.example')).toBe('request_origin')
})

test('answers that would go to another site', async () => {
  expect(await refusalOf({ payload: { responseUri: 'https://elsewhere.example/p' } })).toBe('request_invalid')
  expect(await refusalOf({ payload: { returnUri: 'https://elsewhere.example/' } })).toBe('request_invalid')
})

test('another key set', async () => {
  expect(await refusalOf({ payload: { keySet: 'A'.repeat(43) } })).toBe('key_set_unknown')
})

test('yesterday and tomorrow are today enough, the days beside them are not', async () => {
  const { wallet, forum } = rig
  for (const [days, code] of [
    [-2, 'request_day'],
    [2, 'request_day'],
  ] as const) {
    expect(await refusalOf({ payload: { today: toDay(forum.today + days) } })).toBe(code)
  }
  for (const days of [-1, 1]) {
    const jws = await forum.request(LOGIN, { payload: { today: toDay(forum.today + days) } })
    expect((await wallet.readRequest({ jws, origin: forum.origin }, {})).details.today).toBe(forum.today + days)
  }
})

test('a site out of reach, and one whose metadata speaks for another', async () => {
  rig.forum.answer = ({ url }) =>
    url.endsWith('touchstone.json') ? { json: { version: 1, origin: rig.wine.origin, keys: [] } } : undefined
  expect(await refusalOf()).toBe('relying_party_invalid')
  rig.web.cut(rig.forum.origin)
  expect(await refusalOf()).toBe('site_unreachable')
})

test('a view that the wallet did not make', async () => {
  const { wallet, forum } = rig
  const view = await wallet.readRequest({ jws: await forum.request(LOGIN), origin: forum.origin }, {})
  expect((await refusal(wallet.present({ ...view }, {}))).code).toBe('view_unknown')
  expect((await refusal(wallet.decline({ ...view }))).code).toBe('view_unknown')
})
