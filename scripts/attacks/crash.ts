import { setTimeout } from 'node:timers/promises'
import { atMost } from '../bar.ts'
import { type PostgresCluster, startPostgres } from '../postgres.ts'
import { backendsOf } from './crash/backends.ts'
import { type FullDisk, fillDisks } from './crash/full-disk.ts'
import { judgeVisits, type Verdict } from './crash/verdict.ts'
import { type Refusals, sendVisitors } from './crash/visitors.ts'
import { until, untilServed } from './crash/wait.ts'
import { openJudge } from './judge.ts'
import type { AttackContext, AttackPart } from './part.ts'
import { type SeededRandom, seededRandom } from './random.ts'
import { type Deployment, makeDeployment } from './site/deployment.ts'
import { FAILPOINTS, type FailpointName } from './site/failpoints.ts'
import type { SiteProcess } from './site/start-process.ts'

/** The site's process at a point or at a random moment, PostgreSQL's postmaster, or one of its backends. */
type Victim = FailpointName | 'site' | 'postmaster' | 'backend'

/** In this order, again and again. */
const SQLITE_VICTIMS: readonly Victim[] = [
  'transaction begun',
  'site',
  'challenge consumed',
  'name held',
  'audit row written',
  'before commit',
  'after commit',
  'site',
  'before the answer',
  'result taken',
]
const POSTGRES_VICTIMS: readonly Victim[] = [
  'postmaster',
  'before commit',
  'backend',
  'after commit',
  'site',
  'postmaster',
  'name held',
  'backend',
  'before the answer',
  'audit row written',
]
/** For each of the two databases. */
const KILLS = { quick: 2, short: 10, long: 100 }
/** How often a point is passed at most before the process dies at it. */
const MOST_PASSES = 25
/** How long at most it lives after the first visitor has been told something. */
const MOST_MS = 500
const OUTAGE_MS = 200

type Life = Verdict & {
  readonly refusals: Refusals
  /** The site's process did not survive that its database was killed. */
  readonly died: boolean
}

/**
 * Kills the site, and the database below it, by `kill -9` while people present and read their results; starts it again
 * and asks for everything that they had been told.
 */
export const crash: AttackPart = async (context) => {
  const sqlite = await attack({ name: 'SQLite', deployment: await makeDeployment(), victims: SQLITE_VICTIMS }, context)
  const cluster = await startPostgres({ report: context.progress })
  try {
    const deployment = await makeDeployment({ store: { url: cluster.url } })
    const postgres = await attack({ name: 'PostgreSQL', deployment, cluster, victims: POSTGRES_VICTIMS }, context)
    return report([sqlite, postgres], await fillDisks(context.progress))
  } finally {
    await cluster.stop()
  }
}

function report(attacked: readonly Awaited<ReturnType<typeof attack>>[], disks: readonly FullDisk[] | undefined) {
  const lives = attacked.flatMap((each) => each.lives)
  const damage = attacked.flatMap((each) => each.damage)
  const verdicts: Verdict[] = [...lives, ...(disks ?? [])]
  const sum = (count: (verdict: Verdict) => number) => verdicts.reduce((total, verdict) => total + count(verdict), 0)
  const unit = `of ${sum(({ acknowledged }) => acknowledged)} in ${lives.length} kills`
  const problems = new Set(verdicts.flatMap((verdict) => verdict.problems))
  const full = disks?.map(
    ({ name, acknowledged, refusals }) => `${name}, disk full: ${talliesOf(acknowledged, refusals)}`,
  )
  return {
    bars: [
      atMost(0, { name: 'acknowledged lost', value: sum(({ lost }) => lost), unit }),
      atMost(0, { name: 'accepted twice', value: sum(({ twice }) => twice), unit }),
      atMost(0, {
        name: 'sites gone with a database',
        value: lives.filter(({ died }) => died).length,
        unit: 'processes',
      }),
      atMost(0, { name: 'databases damaged', value: damage.length, unit: 'findings' }),
      atMost(0, { name: 'other findings', value: problems.size, unit: 'kinds' }),
    ],
    lines: [
      ...attacked.flatMap(({ lines }) => lines),
      ...(full ?? ['full disks: only root may mount the small one that this needs; test/sdk/store has SQLite’s']),
      ...damage,
      ...problems,
    ],
  }
}

