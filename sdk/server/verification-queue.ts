import { serverError } from './error-codes.ts'

export type VerificationQueue = {
  /**
   * Runs the work for one session's presentation while it holds a place. Throws `busy` where all places are taken, or
   * this session has one.
   */
  enter<T>(session: string, work: () => Promise<T>): Promise<T>
  /** Runs work that takes the processor for long when its turn comes, one at a time. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  /** How many places are taken, and whether there is another. */
  load(): { readonly free: boolean; readonly waiting: number }
}

/** Where nothing is measured by which to tell more exactly. */
const RETRY_SECONDS = 1

/**
 * Bounds the presentations that are under way, and with them the memory that they take. What waits takes a place and no
 * processor time. A session has one place, so that no session can keep the others out.
 */
export function createVerificationQueue({ limit }: { limit: number }): VerificationQueue {
  const places = new Set<string>()
  let last: Promise<unknown> = Promise.resolve()
  return {
    async enter(session, work) {
      if (places.has(session)) throw serverError('busy')
      if (places.size >= limit) throw serverError('busy', undefined, { retryAfterSeconds: RETRY_SECONDS })
      places.add(session)
      try {
        return await work()
      } finally {
        places.delete(session)
      }
    },
    inTurn(work) {
      const turn = last.then(work)
      last = turn.catch(() => undefined)
      return turn
    },
    load: () => ({ free: places.size < limit, waiting: places.size }),
  }
}
