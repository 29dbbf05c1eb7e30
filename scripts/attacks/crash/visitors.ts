import type { TestPerson } from '../../../sdk/testing.ts'
import { type Answer, openSession, postPresentation, RefusedError, readResult, type Session } from '../site/client.ts'
import type { Deployment, WirePresentation } from '../site/deployment.ts'

/** What one visitor did and was told; a site that dies may have done more than it told. */
export type Visit = {
  readonly person: TestPerson
  readonly session: Session
  readonly presentation: WirePresentation
  /** The code that a 200 brought: acknowledged. */
  code?: string
  /** Whether the result was asked for, and whether it came. */
  read: 'no' | 'asked' | 'yes'
}

/** Answers that were not 200, by status and code. */
export type Refusals = Map<string, number>

export type Crowd = {
  readonly visits: readonly Visit[]
  readonly refusals: Refusals
  /** No new visits; done when those under way have ended, one way or another. */
  stop(): Promise<void>
}

const VISITORS = 12
const PAUSE_MS = 20

/** People who come one after the other, each present once, every second one reads the result, until told to stop. */
export function sendVisitors(deployment: Deployment, port: number): Crowd {
  const visits: Visit[] = []
  const refusals: Refusals = new Map()
  let isOpen = true

  async function visitOnce(readsResult: boolean): Promise<void> {
    const session = await openSession(port, 'raffle')
    const person = deployment.person()
    const presentation = await deployment.present(session.jws, person)
    const visit: Visit = { person, session, presentation, read: 'no' }
    visits.push(visit)
    const answer = await postPresentation(port, session.session, presentation)
    if (answer.status !== 200 || answer.code === undefined) throw new RefusedError('a presentation', answer)
    visit.code = answer.code
    if (!readsResult) return
    visit.read = 'asked'
    const result = await readResult(port, answer.code, session.cookie)
    if (result.status !== 200) throw new RefusedError('a reading', result)
    visit.read = 'yes'
  }

  async function keepVisiting(offset: number): Promise<void> {
    for (let turn = offset; isOpen; turn++) {
      try {
        await visitOnce(turn % 2 === 0)
      } catch (error) {
        if (error instanceof RefusedError) count(refusals, error.answer)
        else if (!isBroken(error)) throw error
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      }
    }
  }

  const all = Promise.all(Array.from({ length: VISITORS }, (_, index) => keepVisiting(index)))
  // Whoever stops the crowd hears of it.
  all.catch(() => undefined)
  return {
    visits,
    refusals,
    async stop() {
      isOpen = false
      await all
    },
  }
}

function count(refusals: Refusals, { status, error }: Answer): void {
  const kind = `${status} ${error ?? 'without a code'}`
  refusals.set(kind, (refusals.get(kind) ?? 0) + 1)
}

/** A connection that went with the process, or found none. */
export function isBroken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ECONNRESET' || code === 'ECONNREFUSED' || code === 'EPIPE'
}
