import { beforeEach, expect, test } from 'vitest'
import { makeStatusPublisher } from '../../sdk/testing/status-publisher.ts'
import { ISSUER_METADATA_PATH, type IssuerKey, serializeIssuerMetadata } from '../../src/protocol/issuer.ts'
import { type Origin, parseOrigin } from '../../src/protocol/origin.ts'
import { statusListOf } from '../../src/protocol/status-list.ts'
import { createStatusLists, type StatusLists } from '../../src/wallet/status-lists.ts'
import type { Progress } from '../../src/wallet/wallet.ts'
import { WalletError } from '../../src/wallet/wallet-error.ts'
import { makeIssuer } from '../fixtures/issuer.ts'
import { makePerson } from '../fixtures/person.ts'
import { type MemoryStore, memoryStore } from '../vault/memory-store.ts'
import { NOON, refusal } from './rig.ts'
import { StatusPages } from './status-pages.ts'
import { Web } from './web.ts'

const DAY = 86_400

const METADATA = '/.well-known/touchstone-issuer.json'
const HISTORY = '/.well-known/touchstone-status.json'
const LIST = '/.well-known/touchstone-status'

/** An issuer's pages. */
type Served = { readonly origin: Origin; readonly pages: StatusPages }

function serve(name: string): Served {
  const origin = parseOrigin(name)
  const { metadata } = makeIssuer({ origin })
  const pages = new StatusPages(origin, now() - 3600, metadata.keys)
  web.serve(origin, async ({ url }) => {
    const { pathname } = new URL(url)
    const statusKeys = [pages.publisher.publicKey]
    if (pathname === ISSUER_METADATA_PATH) return { json: serializeIssuerMetadata({ ...metadata, statusKeys }) }
    return pages.answer(pathname) ?? { status: 404, json: {} }
  })
  return { origin, pages }
}

let web: Web
let store: MemoryStore
let issuer: Served
let town: Served
let clock: { milliseconds: number }
let lists: StatusLists

/** Another page, or the same one later: what it remembers is what is stored. */
function openPage(): StatusLists {
  const environment = { fetch: web.fetch, clock: { now: () => clock.milliseconds, after: () => () => {} } }
  return createStatusLists(environment, async () => store)
}

beforeEach(() => {
  web = new Web()
  store = memoryStore()
  clock = { milliseconds: NOON.getTime() }
  issuer = serve('https://id.example')
  town = serve('https://town.example')
  lists = openPage()
})

const named = (...issuers: { origin: Origin }[]) => issuers.map(({ origin }) => ({ origin, maxAge: DAY }))
const paths = () => web.calls.map(({ url }) => new URL(url).pathname)
const now = () => Math.floor(clock.milliseconds / 1000)

async function refused(issuers = named(issuer)) {
  return refusal(lists.newest(issuers, {}))
}

test('the newest list of each issuer, with the tree over it', async () => {
  issuer.pages.publisher.publish(now() - 10, [257])
  const listed = await lists.newest(named(issuer, town), {})
  expect(listed.map(({ metadata, epoch }) => [metadata.origin, epoch.epoch])).toEqual([
    [issuer.origin, 2],
    [town.origin, 1],
  ])
  expect(listed.map(({ tree }) => tree.root)).toEqual([
    issuer.pages.publisher.tree.root,
    town.pages.publisher.tree.root,
  ])
  expect(listed[0]?.list).toEqual(statusListOf([257]))
})

test('every issuer is asked for the same things, without cookies', async () => {
  await lists.newest(named(issuer, town), {})
  const asked = (origin: Origin) =>
    web.calls.filter(({ url }) => url.startsWith(`${origin}/`)).map(({ url }) => url.slice(origin.length))
  expect(asked(issuer.origin)).toEqual([METADATA, HISTORY, `${LIST}/1`])
  expect(asked(town.origin)).toEqual(asked(issuer.origin))
  expect(web.calls.map(({ method }) => method)).toEqual(Array.from({ length: 6 }, () => 'GET'))
  expect(new Set(web.credentials)).toEqual(new Set(['omit']))
})

test('progress counts the issuers', async () => {
  const progress: Progress[] = []
  await lists.newest(named(issuer, town), { onProgress: (step) => progress.push(step) })
  expect(progress).toEqual([0, 1, 2].map((loaded) => ({ phase: 'status', loaded, total: 2 })))
})

