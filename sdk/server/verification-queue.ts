import { serverError } from './error-codes.ts'

export type VerificationQueue = {
  /** Runs a check when its turn comes. Throws `busy` where too many wait. */
  run<T>(check: () => Promise<T>): Promise<T>
}

/** One check at a time: what is waiting takes a place in the queue, and no processor time. */
export function createVerificationQueue({ limit }: { limit: number }): VerificationQueue {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return {
    async run(check) {
      if (waiting >= limit) throw serverError('busy')
      waiting++
      const turn = last.then(check)
      last = turn.catch(() => undefined)
      try {
        return await turn
      } finally {
        waiting--
      }
    },
  }
}
