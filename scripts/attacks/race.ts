import { setTimeout } from 'node:timers/promises'
import { atLeast, atMost } from '../bar.ts'
import { startPostgres } from '../postgres.ts'
import { ENCODINGS, FOREIGN_SPELLINGS } from './encodings.ts'
import { type Judge, openJudge } from './judge.ts'
import type { AttackContext, AttackPart } from './part.ts'
import { rerandomise } from './rerandomise.ts'
import { type Answer, openSession, preparePresentation, readResult, type Sending, type Session } from './site/client.ts'
import { type Deployment, makeDeployment, type WirePresentation } from './site/deployment.ts'
import type { SiteProcess } from './site/start-process.ts'

const ROUNDS = { quick: 2, short: 20, long: 100 }
const REQUESTS = 1_000
/** Sessions of the one holder, all for the act that the holder may do once. */
const SESSIONS = 24
/** Of the first session's presentation, besides its twelve spellings. */
const RERANDOMISED = 100
const PAUSE_MS = 50

/** What a round came to, by three witnesses: what clients were told, the ledger, and the audit log. */
type Round = {
  readonly answered: number
  readonly inLedger: number
  readonly inAudit: number
  /** What was wrong besides, in words. */
  readonly problems: readonly string[]
  /** The refusals' codes, and how often. */
  readonly codes: ReadonlyMap<string, number>
  /** Turned away as busy, and sent again. */
  readonly resent: number
}

/**
 * One act that a holder may do once, and a thousand requests at once that each would do it: the same presentation in
 * every spelling, under other proofs that hold, and in other sessions, over two processes on one database.
 */
export const race: AttackPart = async (context) => {
  const sqlite = await attack('SQLite', await makeDeployment(), context)
  const cluster = await startPostgres({ report: context.progress })
  try {
    const postgres = await attack('PostgreSQL', await makeDeployment({ store: { url: cluster.url } }), context)
    const rounds = [...sqlite.rounds, ...postgres.rounds]
    const accepted = rounds.flatMap(({ answered, inLedger, inAudit }) => [answered, inLedger, inAudit])
    const problems = [...sqlite.problems, ...postgres.problems, ...rounds.flatMap((round) => round.problems)]
    return {
      bars: [
        atMost(1, { name: 'race accepted', value: Math.max(...accepted), unit: 'of 1,000, most' }),
        atLeast(
          1,
          { name: 'race accepted, least', value: Math.min(...accepted), unit: 'of 1,000' },
          problems.length === 0,
        ),
      ],
      lines: [...sqlite.lines, ...postgres.lines, ...problems],
    }
  } finally {
    await cluster.stop()
  }
}

async function attack(name: string, deployment: Deployment, { form, progress }: AttackContext) {
  const processes: SiteProcess[] = []
  const rounds: Round[] = []
  try {
    processes.push(await deployment.start())
    processes.push(await deployment.start())
    const judge = await openJudge(deployment)
    const spelt = await refuseForeign(deployment, processes)
    for (let round = 0; round < ROUNDS[form]; round++) {
      const outcome = await raceOnce(deployment, { processes, judge, round })
      rounds.push(outcome)
      const { answered, inLedger, inAudit } = outcome
      progress(`${name}, round ${round + 1}: ${answered} accepted, ${inLedger} in the ledger, ${inAudit} in the log`)
    }
    const audit = (await judge.auditFaults()).map((fault) => `${name}: audit log: ${fault}`)
    await judge.close()
    const faults = processes.flatMap(({ faults }) => faults).map((fault) => `${name}: unforeseen: ${fault}`)
    const lines = [lineOf(name, rounds), `${name}: ${spelt} foreign spellings refused by their codes`]
    return { rounds, lines, problems: [...audit, ...faults] }
  } finally {
    for (const process of processes) await process.kill()
    deployment.remove()
  }
}

/** Each alone before the race, against a session that takes the right spelling afterwards. */
async function refuseForeign(deployment: Deployment, processes: readonly SiteProcess[]): Promise<number> {
  const [{ port } = { port: 0 }] = processes
  const { session, jws } = await openSession(port, 'raffle')
  const presentation = await deployment.present(jws, deployment.person())
  for (const [name, { spell, code }] of Object.entries(FOREIGN_SPELLINGS)) {
    const { status, error } = await preparePresentation(port, session, spell(presentation)).send()
    if (error !== code || status >= 500) throw new Error(`${name}: answered by ${status} ${error}, not by ${code}`)
  }
  let accepted: string | undefined
  for (const [name, spell] of Object.entries(ENCODINGS)) {
    const { status, code, error } = await preparePresentation(port, session, spell(presentation)).send()
    if (code === undefined) throw new Error(`${name}: answered by ${status} ${error}, not by a code`)
    if (code !== (accepted ?? code)) throw new Error(`${name}: not taken as the same presentation`)
    accepted = code
  }
  return Object.keys(FOREIGN_SPELLINGS).length
}

type Entrant = { readonly session: Session; readonly presentation: WirePresentation }

/** A request of the race; `mayWin` is false for what must be refused in any case. */
type Runner = { readonly session: Session; readonly sending: Sending; readonly mayWin: boolean }

