import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type PostgresCluster, startPostgres } from '../../../scripts/postgres.ts'
import { openStore } from '../../../sdk/server/store/open-store.ts'
import type { Store } from '../../../sdk/server/store/store.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { until } from '../../until.ts'
import { AUDIT_KEY } from './audit-key.ts'
import { acceptance, act, session } from './records.ts'

let cluster: PostgresCluster
let store: Store
let errors: unknown[]
beforeAll(async () => {
  cluster = await startPostgres({ settings: { synchronous_commit: 'off' } })
}, 120_000)
afterAll(() => cluster.stop())
beforeEach(async () => {
  errors = []
  store = await openStore(
    { url: cluster.url, poolSize: 2 },
    { auditKey: AUDIT_KEY, onError: (each) => errors.push(each) },
  )
})
afterEach(() => store.close())

it('commits durably on a server whose default is otherwise', async () => {
  expect(await store.ledger.durability()).toMatchObject({ durable: true, settings: { synchronous_commit: 'on' } })
})

it('says that the server is gone, and goes on where it was when it is back; its watchers with it', async () => {
  for (const id of ['session-1', 'session-2']) await store.insertSession(session(id))
  await store.accept(acceptance('session-1', [act()]))
  const seen: string[] = []
  const stop = store.watch('session-2', (state) => seen.push(state))
  await cluster.kill('SIGKILL')
  expect(await codeOfAsync(store.ping())).toBe('store_unavailable')
  expect(await codeOfAsync(store.accept(acceptance('session-2', [act()])))).toBe('store_unavailable')
  await cluster.restart()
  expect(await store.accept(acceptance('session-1', [act()]))).toBe('CHALLENGE_USED')
  expect(await store.accept(acceptance('session-2', [act()]))).toBe('ACCEPTED')
  await until(async () => seen.at(-1) === 'DONE')
  stop()
  expect(await store.ledger.verify()).toMatchObject({ valid: true, rows: 2 })
  expect(errors.length).toBeGreaterThan(0)
})

it('listens while somebody watches, and then no longer', async () => {
  const client = new pg.Client({ connectionString: cluster.url })
  await client.connect()
  const listening = async () => {
    const { rows } = await client.query("select pid from pg_stat_activity where query like 'listen%'")
    return rows.length
  }
  const stops = ['one', 'two'].map((id) => store.watch(id, () => {}))
  await until(async () => (await listening()) === 1)
  for (const stop of stops) stop()
  await until(async () => (await listening()) === 0)
  await client.end()
  expect(errors).toEqual([])
})
