import { serverError } from './error-codes.ts'

export type Arrivals = {
  /** Runs what reads a request's body. Throws `busy`, before a byte of it is read, where too many are being read. */
  hold<T>(work: () => Promise<T>): Promise<T>
}

const RETRY_SECONDS = 1

/** Bounds the bodies that are being read at a time: without it, memory grows with whoever sends slowly. */
export function createArrivals({ limit }: { limit: number }): Arrivals {
  let held = 0
  return {
    async hold(work) {
      if (held >= limit) throw serverError('busy', undefined, { retryAfterSeconds: RETRY_SECONDS })
      held++
      try {
        return await work()
      } finally {
        held--
      }
    },
  }
}
