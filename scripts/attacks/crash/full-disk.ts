import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type PostgresCluster, startPostgres } from '../../postgres.ts'
import { openJudge } from '../judge.ts'
import { type Deployment, makeDeployment } from '../site/deployment.ts'
import { judgeVisits, type Verdict } from './verdict.ts'
import { type Refusals, sendVisitors } from './visitors.ts'
import { untilServed } from './wait.ts'

export type FullDisk = Verdict & { readonly refusals: Refusals; readonly name: string }

/** Refusals after which the disk has been full for long enough. */
const ENOUGH = 40
const LIMIT_MS = 20_000

/**
 * Fills the disk below a site while people present, makes room again, and asks for what they had been told. The disk is
 * a small one in memory, which root may mount; undefined where this process may not.
 */
export async function fillDisks(report: (line: string) => void): Promise<readonly FullDisk[] | undefined> {
  const sqlite = await onSmallDisk('8m', async (directory) =>
    fillDisk({ name: 'SQLite', directory, deployment: await makeDeployment({ directory }) }),
  )
  const postgres = await onSmallDisk('112m', async (directory) => {
    const cluster = await startPostgres({ directory, report })
    try {
      const deployment = await makeDeployment({ store: { url: cluster.url } })
      return await fillDisk({ name: 'PostgreSQL', directory, deployment, cluster })
    } finally {
      await cluster.stop()
    }
  })
  return sqlite && postgres && [sqlite, postgres]
}

async function onSmallDisk<T>(size: string, use: (directory: string) => Promise<T>): Promise<T | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'touchstone-disk-'))
  const options = `size=${size},mode=1777`
  try {
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'touchstone', directory]).status !== 0) return undefined
    try {
      return await use(directory)
    } finally {
      spawnSync('umount', ['-l', directory])
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

type Scene = {
  readonly name: string
  readonly directory: string
  readonly deployment: Deployment
  readonly cluster?: PostgresCluster
}

async function fillDisk({ name, directory, deployment, cluster }: Scene): Promise<FullDisk> {
  const site = await deployment.start()
  try {
    const judge = await openJudge(deployment)
    const before = await judge.counts()
    const crowd = sendVisitors(deployment, site.port)
    const deadline = performance.now() + LIMIT_MS
    while (crowd.visits.length < ENOUGH && performance.now() < deadline) await setTimeout(20)
    const filler = join(directory, 'filler')
    fill(filler)
    const refused = () => [...crowd.refusals.values()].reduce((sum, times) => sum + times, 0)
    while (refused() < ENOUGH && performance.now() < deadline + LIMIT_MS) {
      await setTimeout(20)
      fill(filler)
    }
    if (refused() < ENOUGH) throw new Error(`${name}: the disk was full, and nobody was refused`)
    rmSync(filler)
    await crowd.stop()
    // PostgreSQL ends where it cannot write its log, and is to be started again.
    if (cluster && cluster.pid() === undefined) await cluster.restart()
    await untilServed(site.port)
    const verdict = await judgeVisits({ deployment, judge, port: site.port }, crowd.visits, before)
    const problems = [
      ...verdict.problems,
      ...(await judge.auditFaults()).map((fault) => `audit log: ${fault}`),
      ...(await judge.damage()),
      ...[...crowd.refusals.keys()].filter((kind) => kind !== '503 store_unavailable'),
    ]
    await judge.close()
    return {
      ...verdict,
      name,
      refusals: crowd.refusals,
      problems: problems.map((line) => `${name}, disk full: ${line}`),
    }
  } finally {
    await site.kill()
    deployment.remove()
  }
}

/** Takes whatever room there is. */
function fill(path: string): void {
  const file = openSync(path, 'a')
  const block = Buffer.alloc(4096, 1)
  try {
    for (;;) writeSync(file, block)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    closeSync(file)
  }
}