test('every issuer is asked every time, at once or in another page; a list that has not changed is fetched once', async () => {
  const pathsOf = ({ origin }: Served) =>
    web.calls.filter(({ url }) => url.startsWith(`${origin}/`)).map(({ url }) => new URL(url).pathname)
  await lists.newest(named(issuer, town), {})
  for (const page of [lists, openPage()]) {
    web.calls.length = 0
    const listed = await page.newest(named(issuer, town), {})
    expect([pathsOf(issuer), pathsOf(town)]).toEqual([
      [METADATA, HISTORY],
      [METADATA, HISTORY],
    ])
    expect(listed.map(({ list }) => list)).toEqual([statusListOf([]), statusListOf([])])
  }
})

test('an epoch that is published meanwhile is the one named the next time, fetched only where its list has changed', async () => {
  expect((await lists.newest(named(issuer), {}))[0]?.epoch.epoch).toBe(1)
  issuer.pages.publisher.publish(now())
  web.calls.length = 0
  expect((await lists.newest(named(issuer), {}))[0]?.epoch.epoch).toBe(2)
  expect(paths()).toEqual([METADATA, HISTORY])
  issuer.pages.publisher.publish(now(), [257])
  web.calls.length = 0
  expect((await lists.newest(named(issuer), {}))[0]).toMatchObject({ epoch: { epoch: 3 }, list: statusListOf([257]) })
  expect(paths()).toEqual([METADATA, HISTORY, `${LIST}/3`])
})

test('a list with one bit changed', async () => {
  issuer.pages.list = (list) => {
    list[100] = (list[100] ?? 0) ^ 1
    return list
  }
  expect(await refused()).toMatchObject({ code: 'status_list_mismatch', origin: issuer.origin, shared: 'nothing' })
})

test('a list with one byte missing', async () => {
  issuer.pages.list = (list) => list.slice(1)
  expect(await refused()).toMatchObject({ code: 'status_list_invalid', origin: issuer.origin })
})

test('a history that another key signed', async () => {
  const { keys } = issuer.pages.publisher
  const forged = makeStatusPublisher({ issuer: issuer.origin, publishedAt: now() - 10, keys })
  issuer.pages.history = () => forged.served()
  expect((await refused()).code).toBe('status_history_invalid')
})

test('a history with a hole', async () => {
  issuer.pages.publisher.publish(now() - 20)
  issuer.pages.publisher.publish(now() - 10)
  issuer.pages.history = ({ epochs, ...rest }) => ({ ...rest, epochs: epochs.filter((_, place) => place !== 1) })
  expect((await refused()).code).toBe('status_history_invalid')
})

test("a history of another issuer's list", async () => {
  issuer.pages.history = () => town.pages.publisher.served()
  expect((await refused()).code).toBe('status_history_invalid')
})

test('a list from the future; one that the clocks explain is taken', async () => {
  issuer.pages.publisher.publish(now() + 61)
  expect((await refused()).code).toBe('status_history_invalid')
  clock.milliseconds += 1_000
  expect((await lists.newest(named(issuer), {}))[0]?.epoch.epoch).toBe(2)
})

test('older than the site accepts, to the second', async () => {
  issuer.pages.publisher.publish(now() - 160)
  const asked = (maxAge: number) => lists.newest([{ origin: issuer.origin, maxAge }], {})
  expect((await asked(100))[0]?.epoch.epoch).toBe(2)
  expect((await refusal(asked(99))).code).toBe('status_list_stale')
})

test('an issuer that is not there is not represented by what is kept, however lately it was asked', async () => {
  await lists.newest(named(issuer, town), {})
  web.cut(issuer.origin)
  for (const page of [lists, openPage()]) {
    const error = await refusal(page.newest(named(issuer, town), {}))
    expect(error).toMatchObject({ code: 'issuer_unreachable', origin: issuer.origin, shared: 'nothing' })
  }
  expect((await lists.newest(named(town), {}))[0]?.epoch.epoch).toBe(1)
})

test('an issuer that answers wrongly is not represented by what it said before', async () => {
  await lists.newest(named(issuer), {})
  issuer.pages.history = () => ({})
  expect((await refused()).code).toBe('status_history_invalid')
})

test('epochs that go back', async () => {
  issuer.pages.publisher.publish(now() - 10, [257])
  await lists.newest(named(issuer), {})
  issuer.pages.history = ({ epochs, ...rest }) => ({ ...rest, epochs: epochs.slice(1) })
  expect((await refused()).code).toBe('status_list_mismatch')
  issuer.pages.history = (honest) => honest
  expect((await lists.newest(named(issuer), {}))[0]?.epoch.epoch).toBe(2)
})

test('an epoch that was seen, signed once more', async () => {
  await lists.newest(named(issuer), {})
  const { keys } = issuer.pages.publisher
  issuer.pages.publisher = makeStatusPublisher({ issuer: issuer.origin, publishedAt: now() - 10, keys })
  expect((await refused()).code).toBe('status_list_mismatch')
})

