import { join } from 'node:path'
import type { PostgresCluster } from '../../scripts/postgres.ts'
import { median } from '../median.ts'
import type { BareOrder, BareProof, BareReport } from './bare.ts'
import { type Child, startChild } from './child.ts'
import { type Deployment, makeDeployment, QUESTIONS, type Question, SITE_ORIGIN, WALLET_ORIGIN } from './deployment.ts'
import type { LoadAnswer, LoadOrder, LoadReport, LoadRequest } from './load.ts'
import type { SiteReport } from './site.ts'

/** Medians of the rounds. */
export type LoadFigures = {
  readonly rounds: number
  readonly presentations: number
  readonly connections: number
  readonly questions: Readonly<Record<Question, QuestionFigures>>
}

export type QuestionFigures = { readonly bare: BareFigures; readonly sites: readonly SiteFigures[] }

/** Proofs per second. */
export type BareFigures = {
  /** One at a time. */
  readonly oneThread: number
  readonly twoThreads: number
  /** By a pool of one thread, as the server's is: what waits is verified together. */
  readonly together: number
}

export type SiteFigures = {
  readonly database: Database
  readonly processes: number
  /** Presentations accepted per second of opening sessions and posting. */
  readonly perSecond: number
  /** Medians of the rounds' ratios: to as many threads as there are processes, and to the pool's one. */
  readonly ratioToBare: number
  readonly ratioToTogether: number
  /** Parts of it: sessions opened, presentations taken, per second of either alone. */
  readonly sessionsPerSecond: number
  readonly presentationsPerSecond: number
  /** Results read by the site's own server afterwards; not part of `perSecond`. */
  readonly resultsPerSecond: number
  /** Of the request that brings the presentation, with as many under way as there are connections. */
  readonly p50Ms: number
  readonly p99Ms: number
}

type Database = 'sqlite' | 'postgresql'

export type LoadOptions = {
  readonly folder: string
  readonly postgres: PostgresCluster
  readonly rounds: number
  readonly presentations: number
  /** A folder for processor profiles of the servers. */
  readonly profile: string | undefined
  readonly report: (line: string) => void
}

const CONNECTIONS = 64

type Site = { readonly database: Database; readonly processes: number; readonly ports: readonly number[] }
type Load = Child<LoadOrder, LoadReport>
type Bare = Child<BareOrder, BareReport>

export async function measureLoad(options: LoadOptions): Promise<LoadFigures> {
  const { folder, postgres, rounds, presentations, report } = options
  const deployment = await makeDeployment(folder)
  const stores = {
    sqlite: { path: join(folder, 'load.sqlite') },
    postgresql: { url: await postgres.createDatabase('load') },
  }
  const children: { end(): Promise<void> }[] = []
  const started = <T extends { end(): Promise<void> }>(child: T): T => {
    children.push(child)
    return child
  }
  try {
    const sites: Site[] = []
    for (const database of ['sqlite', 'postgresql'] as const) {
      const settings = deployment.writeSettings(database, stores[database])
      const ports: number[] = []
      for (const index of [0, 1]) {
        const execArgv = profileFlags(options.profile, `${database}-${index}`)
        const child = started(await startChild<SiteReport, never, never>('site.ts', { args: [settings], execArgv }))
        ports.push(child.first?.port ?? 0)
      }
      sites.push({ database, processes: 1, ports: ports.slice(0, 1) }, { database, processes: 2, ports })
    }
    const load = started(await startChild<never, LoadOrder, LoadReport>('load.ts', { isReady: false }))
    const startBare = () => startChild<BareReport, BareOrder, BareReport>('bare.ts', { args: [deployment.keySet] })
    const bare = [started(await startBare()), started(await startBare())]

    const samples = new Map(QUESTIONS.map((question) => [question, [] as Round[]]))
    // The first rounds only warm.
    for (let round = -1; round <= rounds; round++) {
      report(`load: round ${round} of ${rounds}`)
      for (const question of QUESTIONS) {
        const taken = await measureRound({ question, sites, load, bare, deployment, presentations })
        if (round > 0) samples.get(question)?.push(taken)
      }
    }
    const questions = Object.fromEntries([...samples].map(([question, taken]) => [question, summarise(sites, taken)]))
    // Object.fromEntries widens the keys it was given.
    const figures = questions as Record<Question, QuestionFigures>
    return { rounds, presentations, connections: CONNECTIONS, questions: figures }
  } finally {
    await Promise.all(children.map((child) => child.end()))
  }
}

