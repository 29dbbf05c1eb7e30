import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Query } from '../../src/protocol/query.ts'
import type { Progress } from '../../src/wallet/index.ts'
import { type Keys, loadKeys, type Rig, refusal, SLOW_TEST_MS, settled, startRig } from './rig.ts'

vi.setConfig({ testTimeout: SLOW_TEST_MS })

const LOGIN: Query = { type: 'login', id: 'me' }
const MINUTE = 60_000

let keys: Keys
let prepared: Rig
let rig: Rig
const closed = vi.fn()

beforeAll(async () => {
  const { keySet, prover } = await loadKeys({ prepares: false })
  const close = () => {
    closed()
    prover.close()
  }
  keys = { keySet, prover: { ...prover, close } }
  prepared = await startRig(keys)
  await prepared.wallet.create({})
}, 300_000)

afterAll(() => keys.prover.close())

beforeEach(async () => {
  rig = await startRig(keys, { like: prepared })
  await rig.wallet.unlock({})
  closed.mockClear()
})

/** Calls back once, when the work reaches this phase. */
function at(phase: Progress['phase'], act: () => void) {
  let done = false
  return (progress: Progress) => {
    if (done || progress.phase !== phase) return
    done = true
    act()
  }
}

const signIn = async () => rig.wallet.readRequest({ jws: await rig.forum.request(LOGIN), origin: rig.forum.origin }, {})

test.each(['prove', 'send'] as const)(
  'a lock at the phase %s ends a presentation before anything is sent',
  async (phase) => {
    const { wallet, web, forum } = rig
    const view = await signIn()
    const error = await refusal(wallet.present(view, { onProgress: at(phase, () => wallet.lock()) }))
    expect(error).toMatchObject({ code: 'wallet_locked', shared: 'nothing' })
    expect(web.posts).toEqual([])
    expect(wallet.getState()).toEqual({ status: 'locked' })
    await wallet.present(view, {})
    expect(forum.results).toMatchObject([{ status: 'VALID' }])
    expect((await wallet.activity()).slice(0, 2)).toMatchObject([
      { kind: 'signed_in' },
      { kind: 'failed', code: 'wallet_locked', shared: 'nothing' },
    ])
  },
)

test('a lock ends the worker, which holds the inputs of its last proof', async () => {
  await rig.wallet.present(await signIn(), {})
  expect(closed).not.toHaveBeenCalled()
  rig.wallet.lock()
  expect(closed).toHaveBeenCalledOnce()
})

test('a lock while the site answers takes effect at once, and the answer still arrives', async () => {
  const { wallet, forum } = rig
  const states: string[] = []
  const view = await signIn()
  forum.answer = ({ url }) => {
    if (!url.endsWith('/presentation')) return undefined
    wallet.lock()
    states.push(wallet.getState().status)
    return undefined
  }
  await wallet.present(view, {})
  expect(states).toEqual(['locked'])
  expect(forum.results).toMatchObject([{ status: 'VALID' }])
})

test.each(['prove', 'send'] as const)(
  'a lock at the phase %s ends an acceptance; the offer stays good',
  async (phase) => {
    const { wallet, issuer, web } = rig
    const offer = await wallet.readOffer(issuer.offer(), {})
    const error = await refusal(wallet.acceptOffer(offer, { onProgress: at(phase, () => wallet.lock()) }))
    expect(error).toMatchObject({ code: 'wallet_locked', shared: 'nothing' })
    expect(web.posts).toEqual([])
    const card = await wallet.acceptOffer(offer, {})
    expect(await wallet.cards()).toEqual([card])
  },
)

test('a cancel while the issuer signs comes too late: the credential is kept', async () => {
  const { wallet, issuer } = rig
  const controller = new AbortController()
  issuer.answer = (honest) => {
    controller.abort()
    return honest
  }
  const card = await wallet.acceptOffer(await wallet.readOffer(issuer.offer(), {}), { signal: controller.signal })
  expect(await wallet.cards()).toEqual([card])
})

test('a lock while the issuer signs waits until the credential is kept', async () => {
  const { wallet, issuer } = rig
  const states: string[] = []
  issuer.answer = (honest) => {
    wallet.lock()
    states.push(wallet.getState().status)
    return honest
  }
  const card = await wallet.acceptOffer(await wallet.readOffer(issuer.offer(), {}), {})
  states.push(wallet.getState().status)
  expect(states).toEqual(['open', 'locked'])
  await wallet.unlock({})
  expect((await wallet.credential(card.id)).card).toEqual(card)
})

