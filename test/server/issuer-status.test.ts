import { describe, expect, it } from 'vitest'
import type { StatusAction } from '../../server/issuer/status-change.ts'
import { isRevoked } from '../../src/protocol/status-list.ts'
import { codeOfAsync } from '../expect-code.ts'
import { change, makePerson, NOW, newest, openRecordsForEach, recordOf, records } from './open-records.ts'

openRecordsForEach()

describe('what an operator does', () => {
  it('sets the bit of a suspended or revoked credential, and of no other, in the epoch that follows', async () => {
    const [kept, suspended, revoked] = [await records.issue(NOW), await records.issue(NOW), await records.issue(NOW)]
    expect((await newest(records)).epoch).toBe(1)
    expect((await change(records, 'suspend', [suspended])).epoch.epoch).toBe(2)
    expect((await change(records, 'revoke', [revoked], NOW + 5)).epoch.epoch).toBe(3)
    const { list, epoch } = await newest(records, NOW + 5)
    expect(epoch).toBe(3)
    expect([kept, suspended, revoked].map((id) => isRevoked(list, id))).toEqual([false, true, true])
    expect(list.reduce((bits, byte) => bits + byte.toString(2).replaceAll('0', '').length, 0)).toBe(2)
    expect(await recordOf(records, revoked)).toMatchObject({ state: 'revoked', reason: 'lost', changedAt: NOW + 5 })
    expect(await recordOf(records, kept)).toMatchObject({ state: 'active', reason: undefined, changedAt: undefined })
  })

  it('clears the bit of a reinstated one', async () => {
    const id = await records.issue(NOW)
    await change(records, 'suspend', [id])
    expect(isRevoked((await newest(records)).list, id)).toBe(true)
    await change(records, 'reinstate', [id])
    const { list, epoch } = await newest(records)
    expect({ epoch, revoked: isRevoked(list, id) }).toEqual({ epoch: 3, revoked: false })
    expect(await codeOfAsync(change(records, 'revoke', [id]))).toBeUndefined()
  })

  it('status_change_refused: from a state that does not lead there', async () => {
    const refused: [StatusAction[], StatusAction][] = [
      [[], 'reinstate'],
      [['suspend'], 'suspend'],
      [['revoke'], 'revoke'],
      [['revoke'], 'suspend'],
      [['revoke'], 'reinstate'],
      [['suspend', 'revoke'], 'reinstate'],
      [['suspend', 'reinstate'], 'reinstate'],
    ]
    for (const [before, action] of refused) {
      const id = await records.issue(NOW)
      for (const step of before) await change(records, step, [id])
      const { epoch } = await newest(records)
      expect(await codeOfAsync(change(records, action, [id]))).toBe('status_change_refused')
      expect((await newest(records)).epoch).toBe(epoch)
    }
  })

  it('credential_unknown: all of a batch or none', async () => {
    const ids = [await records.issue(NOW), await records.issue(NOW)]
    const unknown = ids.includes(0) ? 1 : 0
    expect(await codeOfAsync(change(records, 'revoke', [...ids, unknown]))).toBe('credential_unknown')
    expect(await codeOfAsync(change(records, 'revoke', []))).toBe('credential_unknown')
    const { list, epoch } = await newest(records)
    expect({ epoch, revoked: ids.map((id) => isRevoked(list, id)) }).toEqual({ epoch: 1, revoked: [false, false] })
    expect((await change(records, 'revoke', ids)).epoch.epoch).toBe(2)
  })

  it('takes a person for each credential of theirs that it can be done to', async () => {
    const holder = makePerson()
    const old = await records.issue(NOW, holder)
    const current = await records.issue(NOW, holder)
    const other = await records.issue(NOW)
    const changeAll = (action: StatusAction, person = holder.person) =>
      records.status.change({ action, target: { person }, reason: 'left', now: NOW })
    expect((await changeAll('suspend')).credentials).toEqual([current])
    expect((await changeAll('revoke')).credentials).toEqual([current])
    expect(await codeOfAsync(changeAll('revoke'))).toBe('status_change_refused')
    expect(await codeOfAsync(changeAll('revoke', makePerson().person))).toBe('credential_unknown')
    const { list } = await newest(records)
    expect([old, current, other].map((id) => isRevoked(list, id))).toEqual([true, true, false])
  })
})

describe('issuing again', () => {
  it('ends the one before in the next epoch, once', async () => {
    const holder = makePerson()
    const first = await records.issue(NOW, holder)
    expect((await newest(records)).epoch).toBe(1)
    const second = await records.issue(NOW + 60, holder)
    const { list, epoch, publishedAt } = await newest(records, NOW + 60)
    expect({ epoch, publishedAt }).toEqual({ epoch: 2, publishedAt: NOW + 60 })
    expect([first, second].map((id) => isRevoked(list, id))).toEqual([true, false])
    expect(await recordOf(records, first)).toMatchObject({ state: 'superseded', changedAt: NOW + 60 })
    expect(await codeOfAsync(change(records, 'reinstate', [first]))).toBe('status_change_refused')
  })

  it('issuer_tag_mismatch: to another wallet, and the first credential stays', async () => {
    const holder = makePerson()
    const id = await records.issue(NOW, holder)
    expect(await codeOfAsync(records.issue(NOW, { ...holder, issuerTag: makePerson().issuerTag }))).toBe(
      'issuer_tag_mismatch',
    )
    expect(await recordOf(records, id)).toMatchObject({ state: 'active' })
    expect((await newest(records)).epoch).toBe(1)
    expect(await codeOfAsync(records.issue(NOW, holder))).toBeUndefined()
  })

  it('credential_suspended: not while the one before is suspended; after a revocation it may', async () => {
    const holder = makePerson()
    const id = await records.issue(NOW, holder)
    await change(records, 'suspend', [id])
    expect(await codeOfAsync(records.issue(NOW, holder))).toBe('credential_suspended')
    await change(records, 'revoke', [id])
    expect(await codeOfAsync(records.issue(NOW, holder))).toBeUndefined()
    expect(await recordOf(records, id)).toMatchObject({ state: 'revoked', reason: 'lost' })
  })
})
