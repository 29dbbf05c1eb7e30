import { serverError } from './error-codes.ts'

export type VerificationQueue = {
  /** Runs a check when its turn comes. Throws `busy` where too many are under way, or one of the same session is. */
  run<T>(session: string, check: () => Promise<T>): Promise<T>
  /** The same, and then `finish` with what the check gave: out of turn, with the session's place still taken. */
  runThen<T, R>(session: string, check: () => Promise<T>, finish: (checked: T) => Promise<R>): Promise<R>
}

/**
 * One check at a time: what is waiting takes a place in the queue, and no processor time. A session has one place, so
 * that no session can keep the others out.
 */
export function createVerificationQueue({ limit }: { limit: number }): VerificationQueue {
  const places = new Set<string>()
  let last: Promise<unknown> = Promise.resolve()
  const runThen: VerificationQueue['runThen'] = async (session, check, finish) => {
    if (places.size >= limit || places.has(session)) throw serverError('busy')
    places.add(session)
    const turn = last.then(check)
    last = turn.catch(() => undefined)
    try {
      return await finish(await turn)
    } finally {
      places.delete(session)
    }
  }
  return { run: (session, check) => runThen(session, check, async (checked) => checked), runThen }
}
