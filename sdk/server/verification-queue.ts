import { serverError } from './error-codes.ts'

export type VerificationQueue = {
  /** Runs a check when its turn comes. Throws `busy` where too many wait, or one of the same session does. */
  run<T>(session: string, check: () => Promise<T>): Promise<T>
}

/**
 * One check at a time: what is waiting takes a place in the queue, and no processor time. A session has one place, so
 * that no session can keep the others out.
 */
export function createVerificationQueue({ limit }: { limit: number }): VerificationQueue {
  const waiting = new Set<string>()
  let last: Promise<unknown> = Promise.resolve()
  return {
    async run(session, check) {
      if (waiting.size >= limit || waiting.has(session)) throw serverError('busy')
      waiting.add(session)
      const turn = last.then(check)
      last = turn.catch(() => undefined)
      try {
        return await turn
      } finally {
        waiting.delete(session)
      }
    },
  }
}
