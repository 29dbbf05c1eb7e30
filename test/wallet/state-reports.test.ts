import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { formatDay, latestBirthDay } from '../../src/protocol/day.ts'
import type { Query } from '../../src/protocol/query.ts'
import { schemaHash } from '../../src/protocol/schema.ts'
import { ADULT, PERSON } from './issuer.ts'
import { type Keys, loadKeys, type Rig, refusal, SLOW_TEST_MS, shown, startRig } from './rig.ts'
import { CODE } from './site.ts'
import type { Call } from './web.ts'

vi.setConfig({ testTimeout: SLOW_TEST_MS })

const LOGIN: Query = { type: 'login', id: 'me' }
const CONNECTED = { state: 'CONNECTED' }
const PROVING = { state: 'PROVING' }

let keys: Keys
/** Who is of age, who is not, and who has no card at all. */
let adult: Rig
let child: Rig
let stranger: Rig
let rig: Rig

beforeAll(async () => {
  keys = await loadKeys({ prepares: false })
  stranger = await startRig(keys)
  await stranger.wallet.create({})
  adult = await holding(ADULT)
  child = await holding({ ...ADULT, birthDate: '2020-03-14' })
}, 300_000)

afterAll(() => keys.prover.close())

beforeEach(async () => {
  rig = await startRig(keys, { like: stranger })
})

async function holding(claims: typeof ADULT): Promise<Rig> {
  const made = await startRig(keys, { like: stranger })
  await made.wallet.acceptOffer(await made.wallet.readOffer(made.issuer.offer({ claims }), {}), {})
  return made
}

function over18({ wine, issuer }: Rig): Query {
  const value = formatDay(latestBirthDay(wine.today, 18))
  return {
    type: 'credential',
    id: 'age',
    issuers: [issuer.origin],
    schema: schemaHash(PERSON),
    predicates: [{ claim: 'birthDate', op: '$lte', value }],
  }
}

async function read(of: Rig, query: Query = LOGIN) {
  const { wallet, forum } = of
  return wallet.readRequest({ jws: await forum.request(query), origin: forum.origin }, {})
}

/** What a call shows to the server it goes to, but for the session's name. */
const sight = ({ method, url, body }: Call) => [method, url.replace(/session-\d+-000/, '<id>'), body]

test('a verified request, then a touch, each to the server that asked and before the presentation', async () => {
  const { wallet, forum, web } = rig
  const view = await read(rig)
  await wallet.present(view, shown(view))
  const base = `${forum.origin}/touchstone/sessions/<id>`
  expect(web.calls.slice(1).map(sight)).toEqual([
    ['POST', `${base}/state`, CONNECTED],
    ['POST', `${base}/state`, PROVING],
    ['POST', `${base}/presentation`, expect.anything()],
  ])
  expect(web.credentials).toEqual(web.calls.map(() => 'omit'))
})

test('nothing for a request that is refused', async () => {
  const { wallet, forum, wine, web } = rig
  const jws = await forum.request(LOGIN)
  expect(await refusal(wallet.readRequest({ jws, origin: wine.origin }, {}))).toMatchObject({ shared: 'nothing' })
  const late = await forum.request(LOGIN, { payload: { iat: 1_700_000_000, exp: 1_700_000_120 } })
  const error = await refusal(wallet.readRequest({ jws: late, origin: forum.origin }, {}))
  expect(error).toMatchObject({ code: 'request_expired' })
  expect(web.reports).toEqual([])
})

test('no touch, no word of it', async () => {
  const { wallet, authenticator, web } = rig
  const view = await read(rig)
  authenticator.faults.cancel = true
  const onTouched = vi.fn()
  await refusal(wallet.present(view, { ...shown(view), onTouched }))
  expect(web.reports).toEqual([CONNECTED])
  expect(onTouched).not.toHaveBeenCalled()
})

test('a server that does not take them, or never answers them, changes nothing', async () => {
  const { wallet, forum } = rig
  forum.answer = ({ url }) => (url.endsWith('/state') ? { status: 500, json: 'no' } : undefined)
  const view = await read(rig)
  await wallet.present(view, shown(view))
  const silent = await startRig(keys, {
    like: stranger,
    fetch: (input, init) => (String(input).endsWith('/state') ? new Promise(() => {}) : silent.web.fetch(input, init)),
  })
  const again = await read(silent)
  await silent.wallet.present(again, shown(again))
  expect([...forum.results, ...silent.forum.results]).toMatchObject([{ status: 'VALID' }, { status: 'VALID' }])
})

test('who could answer, who could not and who has no card: up to the answer the site sees the same', async () => {
  const seen = []
  for (const like of [adult, child, stranger]) {
    const holder = await startRig(keys, { like })
    await read(holder, over18(holder))
    // Enough for a call that would come late.
    await new Promise((resolve) => setTimeout(resolve, 20))
    seen.push(holder.web.calls.map(sight))
  }
  expect(seen[0]?.at(-1)).toMatchObject(['POST', expect.stringMatching(/state$/), CONNECTED])
  expect(seen[1]).toEqual(seen[0])
  expect(seen[2]).toEqual(seen[0])
})

test('with a locked wallet the touch is reported before it is known who could answer', async () => {
  const told = []
  for (const like of [adult, child]) {
    const holder = await startRig(keys, { like })
    const { wallet, web } = holder
    const view = await read(holder, over18(holder))
    const stop = new AbortController()
    const onTouched = vi.fn(() => stop.abort())
    const error = await refusal(wallet.present(view, { ...shown(view), onTouched, signal: stop.signal }))
    expect(onTouched).toHaveBeenCalledOnce()
    expect(error.shared).toBe('nothing')
    told.push(web.calls.map(sight))
  }
  expect(told[0]?.slice(-2)).toMatchObject([
    ['POST', expect.stringMatching(/state$/), CONNECTED],
    ['POST', expect.stringMatching(/state$/), PROVING],
  ])
  expect(told[1]).toEqual(told[0])

  // Without the abort only the one goes on, and the other tells no more than that.
  const young = await startRig(keys, { like: child })
  const view = await read(young, over18(young))
  expect(await refusal(young.wallet.present(view, shown(view)))).toMatchObject({ code: 'cannot_satisfy' })
  expect(young.web.calls.map(sight)).toEqual(told[0])
})

test('an answer that is lost on its way is asked for again, with the same presentation; a second loss is told', async () => {
  for (const losses of [1, 2]) {
    let lost = 0
    const flaky = await startRig(keys, {
      like: stranger,
      fetch: async (input, init) => {
        const response = await flaky.web.fetch(input, init)
        if (String(input).endsWith('/presentation') && lost++ < losses) throw new TypeError('Failed to fetch')
        return response
      },
    })
    const view = await read(flaky)
    const presented = flaky.wallet.present(view, shown(view))
    if (losses === 1) expect(await presented).toMatchObject({ code: CODE })
    else expect(await refusal(presented)).toMatchObject({ code: 'site_unreachable', shared: 'maybe' })
    const [first, second, ...more] = flaky.web.posts
    expect(second).toEqual(first)
    expect(more).toEqual([])
  }
})

test('the words of the site why it asks are in the view as they were signed, and absent where there are none', async () => {
  const { wallet, forum } = rig
  const purpose = 'So that we may <b>sell</b> you wine'
  const jws = await forum.request(LOGIN, { payload: { purpose } })
  expect((await wallet.readRequest({ jws, origin: forum.origin }, {})).sitePurpose).toBe(purpose)
  expect(await read(rig)).not.toHaveProperty('sitePurpose')
})