function profileFlags(directory: string | undefined, name: string): string[] {
  if (directory === undefined) return []
  return ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${name}.cpuprofile`]
}

type Round = { readonly bare: BareFigures; readonly sites: readonly SiteSample[] }

type SiteSample = Omit<SiteFigures, 'database' | 'processes' | 'ratioToBare' | 'ratioToTogether'>

type RoundOptions = {
  readonly question: Question
  readonly sites: readonly Site[]
  readonly load: Load
  readonly bare: readonly Bare[]
  readonly deployment: Deployment
  readonly presentations: number
}

async function measureRound({ sites, bare, ...options }: RoundOptions): Promise<Round> {
  const samples: SiteSample[] = []
  const rates: BareFigures[] = []
  for (const site of sites) {
    const { sample, proofs } = await measureSite(site, options)
    samples.push(sample)
    // The very proofs that the site has just taken, so that what slows the machine slows both.
    rates.push(await measureBare(bare, proofs))
  }
  const middle = (pick: (figures: BareFigures) => number) => median(rates.map(pick))
  const medians = {
    oneThread: middle(({ oneThread }) => oneThread),
    twoThreads: middle(({ twoThreads }) => twoThreads),
    together: middle(({ together }) => together),
  }
  return { bare: medians, sites: samples }
}

async function measureBare(bare: readonly Bare[], proofs: readonly BareProof[]): Promise<BareFigures> {
  const [first, second] = bare
  if (!first || !second) throw new Error('expected two processes that verify')
  const rate = async (children: readonly Bare[], how: BareOrder['how']) => {
    const reports = await Promise.all(children.map((child) => child.ask({ how, proofs })))
    const seconds = reports.map((report) => ('seconds' in report ? report.seconds : Number.NaN))
    return (children.length * proofs.length) / Math.max(...seconds)
  }
  return {
    oneThread: await rate([first], 'alone'),
    twoThreads: await rate([first, second], 'alone'),
    together: await rate([first], 'together'),
  }
}

async function measureSite(
  { ports }: Site,
  { question, load, deployment, presentations }: Omit<RoundOptions, 'sites' | 'bare'>,
): Promise<{ sample: SiteSample; proofs: readonly BareProof[] }> {
  const send = async (requests: readonly LoadRequest[], status: number) => {
    const answered = await load.ask({ ports, connections: CONNECTIONS, requests })
    const other = answered.answers.find((answer) => answer.status !== status)
    if (other) throw new Error(`a request was answered by ${other.status} ${other.body}`)
    return answered
  }
  const openings = Array.from({ length: presentations }, (): LoadRequest => {
    return { path: '/touchstone/sessions', origin: SITE_ORIGIN, body: JSON.stringify({ request: question }) }
  })
  const opened = await send(openings, 201)

  const proofs: BareProof[] = []
  const postings: LoadRequest[] = []
  for (const answer of opened.answers) {
    const { session, jws } = readBody(answer)
    const made = await deployment.present(jws ?? '')
    proofs.push(...made.proofs)
    postings.push({
      path: `/touchstone/sessions/${session}/presentation`,
      origin: WALLET_ORIGIN,
      body: made.body,
    })
  }
  const posted = await send(postings, 200)

  const readings = posted.answers.map((answer, place): LoadRequest => {
    const { code } = readBody(answer)
    const cookie = opened.answers[place]?.cookie ?? ''
    return { path: '/account', origin: SITE_ORIGIN, body: JSON.stringify({ code }), cookie }
  })
  const read = await send(readings, 200)

  const times = posted.answers.map(({ milliseconds }) => milliseconds).sort((left, right) => left - right)
  const sample = {
    perSecond: presentations / (opened.seconds + posted.seconds),
    sessionsPerSecond: presentations / opened.seconds,
    presentationsPerSecond: presentations / posted.seconds,
    resultsPerSecond: presentations / read.seconds,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  }
  return { sample, proofs }
}

function readBody({ body }: LoadAnswer): { session?: string; jws?: string; code?: string } {
  return JSON.parse(body)
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}

function summarise(sites: readonly Site[], rounds: readonly Round[]): QuestionFigures {
  const bareMedian = (pick: (figures: BareFigures) => number) =>
    Math.round(median(rounds.map(({ bare }) => pick(bare))))
  return {
    bare: {
      oneThread: bareMedian(({ oneThread }) => oneThread),
      twoThreads: bareMedian(({ twoThreads }) => twoThreads),
      together: bareMedian(({ together }) => together),
    },
    sites: sites.map(({ database, processes }, place) => {
      const taken = rounds.flatMap(({ bare, sites: samples }) => {
        const sample = samples[place]
        return sample ? [{ bare, sample }] : []
      })
      const middle = (pick: (each: (typeof taken)[number]) => number) => rounded(median(taken.map(pick)))
      return {
        database,
        processes,
        perSecond: Math.round(middle(({ sample }) => sample.perSecond)),
        ratioToBare: middle(
          ({ bare, sample }) => sample.perSecond / (processes === 1 ? bare.oneThread : bare.twoThreads),
        ),
        ratioToTogether: middle(({ bare, sample }) => sample.perSecond / bare.together),
        sessionsPerSecond: Math.round(middle(({ sample }) => sample.sessionsPerSecond)),
        presentationsPerSecond: Math.round(middle(({ sample }) => sample.presentationsPerSecond)),
        resultsPerSecond: Math.round(middle(({ sample }) => sample.resultsPerSecond)),
        p50Ms: middle(({ sample }) => sample.p50Ms),
        p99Ms: middle(({ sample }) => sample.p99Ms),
      }
    }),
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
