import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { AssetBuildError } from '../../scripts/start/assets.ts'
import { explain } from '../../scripts/start/explain.ts'
import { listen } from '../../server/listen.ts'

async function errorOf(act: () => unknown): Promise<unknown> {
  try {
    await act()
  } catch (error) {
    return error
  }
  throw new Error('expected it to fail')
}

it('a busy port: names it, and offers no other', async () => {
  const listener = await listen(0)
  const line = explain(await errorOf(() => listen(listener.port)))
  await listener.close()
  expect(line).toMatch(new RegExp(`^Port ${listener.port} is in use, .* start again\\.$`))
})

it('a full disk: from the file system, from SQLite, and as the cause of something else', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  const wanted = /^The disk is full\. /
  expect(explain(full)).toMatch(wanted)
  expect(explain(new Error('the keys could not be written', { cause: full }))).toMatch(wanted)
  expect(explain(new AssetBuildError('Caused by:\n  No space left on device (os error 28)'))).toMatch(wanted)
  expect(explain(new AssetBuildError('Error: no such import'))).toBe('Error: no such import')
  const database = new DatabaseSync(':memory:')
  database.exec('PRAGMA max_page_count = 2; CREATE TABLE t (x)')
  const fill = () => database.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(100_000))
  expect(explain(await errorOf(fill))).toMatch(wanted)
  database.close()
})

it('a folder that cannot be written: names it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'touchstone-explain-'))
  const file = join(directory, 'data')
  writeFileSync(file, '')
  const line = explain(await errorOf(() => mkdir(join(file, 'keys'), { recursive: true })))
  expect(line).toMatch(/^Cannot write to .*data.* \(ENOTDIR\)\. /)
  expect(explain(await errorOf(() => new DatabaseSync(directory)))).toMatch(/^Cannot write to a database /)
  rmSync(directory, { recursive: true })
})

it('says nothing of what only its authors can mend', () => {
  expect(explain(new TypeError('x is undefined'))).toBeUndefined()
  expect(explain('a string')).toBeUndefined()
})
