import { beforeEach, describe, expect, it } from 'vitest'
import type { Acceptance, Store } from '../../../sdk/server/store/store.ts'
import { randomField } from '../../../src/protocol/field.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { describeOnBoth } from './databases.ts'
import { acceptance, act, BROWSER, codeOf, login, session } from './records.ts'

describeOnBoth('a store under load', (place) => {
  let store: Store
  beforeEach(async () => {
    store = await place.open()
  })

  const begin = (...ids: string[]) => Promise.all(ids.map((id) => store.insertSession(session(id))))
  const beginLong = (...ids: string[]) =>
    Promise.all(ids.map((id) => store.insertSession(session(id, { expiresAt: 1_000_000 }))))

  async function counts() {
    const count = async (table: string) => (await place.query(`select count(*) as n from ${table}`))[0]?.n
    return {
      nullifiers: await count('nullifiers'),
      device_tags: await count('device_tags'),
      audit: await count('audit'),
    }
  }

  describe('what comes at the same time', () => {
    const acceptAll = (stores: readonly Store[], acceptances: readonly Acceptance[]) =>
      Promise.all(acceptances.map((each, place) => stores[place % stores.length]?.accept(each)))
    const tally = (outcomes: readonly unknown[]) =>
      Object.fromEntries(
        [...new Set(outcomes)].map((each) => [each, outcomes.filter((other) => other === each).length]),
      )

    it('is committed together, the refused ones left out', async () => {
      const used = randomField()
      await begin('session-0', 'session-1', 'session-2', 'session-3')
      await store.accept(acceptance('session-0', [act(used)]))
      const answers = [[act()], [act(), act(used)], [login()]]
      const outcomes = await acceptAll(
        [store],
        answers.map((each, place) => acceptance(`session-${place + 1}`, each)),
      )
      expect(outcomes).toEqual(['ACCEPTED', 'NULLIFIER_USED', 'ACCEPTED'])
      expect(await counts()).toEqual({ nullifiers: 2, device_tags: 1, audit: 3 })
      expect(await store.ledger.verify()).toMatchObject({ valid: true, rows: 3 })
    })

    it('is not refused because of one that is refused itself', async () => {
      const [name, used, account] = [randomField(), randomField(), randomField()]
      await begin('session-0', 'session-1', 'session-2', 'session-3', 'session-4')
      await store.accept(acceptance('session-0', [act(used)]))
      const outcomes = await acceptAll(
        [store],
        [
          acceptance('session-1', [act(name), act(used)]),
          acceptance('session-2', [act(name)]),
          acceptance('session-3', [login(account), act(used)]),
          acceptance('session-4', [login(account)]),
        ],
      )
      expect(outcomes).toEqual(['NULLIFIER_USED', 'ACCEPTED', 'NULLIFIER_USED', 'ACCEPTED'])
    })

    it('fails alone where it is no one else’s fault', async () => {
      const wrong = acceptance('session-2', [act()], { codeHash: new Uint8Array(31) })
      await begin('session-1', 'session-2', 'session-3')
      const outcomes = await Promise.allSettled([
        store.accept(acceptance('session-1', [act()])),
        store.accept(wrong),
        store.accept(acceptance('session-3', [act()])),
      ])
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect((await store.findSession('session-2'))?.state).toBe('INITIALIZED')
    })

    it('has one winner for each challenge, between stores', async () => {
      const stores = [store, await place.open()]
      await begin('session-1')
      const outcomes = await acceptAll(
        stores,
        Array.from({ length: 60 }, () => acceptance('session-1', [login()])),
      )
      expect(tally(outcomes)).toEqual({ ACCEPTED: 1, CHALLENGE_USED: 59 })
    })

    it('has one winner for each name, between stores, and many names at once', async () => {
      const stores = [store, await place.open()]
      const names = Array.from({ length: 10 }, () => randomField())
      const sessions = Array.from({ length: 200 }, (_, place) => `session-${place}`)
      await beginLong(...sessions)
      const acceptances = sessions.map((id, place) => {
        // Two names each, in either order: whoever locks them as they come would lock another out.
        const pair = [names[place % 10], names[(place * 7 + 3) % 10]]
        return acceptance(
          id,
          [...new Set(pair)].map((name) => act(name)),
        )
      })
      const outcomes = await acceptAll(stores, acceptances)
      const winners = acceptances.filter((_, place) => outcomes[place] === 'ACCEPTED')
      const won = winners.flatMap(({ answers }) => answers.map(({ nullifier }) => nullifier))
      expect(new Set(won).size).toBe(won.length)
      expect(winners.length).toBeGreaterThan(0)
      expect(Object.keys(tally(outcomes)).sort()).toEqual(['ACCEPTED', 'NULLIFIER_USED'])
      expect((await counts()).nullifiers).toBe(won.length)
      expect(await store.ledger.verify()).toMatchObject({ valid: true, rows: winners.length })
    })

    it('pins one authenticator of two, in one store and between stores', async () => {
      const stores = [store, await place.open()]
      for (const some of [[store], stores]) {
        const name = randomField()
        const ids = ['one', 'two'].map((id) => `${id} of ${some.length}`)
        await begin(...ids)
        const outcomes = await acceptAll(
          some,
          ids.map((id) => acceptance(id, [login(name)])),
        )
        expect(outcomes.sort()).toEqual(['ACCEPTED', 'DEVICE_UNKNOWN'])
      }
    })

    it('reads a result once, between stores', async () => {
      const stores = [store, await place.open()]
      await begin('session-1')
      await store.accept(acceptance('session-1', [act()]))
      const reads = Array.from({ length: 20 }, (_, each) =>
        codeOfAsync(
          Promise.resolve(stores[each % 2]?.takeResult({ code: codeOf('session-1'), browser: BROWSER, now: 20 })),
        ),
      )
      expect(tally(await Promise.all(reads))).toEqual({ undefined: 1, result_already_read: 19 })
    })
  })
})