test('an epoch that was seen, with other keys and nothing else changed', async () => {
  const town = makeIssuer({ origin: issuer.origin })
  const first = issuer.pages.publisher.epoch
  await lists.newest(named(issuer), {})
  // A publisher of another key pair, which the metadata then names, with the same list, number and time.
  const again = (keys: readonly IssuerKey[]) => {
    const { publishedAt } = first
    issuer.pages.publisher = makeStatusPublisher({ issuer: issuer.origin, publishedAt, keys })
  }
  again(town.metadata.keys)
  expect((await refused()).code).toBe('status_list_mismatch')
  again([...first.keys, ...town.metadata.keys])
  expect((await refused()).code).toBe('status_list_mismatch')
  again(first.keys)
  expect((await lists.newest(named(issuer), {}))[0]?.epoch).toEqual(first)
})

test('what a card is known to be, without asking: for five minutes', async () => {
  const { credential } = makePerson({ issuer: makeIssuer({ origin: issuer.origin }) }).held
  expect(await lists.saidRevoked(credential)).toBe(false)
  issuer.pages.publisher.publish(now() - 10, [credential.revocationId])
  await lists.newest(named(issuer), {})
  web.calls.length = 0
  expect(await lists.saidRevoked(credential)).toBe(true)
  expect(await lists.saidRevoked({ ...credential, revocationId: credential.revocationId + 1 })).toBe(false)
  clock.milliseconds += 300_000
  expect(await lists.saidRevoked(credential)).toBe(true)
  clock.milliseconds += 1_000
  expect(await lists.saidRevoked(credential)).toBe(false)
  // Before it was fetched, by a clock that was set back.
  clock.milliseconds -= 302_000
  expect(await lists.saidRevoked(credential)).toBe(false)
  expect(web.calls).toEqual([])
})

test('cancelled while it waits, and while it computes', async () => {
  const controller = new AbortController()
  const waiting = lists.newest(named(issuer), { signal: controller.signal })
  controller.abort(new WalletError('wallet_locked', 'locked'))
  expect((await refusal(waiting)).code).toBe('wallet_locked')
  const later = new AbortController()
  issuer.pages.list = (list) => {
    setTimeout(() => later.abort(new WalletError('wallet_locked', 'locked')))
    return list
  }
  expect((await refusal(lists.newest(named(issuer), { signal: later.signal }))).code).toBe('wallet_locked')
  expect(store.tables.statusLists.size).toBe(0)
})

test('of the issuers that sites name, those asked last are kept', async () => {
  const entry = (issuerOrigin: string, fetchedAt: number) => ({
    version: 1,
    issuer: issuerOrigin,
    fetchedAt,
    metadata: {},
    history: {},
    list: statusListOf([]),
  })
  for (let number = 0; number < 32; number++) {
    const origin = `https://issuer-${number}.example`
    store.tables.statusLists.set(origin, entry(origin, now() - 1000 + number))
  }
  await lists.newest(named(issuer, town), {})
  const kept = [...store.tables.statusLists.keys()]
  expect(kept.length).toBe(32)
  expect(kept).toEqual(expect.arrayContaining([issuer.origin, town.origin, 'https://issuer-2.example']))
  expect(kept).not.toContain('https://issuer-1.example')
})

test('a list that was damaged where it is kept is fetched anew', async () => {
  await lists.newest(named(issuer), {})
  const entry = await store.get('statusLists', issuer.origin)
  const list = statusListOf([1])
  store.tables.statusLists.set(issuer.origin, { ...(entry as object), list })
  web.calls.length = 0
  expect((await openPage().newest(named(issuer), {}))[0]?.list).toEqual(statusListOf([]))
  expect(paths()).toEqual([METADATA, HISTORY, `${LIST}/1`])
})

test('a list that cannot be kept is fetched anew the next time', async () => {
  store.write = async () => {
    throw new Error('no room')
  }
  expect((await lists.newest(named(issuer), {}))[0]?.epoch.epoch).toBe(1)
  web.calls.length = 0
  expect((await openPage().newest(named(issuer), {}))[0]?.epoch.epoch).toBe(1)
  expect(paths()).toEqual([METADATA, HISTORY, `${LIST}/1`])
})

test('a cache that cannot be read is no cache', async () => {
  await lists.newest(named(issuer), {})
  store.tables.statusLists.set(issuer.origin, { version: 2 })
  web.calls.length = 0
  expect((await openPage().newest(named(issuer), {}))[0]?.epoch.epoch).toBe(1)
  expect(web.calls.length).toBe(3)
})
