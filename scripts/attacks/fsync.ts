import { join } from 'node:path'
import { atMost } from '../bar.ts'
import { type PostgresCluster, startPostgres } from '../postgres.ts'
import { childrenOf } from './crash/backends.ts'
import { type Answered, countSyncs, isSafe } from './fsync/order.ts'
import { startTrace } from './fsync/trace.ts'
import type { AttackContext, AttackPart } from './part.ts'
import { openSession, preparePresentation } from './site/client.ts'
import { type Deployment, makeDeployment } from './site/deployment.ts'

/** Presentations one after the other, and at once. */
const SINGLE = 24
const TOGETHER = 40

/**
 * Watches what the site and its database ask of the kernel: no presentation may be answered before the disk has said
 * that it has the log of its commit. `kill -9` does not show this, for what the kernel has is written all the same; a
 * loss of power would.
 */
export const fsync: AttackPart = async (context) => {
  const sqlite = await attack('SQLite', await makeDeployment(), context)
  const cluster = await startPostgres({ report: context.progress })
  try {
    const deployment = await makeDeployment({ store: { url: cluster.url } })
    const postgres = await attack('PostgreSQL', deployment, context, cluster)
    const both = [sqlite, postgres]
    return {
      bars: [
        atMost(0, {
          name: 'answered before fsync',
          value: both.reduce((sum, { early }) => sum + early, 0),
          unit: `of ${2 * (SINGLE + TOGETHER)}`,
        }),
        atMost(TOGETHER - 1, {
          name: `fsyncs for ${TOGETHER} at once`,
          value: Math.max(...both.map(({ syncs }) => syncs)),
          unit: 'of the log',
        }),
      ],
      lines: both.flatMap(({ lines }) => lines),
    }
  } finally {
    await cluster.stop()
  }
}

async function attack(name: string, deployment: Deployment, { progress }: AttackContext, cluster?: PostgresCluster) {
  const site = await deployment.start()
  try {
    // Its connections to the database are there before anybody looks.
    await present(deployment, site.port, 8)
    const postmaster = cluster?.pid()
    const pids = [site.pid, ...(postmaster === undefined ? [] : [postmaster, ...childrenOf(postmaster)])]
    const trace = await startTrace(pids, { file: join(deployment.folder, 'trace'), report: progress })
    const single: Answered[] = []
    for (let index = 0; index < SINGLE; index++) single.push(...(await present(deployment, site.port, 1)))
    const together = await present(deployment, site.port, TOGETHER)
    const events = await trace.stop()
    const early = [
      ...single.filter((answered) => !isSafe(events, answered, 'all')),
      ...together.filter((answered) => !isSafe(events, answered, 'some')),
    ]
    const syncs = countSyncs(events, together)
    progress(`${name}: ${early.length} answered early; ${syncs} fsyncs for ${TOGETHER} at once`)
    const lines = [
      `${name}: ${SINGLE} presentations one after the other and ${TOGETHER} at once, which shared ${syncs} fsyncs of the log`,
    ]
    return { early: early.length, syncs, lines }
  } finally {
    await site.kill()
    deployment.remove()
  }
}

/** So many people at once. */
async function present(deployment: Deployment, port: number, count: number): Promise<Answered[]> {
  const visits = await Promise.all(
    Array.from({ length: count }, async () => {
      const { session, jws } = await openSession(port, 'raffle')
      const presentation = await deployment.present(jws, deployment.person())
      return { session, body: Buffer.from(JSON.stringify(presentation)) }
    }),
  )
  return Promise.all(
    visits.map(async ({ session, body }) => {
      const { code, status, error } = await preparePresentation(port, session, { body }).send()
      if (code === undefined) throw new Error(`a presentation was answered by ${status} ${error}`)
      return { session, code }
    }),
  )
}
