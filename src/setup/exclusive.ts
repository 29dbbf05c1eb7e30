import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 100
const SQLITE_BUSY = 5

/**
 * Runs `work` while no other process (or caller in this one) runs its own under the same lock file; waits for its
 * turn. The lock is the operating system's, taken through SQLite, so it goes when its process does, however it ends.
 */
export async function exclusively<Result>(
  lockFile: string,
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const database = new DatabaseSync(lockFile, { timeout: 0 })
  try {
    while (!acquire(database)) await delay(POLL_MS, undefined, { signal })
    return await work()
  } finally {
    database.close()
  }
}

function acquire(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false
    throw error
  }
}
