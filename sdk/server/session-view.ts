import type { SessionState } from '../../src/protocol/session-state.ts'
import type { Deployment } from './deployment.ts'
import { serverError } from './error-codes.ts'
import { stateAt } from './session-state.ts'

/** A session as the site's own server may see it. */
export type SessionView = {
  readonly session: string
  /** The name of its request. */
  readonly request: string
  readonly state: SessionState
  /** Unix seconds. */
  readonly expires: number
}

/** Throws `session_unknown`. */
export async function viewSession({ store, config }: Deployment, id: string): Promise<SessionView> {
  const found = await store.findSession(id)
  if (!found) throw serverError('session_unknown')
  const { requestName, expiresAt } = found
  return {
    session: id,
    request: requestName,
    state: stateAt(found, config.clock().getTime()),
    expires: expiresAt / 1000,
  }
}
