import type { Kysely } from 'kysely'
import {
  isFinalState,
  REPORTED_STATES,
  type ReportedState,
  type StoredState,
  statesBefore,
} from '../../../src/protocol/session-state.ts'
import type { Work } from './batch.ts'
import { MAX_SESSIONS_OF_BROWSER, type NewSession, type Store, type StoredSession } from './store.ts'
import type { Tables } from './tables.ts'

export const insertingSessions: Work<NewSession, undefined> = {
  async run({ transaction }, sessions) {
    await transaction.insertInto('sessions').values(sessions.map(sessionRow)).execute()
    return sessions.map(() => undefined)
  },
}

function sessionRow(session: NewSession): Tables['sessions'] {
  return {
    id: session.id,
    request_name: session.requestName,
    browser_hash: session.browserHash,
    jws: session.jws,
    transport: session.transport,
    state: session.transport === 'link' ? 'PAIRING' : 'INITIALIZED',
    refusals: 0,
    created_at: session.createdAt,
    expires_at: session.expiresAt,
    presentation_digest: null,
    code_hash: null,
    names: 0,
    result: null,
    result_expires_at: null,
    result_read_at: null,
  }
}

export async function findSession(db: Kysely<Tables>, id: string): Promise<StoredSession | undefined> {
  const row = await db
    .selectFrom('sessions')
    .select(['id', 'request_name', 'browser_hash', 'jws', 'transport', 'state', 'expires_at', 'presentation_digest'])
    .where('id', '=', id)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      requestName: row.request_name,
      browserHash: row.browser_hash,
      jws: row.jws,
      transport: row.transport,
      state: row.state,
      expiresAt: row.expires_at,
      presentationDigest: row.presentation_digest,
    }
  )
}

export async function openSessions(
  db: Kysely<Tables>,
  browserHash: Uint8Array,
  now: number,
): Promise<'none' | 'some' | 'full'> {
  const recent = await db
    .selectFrom('sessions')
    .select('state')
    .where('browser_hash', '=', browserHash)
    .where('expires_at', '>', now)
    .limit(MAX_SESSIONS_OF_BROWSER)
    .execute()
  if (recent.length === MAX_SESSIONS_OF_BROWSER) return 'full'
  if (recent.some(({ state }) => !isFinalState(state))) return 'some'
  const waiting = await db
    .selectFrom('sessions')
    .select('id')
    .where('browser_hash', '=', browserHash)
    .where('result', 'is not', null)
    .where('result_expires_at', '>', now)
    .limit(1)
    .executeTakeFirst()
  return waiting ? 'some' : 'none'
}

/** States of those of the sessions that there are; no more at a time than a statement may have parameters. */
export async function readStates(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly state: StoredState }[]> {
  const states = []
  for (let from = 0; from < ids.length; from += STATES_AT_ONCE) {
    const some = ids.slice(from, from + STATES_AT_ONCE)
    states.push(...(await db.selectFrom('sessions').select(['id', 'state']).where('id', 'in', some).execute()))
  }
  return states
}

const STATES_AT_ONCE = 1_000

type Advance = Parameters<Store['advanceSession']>[0]

export const advancingSessions: Work<Advance, StoredState | undefined> = {
  session: ({ id }) => ({ id }),
  async run(batch, advances) {
    for (const state of REPORTED_STATES) {
      const live = advances.filter(
        (advance) => advance.state === state && isLive(batch.sessions.get(advance.id), advance),
      )
      await enter(batch, state, live)
    }
    return advances.map(({ id }) => batch.sessions.get(id)?.state)
  },
}

type Cancellation = { readonly id: string; readonly now: number }

export const cancellingSessions: Work<Cancellation, boolean> = {
  session: ({ id }) => ({ id }),
  async run(batch, cancellations) {
    const live = cancellations.filter((each) => isLive(batch.sessions.get(each.id), each))
    const cancelled = await enter(batch, 'CANCELLED', live)
    return cancellations.map(({ id, now }) => {
      // Of two at once, the first has done it.
      if (!cancelled.delete(id)) return false
      const request_name = batch.sessions.get(id)?.request_name ?? null
      batch.entries.push({ at: now, event: 'declined', request_name })
      return true
    })
  },
}

function isLive(session: { readonly expires_at: number } | undefined, { now }: { readonly now: number }): boolean {
  return session !== undefined && session.expires_at > now
}

/** Moves those sessions that may still enter the state; the ids of those that moved. */
async function enter(
  { transaction, sessions, changes }: Parameters<typeof advancingSessions.run>[0],
  state: ReportedState | 'CANCELLED',
  asked: readonly { readonly id: string }[],
): Promise<Set<string>> {
  if (asked.length === 0) return new Set()
  const moved = await transaction
    .updateTable('sessions')
    .set({ state })
    .where(
      'id',
      'in',
      asked.map(({ id }) => id),
    )
    .where('state', 'in', statesBefore(state))
    .returning('id')
    .execute()
  for (const { id } of moved) {
    changes.push({ id, state })
    const session = sessions.get(id)
    if (session) session.state = state
  }
  return new Set(moved.map(({ id }) => id))
}
