import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Work } from '../../../sdk/server/store/batch.ts'
import type { Database } from '../../../sdk/server/store/database.ts'
import { createGroupCommit, MAX_WAITING } from '../../../sdk/server/store/group-commit.ts'
import { openSqlite } from '../../../sdk/server/store/sqlite-database.ts'
import { codeOfAsync } from '../../expect-code.ts'
import { AUDIT_KEY } from './audit-key.ts'

let directory: string
let database: Database
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'touchstone-group-'))
  database = await openSqlite(join(directory, 'store.sqlite'), AUDIT_KEY)
})
afterEach(async () => {
  await database.close()
  rmSync(directory, { recursive: true })
})

/** Counts how often each piece is run. */
function counting() {
  let runs = 0
  const work: Work<number, number> = {
    async run(_batch, items) {
      runs += items.length
      return items
    },
  }
  return { work, runs: () => runs }
}

it('does not run again what is committed, whoever fails at hearing of it', async () => {
  const { work, runs } = counting()
  const told: unknown[] = []
  const fault = new Error('a listener failed')
  const group = createGroupCommit({
    db: database.writer,
    auditKey: AUDIT_KEY,
    order: [work],
    announce: async () => {},
    onCommitted: () => {
      throw fault
    },
    onError: (error) => told.push(error),
  })
  expect(await Promise.all([1, 2].map((item) => group.submit(work, item)))).toEqual([1, 2])
  await new Promise((resolve) => setImmediate(resolve))
  expect({ runs: runs(), told }).toEqual({ runs: 2, told: [fault] })
})

it('lets no more wait than its limit, and turns the next away', async () => {
  const { work, runs } = counting()
  const group = createGroupCommit({
    db: database.writer,
    auditKey: AUDIT_KEY,
    order: [work],
    announce: async () => {},
    onCommitted: () => {},
    onError: () => {},
  })
  const waiting = Array.from({ length: MAX_WAITING }, (_, item) => group.submit(work, item))
  expect(await codeOfAsync(group.submit(work, -1))).toBe('busy')
  await Promise.all(waiting)
  expect(await group.submit(work, 7)).toBe(7)
  expect(runs()).toBe(MAX_WAITING + 1)
})
