import type { TouchstoneError } from '../touchstone-error.ts'
import { toTouchstoneError } from './error-codes.ts'

/**
 * How far it is. `awaiting_wallet`: its window opens. `awaiting_key`: the person decides there. `proving`: they have
 * agreed and touched; `progress` runs from 0 to 1. `verifying`: the code is on its way to the site's server.
 */
export type TouchstoneState =
  | { readonly state: 'idle' | 'awaiting_wallet' | 'awaiting_key' | 'verifying' | 'done' }
  | { readonly state: 'proving'; readonly progress: number }
  | { readonly state: 'error'; readonly error: TouchstoneError }

export type OnState = (state: TouchstoneState) => void

/** Runs it and tells how it ended; what it throws has a code then, but for the signal's own reason. */
export async function tellingEnd<T>(
  { signal, onState }: { signal: AbortSignal; onState: OnState },
  run: () => Promise<T>,
): Promise<T> {
  let result: T
  try {
    result = await run()
  } catch (thrown) {
    if (signal.aborted) {
      onState({ state: 'idle' })
      throw signal.reason
    }
    const error = toTouchstoneError(thrown)
    onState({ state: 'error', error })
    throw error
  }
  onState({ state: 'done' })
  return result
}
