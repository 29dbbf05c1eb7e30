import { beforeEach, describe, expect, it } from 'vitest'
import type { Acceptance, Store } from '../../../sdk/server/store/store.ts'
import type { VerifiedAnswer } from '../../../src/verifier/verified-answer.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { describeOnBoth } from './databases.ts'
import { acceptance, act, BROWSER, codeOf, session } from './records.ts'

describeOnBoth('names in the store', (place) => {
  let store: Store
  beforeEach(async () => {
    store = await place.open()
  })

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

  describe('a once-only name', () => {
    const accept = (id: string, answer: VerifiedAnswer, changes: Partial<Acceptance> = {}) =>
      store.accept(acceptance(id, [answer], changes))
    const read = (id: string, now: number, browser = BROWSER) => store.takeResult({ code: codeOf(id), browser, now })
    /** Results that live for ever, as far as these tests go. */
    const LATE = { resultExpiresAt: 50_000 }

    beforeEach(() => beginLong('session-1', 'session-2', 'session-3'))

    it('is held until its result can no longer be read, then free', async () => {
      const answer = act()
      expect(await accept('session-1', answer)).toBe('ACCEPTED')
      expect(await accept('session-2', answer, { ...LATE, now: 4999 })).toBe('NULLIFIER_USED')
      expect(await accept('session-2', answer, { ...LATE, now: 5000 })).toBe('ACCEPTED')
      expect(await accept('session-3', answer, { ...LATE, now: 5001 })).toBe('NULLIFIER_USED')
    })

    it('is used up by the browser that began the session, for good', async () => {
      const answer = act()
      await accept('session-1', answer)
      await read('session-1', 4999)
      expect(await accept('session-2', answer, { ...LATE, now: 5000 })).toBe('NULLIFIER_USED')
      await store.sweep(100 * 86_400_000)
      await store.insertSession(session('session-4', { expiresAt: 200 * 86_400_000 }))
      expect(await accept('session-4', answer, { now: 100 * 86_400_000 })).toBe('NULLIFIER_USED')
    })

    it('is not used up by another browser', async () => {
      const answer = act()
      await accept('session-1', answer)
      expect(await codeOfAsync(read('session-1', 4999, 'c'.repeat(43)))).toBe('result_wrong_browser')
      expect(await accept('session-2', answer, { ...LATE, now: 5000 })).toBe('ACCEPTED')
    })

    it('that was freed takes its result along, whatever another process’s clock says', async () => {
      const answer = act()
      await accept('session-1', answer)
      await accept('session-2', answer, { ...LATE, now: 5000 })
      expect(await codeOfAsync(read('session-1', 4999))).toBe('result_unknown')
      expect(await read('session-2', 5001)).toMatchObject({ result: '[]' })
      expect(await accept('session-3', answer, { now: 50_000 })).toBe('NULLIFIER_USED')
    })

    it('that was lost leaves the other names of its session free', async () => {
      const [lost, other] = [act(), act()]
      await store.accept(acceptance('session-1', [lost, other]))
      await accept('session-2', lost, { ...LATE, now: 5000 })
      expect(await codeOfAsync(read('session-1', 4999))).toBe('result_unknown')
      expect(await accept('session-3', other, { ...LATE, now: 5000 })).toBe('ACCEPTED')
    })

    it('stays held where the presentation that would have freed it is refused', async () => {
      const [answer, used] = [act(), act()]
      await accept('session-1', answer)
      await accept('session-2', used)
      await read('session-2', 20)
      const refused = acceptance('session-3', [answer, used], { ...LATE, now: 5000 })
      expect(await store.accept(refused)).toBe('NULLIFIER_USED')
      expect(await read('session-1', 4999)).toMatchObject({ result: '[]' })
    })

    it('is freed by the sweep as well', async () => {
      await accept('session-1', act())
      await store.sweep(4999)
      expect((await counts()).nullifiers).toBe(1)
      await store.sweep(5000)
      expect((await counts()).nullifiers).toBe(0)
      expect(await codeOfAsync(read('session-1', 4999))).toBe('result_unknown')
    })
  })
})
