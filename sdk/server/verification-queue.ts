import { setImmediate } from 'node:timers/promises'
import { serverError } from './error-codes.ts'

export type VerificationQueue = {
  /** Runs a check when its turn comes. Throws `busy` where too many wait. */
  run<T>(check: () => T): Promise<T>
}

/**
 * One check at a time, and between two of them the event loop is free: a pairing holds the thread for some 30 ms, so a
 * burst of presentations would otherwise stop everything else that the process serves.
 */
export function createVerificationQueue({ limit }: { limit: number }): VerificationQueue {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return {
    async run(check) {
      if (waiting >= limit) throw serverError('busy')
      waiting++
      const turn = last.then(() => setImmediate()).then(check)
      last = turn.catch(() => undefined)
      try {
        return await turn
      } finally {
        waiting--
      }
    },
  }
}