test('a lock that waited for the issuer comes also where the issuer fails', async () => {
  const { wallet, issuer } = rig
  issuer.answer = () => {
    wallet.lock()
    return {}
  }
  const offer = await wallet.readOffer(issuer.offer(), {})
  expect(await refusal(wallet.acceptOffer(offer, {}))).toMatchObject({ code: 'credential_mismatch', shared: 'maybe' })
  expect(wallet.getState()).toEqual({ status: 'locked' })
})

test('a touch that takes longer than the auto-lock loses nothing, and counts as activity', async () => {
  const { wallet, issuer, clock } = rig
  await wallet.changeSettings({ autoLockMinutes: 1 })
  const slow = at('touch', () => {
    clock.milliseconds += 2 * MINUTE
  })
  const card = await wallet.acceptOffer(await wallet.readOffer(issuer.offer(), {}), { onProgress: slow })
  expect(await wallet.cards()).toEqual([card])
  expect((await wallet.credential(card.id)).card).toEqual(card)
  clock.milliseconds += MINUTE
  expect((await refusal(wallet.credential(card.id))).code).toBe('wallet_locked')
})

test('an auto-lock that came due while a ceremony ran comes when it ends without a touch', async () => {
  const { wallet, authenticator, clock } = rig
  const view = await signIn()
  authenticator.faults.cancel = true
  const slow = at('touch', () => {
    clock.milliseconds += 6 * MINUTE
  })
  expect((await refusal(wallet.present(view, { onProgress: slow }))).code).toBe('user_cancelled')
  expect(wallet.getState()).toEqual({ status: 'locked' })
})

test('a lock, new settings and a reset reach the other pages', async () => {
  const page = rig.anotherPage()
  await settled(page)
  await page.unlock({})
  await page.changeSettings({ theme: 'dark', autoLockMinutes: 7 })
  await expect.poll(() => rig.wallet.settings()).toEqual({ theme: 'dark', autoLockMinutes: 7 })
  page.lock()
  expect(rig.wallet.getState()).toEqual({ status: 'locked' })
  await rig.wallet.unlock({})
  await page.reset()
  await expect.poll(() => rig.wallet.getState()).toEqual({ status: 'none' })
  expect(rig.wallet.settings().theme).toBe('system')
  await rig.wallet.create({})
  expect(await rig.wallet.activity()).toEqual([])
})

test('a page that locks itself for want of activity leaves the others open', async () => {
  const page = rig.anotherPage()
  await settled(page)
  await page.unlock({})
  rig.clock.milliseconds += 4 * MINUTE
  rig.wallet.noteActivity()
  rig.clock.milliseconds += 2 * MINUTE
  expect((await refusal(page.activity())).code).toBe('wallet_locked')
  expect(page.getState()).toEqual({ status: 'locked' })
  expect(await rig.wallet.activity()).toEqual([])
})

test('a lock in another page stops the presentation in this one', async () => {
  const page = rig.anotherPage()
  await settled(page)
  const onProgress = at('prove', () => page.lock())
  expect(await refusal(rig.wallet.present(await signIn(), { onProgress }))).toMatchObject({
    code: 'wallet_locked',
    shared: 'nothing',
  })
  expect(rig.web.posts).toEqual([])
})

test('a reset in another page waits for nothing: what an issuer sends then is not kept', async () => {
  const { wallet, issuer, store } = rig
  const page = rig.anotherPage()
  await settled(page)
  let reset: Promise<void> | undefined
  issuer.answer = (honest) => {
    reset = page.reset()
    return honest
  }
  const offer = await wallet.readOffer(issuer.offer(), {})
  expect(await refusal(wallet.acceptOffer(offer, {}))).toMatchObject({ code: 'wallet_locked', shared: 'maybe' })
  await reset
  await expect.poll(() => wallet.getState()).toEqual({ status: 'none' })
  expect(Object.values(store.tables).flatMap((table) => [...table.keys()])).toEqual([])
})

test('declining does not wait for a site that stalls', async () => {
  const never = new Promise<Response>(() => {})
  const page = rig.anotherPage({
    fetch: (input, init) => (init?.method === 'POST' ? never : rig.web.fetch(input, init)),
  })
  await settled(page)
  const view = await page.readRequest({ jws: await rig.forum.request(LOGIN), origin: rig.forum.origin }, {})
  await page.decline(view)
  expect((await refusal(page.decline(view))).code).toBe('view_unknown')
})
