import { setTimeout } from 'node:timers/promises'
import { openSession, RefusedError } from '../site/client.ts'
import { isBroken } from './visitors.ts'

const LIMIT_MS = 30_000

/** Until the site opens sessions again: a database that was killed reads its log first. */
export async function untilServed(port: number): Promise<void> {
  let last: unknown
  const isServing = () =>
    openSession(port, 'raffle').then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof RefusedError) && !isBroken(error)) throw error
        last = error
        return false
      },
    )
  await until(isServing, () => `the site did not come back: ${String(last)}`)
}

/** Throws with the complaint after half a minute. */
export async function until(isSo: () => boolean | Promise<boolean>, complaint: () => string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(complaint())
    await setTimeout(20)
  }
}
