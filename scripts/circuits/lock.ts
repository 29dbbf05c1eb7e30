import { readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Runs `work` while holding a lock file that holds this process's id, so that several processes that need the same
 * artefact do not all make it. A lock whose process is gone is taken over. This saves work and is no more: `work` must
 * itself be safe when two processes run it at once.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  while (!(await acquire(path))) await delay(POLL_MS, undefined, { signal })
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

const POLL_MS = 100

async function acquire(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const holder = Number(await readFile(path, 'utf8').catch(() => ''))
  // An empty file is a lock about to be written; its writer will be seen at the next look.
  if (holder > 0 && !isRunning(holder)) await rm(path, { force: true })
  return false
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
