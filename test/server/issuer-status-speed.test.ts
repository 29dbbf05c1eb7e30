import { randomInt } from 'node:crypto'
import { cpus } from 'node:os'
import { expect, it } from 'vitest'
import { toBase64url } from '../../src/protocol/bytes.ts'
import { isRevoked, revocationIdOf, STATUS_BITS, STATUS_LEAVES } from '../../src/protocol/status-list.ts'
import { change, makePerson, NOW, newest, openRecordsForEach, records } from './open-records.ts'

openRecordsForEach()

it('publishes 500 revocations among 10,000 credentials as one epoch, and the next change fast', async () => {
  const ids = await manyCredentials(10_000)
  const memory = process.memoryUsage.rss()
  const first = await timed(() => change(records, 'revoke', ids.slice(0, 500)))
  const next = await timed(() => change(records, 'revoke', ids.slice(500, 501)))
  const { list, epoch } = await newest(records)
  expect(epoch).toBe(3)
  expect(ids.filter((id) => isRevoked(list, id))).toEqual(ids.slice(0, 501))
  const packed = await records.status.list(3)
  console.info(
    `500 of 10,000: ${first.toFixed(0)} ms, one more: ${next.toFixed(0)} ms, list ${packed?.length} bytes in gzip, ` +
      `memory +${((process.memoryUsage.rss() - memory) / 2 ** 20).toFixed(0)} MiB (${cpus().length} cores)`,
  )
  // A tenth of this on two free cores; here other tests have a share of them.
  expect(first).toBeLessThan(5_000)
  expect(next).toBeLessThan(first)
})

async function manyCredentials(count: number): Promise<number[]> {
  const ids = new Set<number>()
  while (ids.size < count) ids.add(revocationIdOf(randomInt(STATUS_LEAVES), randomInt(STATUS_BITS)))
  const { person } = makePerson()
  await records.database.transaction(async (database) => {
    await database
      .insertInto('people')
      .values({ person, issuer_tag: new Uint8Array(32) })
      .execute()
    let place = 0
    for (const revocation_id of ids) {
      const schema = toBase64url(new Uint8Array(new Uint32Array([place++]).buffer))
      const row = { revocation_id, person, schema, issued_at: NOW, state: 'active', reason: null, changed_at: null }
      await database
        .insertInto('credentials')
        .values({ ...row, state: 'active' })
        .execute()
    }
  })
  return [...ids]
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await act()
  return performance.now() - begin
}
