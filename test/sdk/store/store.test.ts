import { beforeEach, describe, expect, it } from 'vitest'
import { hashBearer } from '../../../sdk/server/cookie.ts'
import { MAX_REFUSALS, type Store } from '../../../sdk/server/store/store.ts'
import { randomField } from '../../../src/protocol/field.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { until } from '../../until.ts'
import { describeOnBoth } from './databases.ts'
import { acceptance, act, BROWSER, codeOf, login, session } from './records.ts'

describeOnBoth('store', (place) => {
  let store: Store
  beforeEach(async () => {
    store = await place.open()
  })

  const begin = (...ids: string[]) => Promise.all(ids.map((id) => store.insertSession(session(id))))

  async function counts() {
    const count = async (table: string) => (await place.query(`select count(*) as n from ${table}`))[0]?.n
    return {
      nullifiers: await count('nullifiers'),
      device_tags: await count('device_tags'),
      audit: await count('audit'),
    }
  }

  describe('openStore', () => {
    it('finds everything again after a restart', async () => {
      await begin('session-1')
      expect(await store.accept(acceptance('session-1', [act()]))).toBe('ACCEPTED')
      const again = await place.open()
      const found = await again.findSession('session-1')
      expect(found).toEqual({
        id: 'session-1',
        requestName: 'signIn',
        browserHash: hashBearer(BROWSER),
        jws: 'jws',
        transport: 'window',
        state: 'DONE',
        expiresAt: 1000,
        presentationDigest: hashBearer('presentation of session-1'),
      })
      expect((await counts()).nullifiers).toBe(1)
    })

    it('makes the tables once, however many open it at the same time', async () => {
      const before = await place.query('select name from kysely_migration')
      const others = await Promise.all([place.open(), place.open(), place.open()])
      await Promise.all(others.map((other) => other.ping()))
      expect(await place.query('select name from kysely_migration')).toEqual(before)
    })

    it('says how it keeps what it has committed', async () => {
      expect(await store.ledger.durability()).toEqual(
        place.kind === 'sqlite'
          ? { database: 'sqlite', durable: true, settings: { journal_mode: 'wal', synchronous: 'full' } }
          : {
              database: 'postgresql',
              durable: true,
              settings: { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' },
            },
      )
    })
  })

  describe('a session', () => {
    it('goes forward through its states and never back', async () => {
      const advance = (id: string, state: 'CONNECTED' | 'PROVING', now = 10) => store.advanceSession({ id, state, now })
      await store.insertSession(session('session-1', { transport: 'link' }))
      expect((await store.findSession('session-1'))?.state).toBe('PAIRING')
      expect(await advance('session-1', 'CONNECTED', 1000)).toBe('PAIRING')
      expect(await advance('session-1', 'CONNECTED', 999)).toBe('CONNECTED')
      expect(await advance('session-1', 'PROVING')).toBe('PROVING')
      expect(await advance('session-1', 'CONNECTED')).toBe('PROVING')
      await store.accept(acceptance('session-1', [login()]))
      expect(await advance('session-1', 'PROVING')).toBe('DONE')
      expect(await advance('session-0', 'PROVING')).toBeUndefined()
    })

    it('is cancelled once, in its time', async () => {
      await begin('session-1', 'session-2')
      expect(await store.cancelSession('session-1', 1000)).toBe(false)
      const both = [store.cancelSession('session-1', 999), store.cancelSession('session-1', 999)]
      expect(await Promise.all(both)).toEqual([true, false])
      expect((await counts()).audit).toBe(1)
      expect(await store.accept(acceptance('session-1', [login()]))).toBe('SESSION_CANCELLED')
    })

    it('keeps its browser while it is open or its result waits', async () => {
      const isOpen = (now: number) => store.openSessions(hashBearer(BROWSER), now)
      expect(await isOpen(0)).toBe('none')
      await begin('session-1')
      expect([await isOpen(999), await isOpen(1000)]).toEqual(['some', 'none'])
      await store.accept(acceptance('session-1', [login()]))
      expect([await isOpen(4999), await isOpen(5000)]).toEqual(['some', 'none'])
      await store.takeResult({ code: codeOf('session-1'), browser: BROWSER, now: 20 })
      expect(await isOpen(21)).toBe('none')
    })

    it('is one of 32 that a browser begins in their time, over or not', async () => {
      await begin(...Array.from({ length: 31 }, (_, each) => `session-${each}`))
      const found = (now: number) => store.openSessions(hashBearer(BROWSER), now)
      expect(await found(1)).toBe('some')
      await begin('session-31')
      await store.cancelSession('session-31', 1)
      expect([await found(1), await found(1000)]).toEqual(['full', 'none'])
      expect(await store.openSessions(hashBearer('another'), 1)).toBe('none')
    })
  })

  describe('accept', () => {
    it('accepts for a session that exists, once, in its time', async () => {
      await begin('session-1')
      expect(await store.accept(acceptance('session-0', [login()]))).toBe('SESSION_EXPIRED')
      expect(await store.accept(acceptance('session-1', [login()], { now: 1000 }))).toBe('SESSION_EXPIRED')
      expect(await store.accept(acceptance('session-1', [login()], { now: 999 }))).toBe('ACCEPTED')
      expect(await store.accept(acceptance('session-1', [login()]))).toBe('CHALLENGE_USED')
    })

    it('writes nothing of what it refuses', async () => {
      const nullifier = randomField()
      await begin('session-1', 'session-2')
      await store.accept(acceptance('session-1', [act(nullifier)]))
      const before = await counts()
      const refused = acceptance('session-2', [login(), act(), act(nullifier)])
      expect(await store.accept(refused)).toBe('NULLIFIER_USED')
      expect(await counts()).toEqual(before)
      expect((await store.findSession('session-2'))?.state).toBe('INITIALIZED')
    })

    it('keeps kinds apart', async () => {
      const nullifier = randomField()
      await begin('session-1', 'session-2', 'session-3', 'session-4')
      expect(await store.accept(acceptance('session-1', [act(nullifier, 'action')]))).toBe('ACCEPTED')
      expect(await store.accept(acceptance('session-2', [act(nullifier, 'vote')]))).toBe('ACCEPTED')
      expect(await store.accept(acceptance('session-3', [act(nullifier, 'vote')]))).toBe('NULLIFIER_USED')
      expect(await store.accept(acceptance('session-4', [login(nullifier)]))).toBe('ACCEPTED')
    })

    it('gives one name to one of its own answers only', async () => {
      const nullifier = randomField()
      await begin('session-1')
      expect(await store.accept(acceptance('session-1', [act(nullifier), act(nullifier)]))).toBe('NULLIFIER_USED')
      expect(await counts()).toEqual({ nullifiers: 0, device_tags: 0, audit: 0 })
    })

    it('pins the first authenticator of each name', async () => {
      const [name, tag] = [randomField(), randomField()]
      await begin('session-1', 'session-2', 'session-3', 'session-4')
      expect(await store.accept(acceptance('session-1', [login(name, tag)]))).toBe('ACCEPTED')
      expect(await store.accept(acceptance('session-2', [login(name, tag)]))).toBe('ACCEPTED')
      expect(await store.accept(acceptance('session-3', [login(name)]))).toBe('DEVICE_UNKNOWN')
      expect(await store.accept(acceptance('session-4', [login(randomField(), tag)]))).toBe('ACCEPTED')
    })

    it('pins anew when the name is forgotten, and ends its visits', async () => {
      const [name, nameHmac] = [randomField(), hashBearer('name')]
      await begin('session-1', 'session-2')
      await store.accept(acceptance('session-1', [login(name)]))
      const visit = { results: '{}', createdAt: 0, expiresAt: 100 }
      await store.putVisit({ ...visit, tokenHash: hashBearer('theirs'), nameHmac })
      await store.putVisit({ ...visit, tokenHash: hashBearer('another’s'), nameHmac: null })
      const nullifier = Buffer.from(name.toString(16).padStart(64, '0'), 'hex')
      await store.forgetName({ nullifier: new Uint8Array(nullifier), nameHmac, now: 20 })
      expect(await store.accept(acceptance('session-2', [login(name)]))).toBe('ACCEPTED')
      expect(await store.findVisit(hashBearer('theirs'), 20)).toBeUndefined()
      expect(await store.findVisit(hashBearer('another’s'), 20)).toEqual(visit)
    })
  })

  describe('recordRefusal', () => {
    const refuse = (now = 10) =>
      store.recordRefusal({ sessionId: 'session-1', requestName: 'signIn', code: 'proof_invalid', now })

    it('ends the session with the last refusal that it may have', async () => {
      await begin('session-1')
      for (let i = 1; i < MAX_REFUSALS; i++) await refuse()
      expect((await store.findSession('session-1'))?.state).toBe('INITIALIZED')
      await refuse()
      expect((await store.findSession('session-1'))?.state).toBe('CANCELLED')
      expect(await store.accept(acceptance('session-1', [login()]))).toBe('SESSION_CANCELLED')
    })

    it('leaves a session that was answered as it is', async () => {
      await begin('session-1')
      await store.accept(acceptance('session-1', [login()]))
      for (let i = 0; i < MAX_REFUSALS; i++) await refuse()
      expect((await store.findSession('session-1'))?.state).toBe('DONE')
    })

    it('writes down as many and no more, whether they come one by one or at once', async () => {
      await begin('session-1')
      await refuse()
      await Promise.all(Array.from({ length: MAX_REFUSALS + 3 }, () => refuse()))
      expect((await counts()).audit).toBe(MAX_REFUSALS)
    })
  })

  describe('a visit', () => {
    const visit = { results: '{}', nameHmac: null, createdAt: 0, expiresAt: 100 }
    const [first, second] = [hashBearer('first'), hashBearer('second')]
    const kept = { results: '{}', createdAt: 0, expiresAt: 100 }

    it('is found by its token until it expires or ends', async () => {
      await store.putVisit({ ...visit, tokenHash: first })
      expect(await store.findVisit(first, 99)).toEqual(kept)
      expect(await store.findVisit(first, 100)).toBeUndefined()
      await store.endVisit(first)
      expect(await store.findVisit(first, 99)).toBeUndefined()
    })

    it('takes the place of the one before', async () => {
      await store.putVisit({ ...visit, tokenHash: first })
      await store.putVisit({ ...visit, tokenHash: second, replaces: first })
      expect(await store.findVisit(first, 1)).toBeUndefined()
      expect(await store.findVisit(second, 1)).toEqual(kept)
    })

    it('begins in the transaction that reads the result, or the result stays unread', async () => {
      await begin('session-1')
      await store.accept(acceptance('session-1', [act()], { result: '["read"]' }))
      const take = (tokenHash: Uint8Array) =>
        store.takeResult({
          code: codeOf('session-1'),
          browser: BROWSER,
          now: 20,
          visit: ({ result }) => ({ ...visit, results: result, tokenHash }),
        })
      await expect(take(new Uint8Array(31))).rejects.toThrow()
      expect(await take(first)).toEqual({ sessionId: 'session-1', requestName: 'signIn', result: '["read"]' })
      expect((await store.findVisit(first, 21))?.results).toBe('["read"]')
    })

    it('goes on in the next only if it has not ended meanwhile', async () => {
      await begin('session-1', 'session-2', 'session-3')
      for (const id of ['session-1', 'session-2', 'session-3']) await store.accept(acceptance(id, [act()]))
      const take = (id: string, replaces: Uint8Array) =>
        store.takeResult({
          code: codeOf(id),
          browser: BROWSER,
          now: 20,
          replaces,
          visit: (_taken, isGoingOn) => ({ ...visit, results: `${isGoingOn}`, tokenHash: hashBearer(id) }),
        })
      const found = async (id: string) => (await store.findVisit(hashBearer(id), 21))?.results
      await store.putVisit({ ...visit, tokenHash: first })
      await take('session-1', first)
      expect([await found('session-1'), await store.findVisit(first, 1)]).toEqual(['true', undefined])
      await store.putVisit({ ...visit, tokenHash: second })
      await Promise.all([store.endVisit(second), take('session-2', second)])
      expect(await found('session-2')).toBe('false')
      await take('session-3', second)
      expect(await found('session-3')).toBe('false')
    })
  })

  it('keeps the last that was seen of an issuer', async () => {
    const origin = 'https://issuer.example'
    expect(await store.findIssuer(origin)).toBeUndefined()
    await store.keepIssuer({ origin, documents: 'second', seenAt: 2 })
    await store.keepIssuer({ origin, documents: 'first', seenAt: 1 })
    expect(await store.findIssuer(origin)).toEqual({ origin, documents: 'second', seenAt: 2 })
    await store.keepIssuer({ origin, documents: 'third', seenAt: 3 })
    expect((await store.findIssuer(origin))?.documents).toBe('third')
  })

  describe('watch', () => {
    it('tells each state, within a store and between two', async () => {
      const other = await place.open()
      await begin('session-1')
      const seen: string[][] = [[], []]
      const stops = [store, other].map((each, place) => each.watch('session-1', (state) => seen[place]?.push(state)))
      await until(() => seen.every((states) => states.at(-1) === 'INITIALIZED'))
      await store.advanceSession({ id: 'session-1', state: 'CONNECTED', now: 10 })
      await until(() => seen.every((states) => states.at(-1) === 'CONNECTED'))
      await other.advanceSession({ id: 'session-1', state: 'PROVING', now: 10 })
      await until(() => seen.every((states) => states.at(-1) === 'PROVING'))
      await store.accept(acceptance('session-1', [login()]))
      await until(() => seen.every((states) => states.at(-1) === 'DONE'))
      expect(seen).toEqual([
        ['INITIALIZED', 'CONNECTED', 'PROVING', 'DONE'],
        ['INITIALIZED', 'CONNECTED', 'PROVING', 'DONE'],
      ])
      for (const stop of stops) stop()
    })

    it('ends for one listener and not for the others', async () => {
      await begin('session-1')
      const seen: string[] = []
      const stop = store.watch('session-1', (state) => seen.push(`first ${state}`))
      store.watch('session-1', (state) => seen.push(`second ${state}`))
      stop()
      await store.cancelSession('session-1', 10)
      await until(() => seen.includes('second CANCELLED'))
      expect(seen.filter((each) => each.startsWith('first'))).toEqual([])
    })
  })

  describe('sweep', () => {
    it('drops results that nobody fetched, then the sessions, and visits at their end', async () => {
      await begin('session-1')
      await store.putVisit({
        tokenHash: hashBearer('visit'),
        results: '{}',
        nameHmac: null,
        createdAt: 0,
        expiresAt: 5000,
      })
      await store.accept(acceptance('session-1', [login()]))
      const code = codeOf('session-1')
      await store.sweep(4999)
      expect(await codeOfAsync(store.takeResult({ code, browser: undefined, now: 0 }))).toBe('result_wrong_browser')
      expect(await store.findVisit(hashBearer('visit'), 0)).toBeDefined()
      await store.sweep(5000)
      expect(await codeOfAsync(store.takeResult({ code, browser: BROWSER, now: 0 }))).toBe('result_unknown')
      expect(await store.findVisit(hashBearer('visit'), 0)).toBeUndefined()
      await store.sweep(1000 + 86_400_000 - 1)
      expect(await store.findSession('session-1')).toBeDefined()
      await store.sweep(1000 + 86_400_000)
      expect(await store.findSession('session-1')).toBeUndefined()
    })
  })
})