type Target = {
  readonly name: string
  readonly deployment: Deployment
  readonly cluster?: PostgresCluster
  readonly victims: readonly Victim[]
}

async function attack({ name, deployment, cluster, victims }: Target, { form, seed, progress }: AttackContext) {
  const lives: Life[] = []
  const faults: string[] = []
  const damage: string[] = []
  const random = seededRandom(seed)
  let site = await deployment.start()
  try {
    const judge = await openJudge(deployment)
    for (let life = 0; life < KILLS[form]; life++) {
      const victim = victims[life % victims.length] ?? 'site'
      const before = await judge.counts()
      const crowd = sendVisitors(deployment, site.port)
      await until(
        () => crowd.visits.some(({ code }) => code !== undefined),
        () => 'nobody was let in',
      )
      await killVictim(victim, { site, cluster, random })
      // The site goes on without its database for a while, and has to say so.
      if (site.isAlive()) await setTimeout(OUTAGE_MS)
      await crowd.stop()
      if (victim === 'postmaster') await cluster?.restart()
      const died = !site.isAlive() && (victim === 'postmaster' || victim === 'backend')
      if (!site.isAlive()) {
        faults.push(...site.faults)
        site = await deployment.start()
      }
      await untilServed(site.port)
      const verdict = await judgeVisits({ deployment, judge, port: site.port }, crowd.visits, before)
      damage.push(...(await judge.auditFaults()).map((fault) => `${name}: audit log: ${fault}`))
      lives.push({ ...verdict, refusals: crowd.refusals, died })
      const { acknowledged, unanswered, lost, twice } = verdict
      progress(`${name}, ${victim}: ${acknowledged} acknowledged, ${unanswered} not; ${lost} lost, ${twice} twice`)
    }
    faults.push(...site.faults)
    await site.kill()
    damage.push(...(await judge.damage()).map((line) => `${name}: ${line}`))
    await judge.close()
    return {
      lives,
      damage,
      lines: [
        lineOf(name, lives),
        ...new Set(faults.map((fault) => `${name}: onError was told: ${fault.split('\n')[0]}`)),
      ],
    }
  } finally {
    await site.kill()
    deployment.remove()
  }
}

type Scene = {
  readonly site: SiteProcess
  readonly cluster: PostgresCluster | undefined
  readonly random: SeededRandom
}

async function killVictim(victim: Victim, { site, cluster, random }: Scene): Promise<void> {
  if (isFailpoint(victim)) {
    site.dieAt(victim, 1 + random.below(MOST_PASSES))
    await until(
      () => !site.isAlive(),
      () => `the point “${victim}” was not reached`,
    )
    return
  }
  await setTimeout(random.below(MOST_MS))
  if (victim === 'site') await site.kill()
  else if (victim === 'postmaster') await cluster?.kill('SIGKILL')
  else {
    process.kill(random.pick(backendsOf(cluster?.pid())), 'SIGKILL')
  }
}

function isFailpoint(victim: Victim): victim is FailpointName {
  return Object.hasOwn(FAILPOINTS, victim)
}

function lineOf(name: string, lives: readonly Life[]): string {
  const refusals: Refusals = new Map()
  for (const life of lives) {
    for (const [kind, times] of life.refusals) refusals.set(kind, (refusals.get(kind) ?? 0) + times)
  }
  const acknowledged = lives.reduce((sum, life) => sum + life.acknowledged, 0)
  return `${name}: ${lives.length} kills; ${talliesOf(acknowledged, refusals)}`
}

function talliesOf(acknowledged: number, refusals: Refusals): string {
  const kinds = [...refusals].map(([kind, times]) => `${times} answered by ${kind}`)
  return [`${acknowledged} acknowledged`, ...kinds].join(', ')
}