async function raceOnce(
  deployment: Deployment,
  { processes, judge, round }: { processes: readonly SiteProcess[]; judge: Judge; round: number },
): Promise<Round> {
  const holder = deployment.person()
  const portOf = (index: number) => processes[index % processes.length]?.port ?? 0
  const entrants: Entrant[] = await Promise.all(
    Array.from({ length: SESSIONS }, async (_, index) => {
      const session = await openSession(portOf(index), 'raffle')
      return { session, presentation: await deployment.present(session.jws, holder) }
    }),
  )
  const runners = makeRunners(entrants, round)
  const before = await judge.counts()
  const held = runners.map(({ session, sending }, index) =>
    preparePresentation(portOf(index), session.session, sending),
  )
  // Time for all that is under way to arrive, so that one byte each is all that the race is about.
  await setTimeout(PAUSE_MS)
  let resent = 0
  const answers = await Promise.all(
    held.map(async (request, index) => {
      const runner = runners[index]
      let answer = await request.send()
      for (; runner && answer.status === 503; resent++) {
        await setTimeout(PAUSE_MS)
        answer = await preparePresentation(portOf(index), runner.session.session, runner.sending).send()
      }
      return answer
    }),
  )
  const after = await judge.counts()
  const wins = answers.filter(({ status, replayed }) => status === 200 && !replayed)
  const nullifier = entrants[0]?.presentation.answers[0]?.nullifier ?? ''
  return {
    answered: wins.length,
    inLedger: Math.max(after.names - before.names, after.done - before.done, await judge.rowsOf(nullifier)),
    inAudit: after.accepted - before.accepted,
    problems: await findProblems({ answers, runners, port: portOf(round), nullifier }),
    codes: tally(answers),
    resent,
  }
}

/** Shuffled by the round, so that another kind stands first each time. */
function makeRunners(entrants: readonly Entrant[], round: number): Runner[] {
  const [first] = entrants
  if (!first) throw new Error('a race needs a session')
  const others = rerandomise(first.presentation, RERANDOMISED)
  const spellings = Object.values(ENCODINGS)
  const foreign = Object.values(FOREIGN_SPELLINGS)
  const runners: Runner[] = [
    ...others.map((presentation, index) => entry(first.session, spellings[index % 12]?.(presentation))),
    ...foreign.map(({ spell }) => ({ ...entry(first.session, spell(first.presentation)), mayWin: false })),
  ]
  for (let index = 0; runners.length < REQUESTS; index++) {
    // Every second one is the first session's; the others go round.
    const entrant = entrants[index % 2 === 0 ? 0 : ((index - 1) / 2) % entrants.length] ?? first
    runners.push(entry(entrant.session, spellings[(index >> 1) % 12]?.(entrant.presentation)))
  }
  const start = (round * 389) % REQUESTS
  // 7 and 1,000 have no common divisor: every place is taken once.
  return runners.map((runner, index) => runners[(start + 7 * index) % REQUESTS] ?? runner)
}

function entry(session: Session, sending: Sending | undefined): Runner {
  return { session, sending: sending ?? { body: new Uint8Array(1) }, mayWin: true }
}

/** The codes with which a request of a race may rightly be refused. */
const RIGHT_CODES: ReadonlySet<string | undefined> = new Set(['challenge_used', 'nullifier_used', 'session_cancelled'])

async function findProblems(race: {
  answers: readonly Answer[]
  runners: readonly Runner[]
  port: number
  nullifier: string
}): Promise<string[]> {
  const { answers, runners, port, nullifier } = race
  const problems: string[] = []
  for (const [index, { status, code, error }] of answers.entries()) {
    const { mayWin = false } = runners[index] ?? {}
    if (status === 200 && (!mayWin || code === undefined)) problems.push('a spelling was accepted that is none')
    if (status !== 200 && mayWin && !RIGHT_CODES.has(error))
      problems.push(`a request was answered by ${status} ${error}`)
  }
  const codes = new Set(answers.flatMap(({ status, code }) => (status === 200 ? [code] : [])))
  if (codes.size > 1) problems.push(`${codes.size} codes were given out`)
  const winner = answers.findIndex(({ status, replayed }) => status === 200 && !replayed)
  const { code } = answers[winner] ?? {}
  const { cookie } = runners[winner]?.session ?? {}
  if (code === undefined || cookie === undefined) return [...problems, 'nobody has won']
  const reads = [await readResult(port, code, cookie), await readResult(port, code, cookie)]
  if (reads[0]?.answers?.raffle?.nullifier !== nullifier) problems.push('the winner’s result cannot be read')
  if (reads[1]?.error !== 'result_already_read') problems.push('the winner’s result could be read twice')
  return problems
}

function tally(answers: readonly Answer[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { status, replayed, error } of answers) {
    const kind = status === 200 ? (replayed ? 'replayed' : 'accepted') : (error ?? `${status}`)
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

function lineOf(name: string, rounds: readonly Round[]): string {
  const total = new Map<string, number>()
  for (const { codes } of rounds) {
    for (const [kind, count] of codes) total.set(kind, (total.get(kind) ?? 0) + count)
  }
  const kinds = [...total].sort(([, one], [, other]) => other - one).map(([kind, count]) => `${count} ${kind}`)
  const resent = rounds.reduce((sum, round) => sum + round.resent, 0)
  return `${name}: ${rounds.length} rounds of ${REQUESTS}: ${kinds.join(', ')}; ${resent} sent again where busy`
}
