import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openSqlite } from '../../server/sqlite.ts'

it('makes the file, its companions and its folder for their owner alone, whatever the umask', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'touchstone-sqlite-'))
  const umask = process.umask(0)
  try {
    const path = join(directory, 'new', 'issuer.sqlite')
    const database = await openSqlite<{ persons: { name: string } }>(path, {
      '0001_persons': {
        async up(db) {
          await db.schema.createTable('persons').addColumn('name', 'text').execute()
        },
      },
    })
    await database.insertInto('persons').values({ name: 'Ada' }).execute()
    const mode = (name: string) => statSync(name).mode & 0o777
    expect([path, `${path}-wal`, `${path}-shm`].map(mode)).toEqual([0o600, 0o600, 0o600])
    expect(mode(join(directory, 'new'))).toBe(0o700)
    await database.destroy()
  } finally {
    process.umask(umask)
    rmSync(directory, { recursive: true })
  }
})
