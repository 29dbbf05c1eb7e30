import { isFinalState, SESSION_STATES, type SessionState } from '../../src/protocol/session-state.ts'
import { matchesBearer, readBrowserCookie } from './cookie.ts'
import { serverError } from './error-codes.ts'
import type { Store, StoredSession } from './store/store.ts'

/** Where a stored session is by the server's clock: `TIMEOUT` is written nowhere, it follows from the time. */
export function stateAt({ state, expiresAt }: Pick<StoredSession, 'state' | 'expiresAt'>, now: number): SessionState {
  return !isFinalState(state) && now >= expiresAt ? 'TIMEOUT' : state
}

/** Whether it can still be answered. */
export function isAnswerable(session: Pick<StoredSession, 'state' | 'expiresAt'>, now: number): boolean {
  return !isFinalState(stateAt(session, now))
}

/**
 * Number of the event that tells a state: its place in their order. So a state has the same number in every process, a
 * later one a larger, and nothing has to be kept for a browser that comes back with the last one it heard.
 */
export function eventIdOf(state: SessionState): number {
  return SESSION_STATES.indexOf(state) + 1
}

/** The session, for the browser that began it. Throws `session_unknown` for any other, as for one that is not there. */
export async function findOwnSession(store: Store, id: string, cookie: string | null): Promise<StoredSession> {
  const session = await store.findSession(id)
  if (!session || !matchesBearer(session.browserHash, readBrowserCookie(cookie))) throw serverError('session_unknown')
  return session
}
