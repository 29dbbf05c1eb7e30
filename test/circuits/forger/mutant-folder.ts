import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../../../scripts/circuits/compile.ts'

const FOLDER = join(PROJECT_ROOT, 'build/mutants')

/** A folder of this process for one changed circuit and what is compiled from it. Who asks for it removes it. */
export async function makeMutantFolder(name: string): Promise<string> {
  const folder = join(FOLDER, `${process.pid}-${name}`)
  await mkdir(folder, { recursive: true })
  return folder
}

/** Removes the folders of processes that were killed at their work. Those of running ones stay. */
export async function removeLeftMutants(): Promise<void> {
  const names = await readdir(FOLDER).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const left = names.filter((name) => {
    const pid = /^(\d+)-/.exec(name)?.[1]
    return pid !== undefined && !isRunning(Number(pid))
  })
  await Promise.all(left.map((name) => rm(join(FOLDER, name), { recursive: true, force: true })))
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 only asks.
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
