import { beforeEach, describe, expect, it } from 'vitest'
import { hashBearer } from '../../../sdk/server/cookie.ts'
import type { Store } from '../../../sdk/server/store/store.ts'
import { randomField } from '../../../src/protocol/field.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { describeOnBoth } from './databases.ts'
import { acceptance, act, BROWSER, codeOf, login, session } from './records.ts'

const DAY_MS = 86_400_000

const OTHER_KEY = new Uint8Array(32).fill(8)

describeOnBoth('ledger', (place) => {
  let store: Store
  /** Six rows: of each event one, and two of `accepted`. */
  beforeEach(async () => {
    store = await place.open()
    for (const id of ['session-1', 'session-2', 'session-3', 'session-4']) await store.insertSession(session(id))
    await store.accept(acceptance('session-1', [act()], { now: 11 }))
    await store.accept(acceptance('session-2', [login()], { now: 12, nameHmac: hashBearer('name') }))
    await store.recordRefusal({ sessionId: 'session-3', requestName: 'signIn', code: 'proof_invalid', now: 13 })
    await store.cancelSession('session-4', 14)
    await store.takeResult({ code: codeOf('session-1'), browser: BROWSER, now: 15 })
    await store.forgetName({ nullifier: new Uint8Array(32), nameHmac: hashBearer('other'), now: 16 })
  })

  const bytes = (fill: string) => (place.kind === 'sqlite' ? `x'${fill.repeat(32)}'` : `'\\x${fill.repeat(32)}'::bytea`)

  describe('verify', () => {
    it('finds a log whole that nobody has touched', async () => {
      const { hash } = (await place.query('select hash from audit where seq = 6'))[0] ?? {}
      expect(await store.ledger.verify()).toEqual({
        valid: true,
        rows: 6,
        head: { seq: 6, hash: Buffer.from(hash as Uint8Array).toString('base64url') },
      })
    })

    it.each([
      ['at', '99'],
      ['event', "'declined'"],
      ['request_name', "'signUp'"],
      ['request_name', 'null'],
      ['code', "'session_expired'"],
      ['name_hmac', '00'],
      ['name_hmac', 'null'],
      ['detail', "'more'"],
      ['prev', '00'],
      ['hash', '00'],
    ])('names the first row whose %s was changed', async (column, value) => {
      await place.query(`update audit set ${column} = ${value === '00' ? bytes('00') : value} where seq = 2`)
      expect(await store.ledger.verify()).toEqual({ valid: false, code: 'audit_row_changed', seq: 2 })
    })

    it('looks at the newest rows alone where that is asked for', async () => {
      expect(await store.ledger.verify({ newest: 3 })).toMatchObject({ valid: true, rows: 3, head: { seq: 6 } })
      expect(await store.ledger.verify({ newest: 6 })).toMatchObject({ valid: true, rows: 6 })
      await place.query("update audit set event = 'declined' where seq = 3")
      expect(await store.ledger.verify({ newest: 3 })).toMatchObject({ valid: true, rows: 3 })
      expect(await store.ledger.verify({ newest: 4 })).toEqual({ valid: false, code: 'audit_row_changed', seq: 3 })
    })

    it.each([1, 3, 5])('names row %i if it is missing', async (seq) => {
      await place.query(`delete from audit where seq = ${seq}`)
      expect(await store.ledger.verify()).toEqual({ valid: false, code: 'audit_row_missing', seq })
    })

    it('notices that the end was cut off', async () => {
      await place.query('delete from audit where seq > 4')
      expect(await store.ledger.verify()).toEqual({ valid: false, code: 'audit_truncated', seq: 5 })
    })

    it('notices that the end was cut off and the head moved to it', async () => {
      await place.query('delete from audit where seq > 4')
      await place.query('update audit_head set seq = 4, hash = (select hash from audit where seq = 4)')
      expect(await store.ledger.verify()).toEqual({ valid: false, code: 'audit_head_changed', seq: 4 })
    })

    it('notices that the beginning was cut off and the base moved to it', async () => {
      await place.query('update audit_head set base_seq = 2, base_hash = (select hash from audit where seq = 2)')
      await place.query('delete from audit where seq <= 2')
      expect(await store.ledger.verify()).toEqual({ valid: false, code: 'audit_base_changed', seq: 2 })
    })

    it('notices that the head is gone', async () => {
      await place.query('delete from audit_head')
      expect(await store.ledger.verify()).toEqual({ valid: false, code: 'audit_head_changed', seq: 0 })
    })

    it('notices that all was set back to how it once was, if a later head is known', async () => {
      await place.query('create table old_head as select * from audit_head')
      await store.recordRefusal({ sessionId: 'session-3', requestName: 'signIn', code: 'proof_invalid', now: 17 })
      const later = await store.ledger.verify()
      if (!later.valid) throw new Error(later.code)
      await place.query('delete from audit where seq = 7')
      await place.query('delete from audit_head')
      await place.query('insert into audit_head select * from old_head')
      expect(await store.ledger.verify()).toMatchObject({ valid: true, rows: 6 })
      expect(await store.ledger.verify({ known: later.head })).toEqual({ valid: false, code: 'audit_set_back', seq: 7 })
      await store.recordRefusal({ sessionId: 'session-3', requestName: 'signIn', code: 'signals_invalid', now: 17 })
      expect(await store.ledger.verify({ known: later.head })).toEqual({ valid: false, code: 'audit_set_back', seq: 7 })
    })

    it('takes nothing that was written under another key', async () => {
      expect(await codeOfAsync(place.open({ auditKey: OTHER_KEY }))).toBe('audit_key_mismatch')
      const other = await place.open({ auditKey: OTHER_KEY, acceptOtherKey: true })
      expect(await other.ledger.verify()).toMatchObject({ valid: false, code: 'audit_base_changed' })
    })

    it('takes a known head that is still there', async () => {
      const before = await store.ledger.verify()
      if (!before.valid) throw new Error(before.code)
      await store.recordRefusal({ sessionId: 'session-3', requestName: 'signIn', code: 'proof_invalid', now: 17 })
      expect(await store.ledger.verify({ known: before.head })).toMatchObject({ valid: true, rows: 7 })
    })

    it('compares a known head with the beginning, and says when that is past it', async () => {
      const [row] = await place.query('select hash from audit where seq = 3')
      const hash = Buffer.from(row?.hash as Uint8Array).toString('base64url')
      await store.ledger.prune({ before: 13, now: 20 })
      expect(await store.ledger.verify({ known: { seq: 3, hash } })).toMatchObject({ valid: true })
      const other = 'A'.repeat(43)
      expect(await store.ledger.verify({ known: { seq: 3, hash: other } })).toEqual({
        valid: false,
        code: 'audit_set_back',
        seq: 3,
      })
      expect(await store.ledger.verify({ known: { seq: 2, hash: other } })).toEqual({
        valid: false,
        code: 'audit_known_pruned',
        seq: 2,
      })
    })
  })

  describe('changed under a running server', () => {
    const told: unknown[] = []
    beforeEach(async () => {
      told.length = 0
      store = await place.open({ onError: (error) => told.push(error) })
    })
    const refuse = (code: string) =>
      store.recordRefusal({ sessionId: 'session-3', requestName: 'signIn', code, now: 17 })
    const broken = [expect.objectContaining({ code: 'audit_broken' })]

    it.each([
      ['its MAC is another', (fill: string) => [`update audit_head set mac = ${fill}`], 7],
      [
        'its end was cut off and the head moved to it',
        () => [
          'delete from audit where seq > 4',
          'update audit_head set seq = 4, hash = (select hash from audit where seq = 4)',
        ],
        5,
      ],
      ['the head was moved back', () => ['update audit_head set seq = 4'], 7],
      ['the head is gone', () => ['delete from audit_head'], 7],
    ])('goes on behind a row that says so: %s', async (_name, statements, seq) => {
      for (const statement of statements(bytes('00'))) await place.query(statement)
      await refuse('signals_invalid')
      expect(told).toEqual(broken)
      expect(await place.query(`select seq, event from audit where seq >= ${seq}`)).toEqual([
        { seq, event: 'broken' },
        { seq: seq + 1, event: 'refused' },
      ])
      await refuse('policy_invalid')
      expect(told).toHaveLength(1)
      expect(await store.ledger.verify()).toMatchObject({ valid: false })
    })

    it('says so where an old head was put back and its rows are still there', async () => {
      await place.query('create table old_head as select * from audit_head')
      await refuse('signals_invalid')
      await place.query('delete from audit_head')
      await place.query('insert into audit_head select * from old_head')
      await refuse('policy_invalid')
      await place.query('drop table old_head')
      expect(told).toEqual(broken)
      expect(await store.ledger.verify()).toEqual({ valid: false, code: 'audit_broken', seq: 8 })
    })

    it('is valid again only once an operator has acknowledged it', async () => {
      await place.query(`update audit_head set mac = ${bytes('00')}`)
      await refuse('signals_invalid')
      const found = { valid: false, code: 'audit_broken', seq: 7 }
      expect(await store.ledger.verify()).toEqual(found)
      expect(await store.ledger.prune({ before: 100, now: 100 })).toMatchObject({ audit: 6 })
      expect(await store.ledger.verify()).toEqual(found)
      expect(await store.ledger.acknowledge({ now: 18 })).toEqual(found)
      expect(await place.query("select seq, detail from audit where event = 'acknowledged'")).toEqual([
        { seq: 10, detail: '{"code":"audit_broken","seq":7}' },
      ])
      expect(await store.ledger.verify()).toMatchObject({ valid: true, rows: 1, head: { seq: 10 } })
      expect(await store.ledger.acknowledge({ now: 18 })).toMatchObject({ valid: true, rows: 1 })
    })

    it.each([
      ['changed', 'update audit set at = 10 where seq = 2', 1, 'audit_row_changed'],
      ['missing', 'delete from audit where seq = 2', 1, 'audit_row_missing'],
    ])('is not shortened past a row that is %s', async (_name, statement, dropped, code) => {
      await place.query(statement)
      expect(await store.ledger.prune({ before: 13, now: 20 })).toMatchObject({ audit: dropped })
      expect(told).toEqual(broken)
      expect(await store.ledger.verify()).toEqual({ valid: false, code, seq: 2 })
      expect(await place.query('select count(*) as n from audit where seq = 3')).toEqual([{ n: 1 }])
    })

    it('is not shortened from a beginning that is not vouched for', async () => {
      await place.query('delete from audit where seq <= 2')
      await place.query('update audit_head set base_seq = 2, base_hash = (select prev from audit where seq = 3)')
      expect(await store.ledger.prune({ before: 14, now: 20 })).toMatchObject({ audit: 0 })
      expect(told).toEqual(broken)
      expect(await store.ledger.verify()).toEqual({ valid: false, code: 'audit_base_changed', seq: 2 })
    })

    it('is told at the start', async () => {
      await place.query(`update audit_head set base_mac = ${bytes('00')}`)
      await place.open({ onError: (error) => told.push(error) })
      expect(told).toEqual(broken)
    })

    it('is taken over by another key once that is acknowledged, and used names stay', async () => {
      const other = await place.open({ auditKey: OTHER_KEY, acceptOtherKey: true })
      expect(await other.ledger.acknowledge({ now: 20 })).toMatchObject({ code: 'audit_base_changed' })
      const next = await place.open({ auditKey: OTHER_KEY })
      expect(await next.ledger.verify()).toMatchObject({ valid: true, rows: 1 })
      expect(await place.query('select count(*) as n from nullifiers')).toEqual([{ n: 1 }])
    })
  })

  describe('prune', () => {
    it('drops the beginning of the log and says so in the log, which stays whole', async () => {
      const counts = await store.ledger.prune({ before: 13, now: 20, dryRun: true })
      expect(counts).toEqual({ audit: 3, sessions: 0, visits: 0 })
      expect(await store.ledger.verify()).toMatchObject({ rows: 6 })
      expect(await store.ledger.prune({ before: 13, now: 20 })).toEqual(counts)
      expect(await store.ledger.verify()).toMatchObject({ valid: true, rows: 4, head: { seq: 7 } })
      expect(await place.query('select event, detail from audit where seq = 7')).toEqual([
        { event: 'pruned', detail: 'rows 1 to 3' },
      ])
    })

    it('drops sessions that are over, and no used name', async () => {
      await store.putVisit({
        tokenHash: hashBearer('v'),
        results: '{}',
        nameHmac: null,
        createdAt: 0,
        expiresAt: 900,
      })
      const range = { before: 10_000, now: 1000 }
      // The second's result waits to be read.
      const expected = { audit: 6, sessions: 3, visits: 1 }
      expect(await store.ledger.prune({ ...range, dryRun: true })).toEqual(expected)
      expect(await store.ledger.prune(range)).toEqual(expected)
      expect((await store.findSession('session-2'))?.state).toBe('DONE')
      expect(await place.query('select count(*) as n from nullifiers')).toEqual([{ n: 1 }])
    })
  })

  it('is shortened by the sweep, after 90 days and a day’s worth at a time', async () => {
    await store.sweep(11 + 91 * DAY_MS - 1)
    expect(await store.ledger.verify()).toMatchObject({ valid: true, rows: 6 })
    await store.sweep(11 + 91 * DAY_MS)
    expect(await store.ledger.verify()).toMatchObject({ valid: true, rows: 1, head: { seq: 7 } })
    await store.sweep(11 + 91 * DAY_MS)
    expect(await store.ledger.verify()).toMatchObject({ valid: true, rows: 1, head: { seq: 7 } })
  })

  it('exports every row and every used name, none in clear, and its head at the end', async () => {
    const name = randomField()
    await store.insertSession(session('session-5'))
    await store.accept(acceptance('session-5', [act(name, 'vote')]))
    const lines: Record<string, unknown>[] = []
    for await (const line of store.ledger.export()) {
      expect(line.endsWith('\n')).toBe(true)
      lines.push(JSON.parse(line))
    }
    const verdict = await store.ledger.verify()
    expect(lines.map(({ type }) => type)).toEqual([...Array(7).fill('audit'), 'name', 'name', 'end'])
    expect(lines.at(-1)).toMatchObject({ audit: 7, names: 2, head: verdict.valid && verdict.head })
    const text = JSON.stringify(lines)
    const clear = Buffer.from(name.toString(16).padStart(64, '0'), 'hex')
    for (const form of ['hex', 'base64url', 'base64'] as const) expect(text).not.toContain(clear.toString(form))
    expect(lines.at(-2)).toMatchObject({ kind: 'vote', held_until: 5000 })
  })

  it('is one chain, whichever store appends to it', async () => {
    const other = await place.open()
    const ids = Array.from({ length: 30 }, (_, each) => `more-${each}`)
    await Promise.all(ids.map((id) => store.insertSession(session(id))))
    await Promise.all(ids.map((id, each) => (each % 2 ? store : other).accept(acceptance(id, [login()]))))
    expect(await store.ledger.verify()).toMatchObject({ valid: true, rows: 36 })
  })
})
