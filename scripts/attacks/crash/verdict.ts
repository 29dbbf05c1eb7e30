import type { Counts, Judge } from '../judge.ts'
import { type Answer, openSession, postPresentation, readResult } from '../site/client.ts'
import type { Deployment } from '../site/deployment.ts'
import type { Visit } from './visitors.ts'

/** What a life of the site came to, asked of the next. */
export type Verdict = {
  readonly acknowledged: number
  /** Sent, and never answered. */
  readonly unanswered: number
  /** Acknowledged, and not there or not readable. */
  readonly lost: number
  /** Accepted, or read, more often than once. */
  readonly twice: number
  readonly problems: readonly string[]
}

type Court = { readonly deployment: Deployment; readonly judge: Judge; readonly port: number }

/** How many of the visitors try the act again in another session: one in so many. */
const AGAIN_EVERY = 8
/** Visits that are asked for at the same time. */
const AT_ONCE = 8

/**
 * Looks for everything that visitors were told before the site died: each presentation is sent again, and does nothing;
 * each result is read, or was; some of the people try the act again in another session. Who was never answered tries
 * again too, and gets what an honest wallet gets that does. Then the rows are counted.
 */
export async function judgeVisits(court: Court, visits: readonly Visit[], before: Counts): Promise<Verdict> {
  const acknowledged = visits.filter(({ code }) => code !== undefined).length
  const tally = makeTally()
  async function judge(visit: Visit, index: number): Promise<void> {
    await sendAgain(court, visit, tally)
    if (visit.code === undefined) return
    await readAgain(court, visit.code, visit, tally)
    if (index % AGAIN_EVERY === 0) await actAgain(court, visit, tally)
  }
  for (let from = 0; from < visits.length; from += AT_ONCE) {
    await Promise.all(visits.slice(from, from + AT_ONCE).map((visit, place) => judge(visit, from + place)))
  }
  const expected = before.accepted + visits.filter(({ code }) => code !== undefined).length
  countRows(await court.judge.counts(), expected, tally)
  const { lost, twice, problems } = tally
  return { acknowledged, unanswered: visits.length - acknowledged, lost, twice, problems }
}

type Tally = ReturnType<typeof makeTally>

function makeTally() {
  const tally = { lost: 0, twice: 0, problems: [] as string[] }
  return Object.assign(tally, {
    addLost: (what: string, rows = 1) => {
      tally.lost += rows
      tally.problems.push(what)
    },
    addTwice: (what: string, rows = 1) => {
      tally.twice += rows
      tally.problems.push(what)
    },
  })
}

async function sendAgain({ port }: Court, visit: Visit, tally: Tally): Promise<void> {
  const { session, presentation, code } = visit
  const again = await postPresentation(port, session.session, presentation)
  if (code === undefined) {
    // It may have been accepted before the end; the wallet was not told, and must be told now.
    if (again.code === undefined) tally.addLost(`an unanswered presentation, sent again: ${told(again)}`)
    else visit.code = again.code
    return
  }
  if (again.status !== 200) tally.addLost(`an acknowledged presentation, sent again: ${told(again)}`)
  else if (!again.replayed) tally.addTwice('an acknowledged presentation was accepted again')
  else if (again.code !== code) tally.addTwice('an acknowledged presentation was given another code')
}

async function readAgain({ port }: Court, code: string, visit: Visit, tally: Tally): Promise<void> {
  const { session, presentation, read } = visit
  const result = await readResult(port, code, session.cookie)
  const wasRead = result.error === 'result_already_read'
  const isRight = result.answers?.raffle?.nullifier === presentation.answers[0]?.nullifier
  if (read === 'yes' && !wasRead) tally.addTwice(`a result that was read: ${told(result)}`)
  if (read === 'no' && !isRight) tally.addLost(`a result that nobody has read: ${told(result)}`)
  if (read === 'asked' && !isRight && !wasRead) tally.addLost(`a result that was asked for: ${told(result)}`)
}

async function actAgain({ port, deployment }: Court, { person }: Visit, tally: Tally): Promise<void> {
  const other = await openSession(port, 'raffle')
  const refused = await postPresentation(port, other.session, await deployment.present(other.jws, person))
  if (refused.error !== 'nullifier_used') tally.addTwice(`the act in another session: ${told(refused)}`)
}

/** A session, a name and an audit row for each that was accepted, neither more nor less. */
function countRows({ done, names, accepted }: Counts, expected: number, tally: Tally): void {
  const found = `${done} sessions, ${names} names, ${accepted} audit rows for ${expected} presentations`
  const [least, most] = [Math.min(done, names, accepted), Math.max(done, names, accepted)]
  if (least < expected) tally.addLost(found, expected - least)
  if (most > expected) tally.addTwice(found, most - expected)
}

function told({ status, error }: Answer): string {
  return `${status} ${error ?? ''}`.trim()
}
