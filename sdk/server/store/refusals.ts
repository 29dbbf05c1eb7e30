import { sql } from 'kysely'
import { isFinalState, OPEN_STATES } from '../../../src/protocol/session-state.ts'
import type { Work } from './batch.ts'
import { incomingRows } from './row-locks.ts'
import { MAX_REFUSALS, type Refusal } from './store.ts'

export const recordingRefusals: Work<Refusal, undefined> = {
  session: ({ sessionId }) => ({ id: sessionId }),
  async run({ transaction, sessions, entries, changes }, refusals) {
    const counts = new Map<string, number>()
    for (const { sessionId, requestName, code, now } of refusals) {
      const session = sessions.get(sessionId)
      const count = counts.get(sessionId) ?? session?.refusals
      if (count === undefined || count >= MAX_REFUSALS) continue
      counts.set(sessionId, count + 1)
      entries.push({ at: now, event: 'refused', request_name: requestName, code })
    }
    if (counts.size > 0) {
      const rows = [...counts].map(([session_id, refused]) => ({ session_id, refused }))
      const updated = await transaction
        .updateTable('sessions')
        .from(incomingRows(transaction, { session_id: 'text', refused: 'integer' }, rows))
        .set({
          refusals: sql<number>`incoming.refused`,
          state: sql`case when state in (${sql.join([...OPEN_STATES])}) and incoming.refused >= ${sql.lit(MAX_REFUSALS)}
            then 'CANCELLED' else state end`,
        })
        .whereRef('sessions.id', '=', 'incoming.session_id')
        .returning(['sessions.id', 'sessions.state', 'sessions.refusals'])
        .execute()
      for (const { id, state, refusals: refused } of updated) {
        const session = sessions.get(id)
        if (!session) continue
        if (state === 'CANCELLED' && !isFinalState(session.state)) changes.push({ id, state })
        Object.assign(session, { state, refusals: refused })
      }
    }
    return refusals.map(() => undefined)
  },
}
