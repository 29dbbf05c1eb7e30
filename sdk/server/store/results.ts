import { toBase64url } from '../../../src/protocol/bytes.ts'
import { TouchstoneError } from '../../touchstone-error.ts'
import { hashBearer, matchesBearer } from '../cookie.ts'
import { serverError } from '../error-codes.ts'
import type { Batch, LockedSession, Work } from './batch.ts'
import { locking } from './row-locks.ts'
import type { Store, TakenResult } from './store.ts'
import { endVisits, putVisits } from './visits.ts'

type Taking = Parameters<Store['takeResult']>[0]

/** A result that is there for whoever asked, if its names are still held. */
type Reading = { readonly session: LockedSession; readonly taken: TakenResult }

export const takingResults: Work<Taking, TakenResult> = {
  session: ({ code }) => ({ codeHash: hashBearer(code) }),
  async run(batch, takings) {
    const outcomes = new Map<Taking, TakenResult | TouchstoneError>()
    const readings = new Map<string, Reading & { readonly taking: Taking }>()
    const byCode = new Map<string, LockedSession>()
    for (const session of batch.sessions.values()) {
      if (session.code_hash) byCode.set(toBase64url(session.code_hash), session)
    }
    for (const taking of takings) {
      const found = findReading(byCode.get(toBase64url(hashBearer(taking.code))), taking)
      if (found instanceof TouchstoneError) outcomes.set(taking, found)
      else if (readings.has(found.session.id)) outcomes.set(taking, serverError('result_already_read'))
      else readings.set(found.session.id, { ...found, taking })
    }
    const read = await readOnce(batch, readings)
    for (const [id, { taking, taken }] of readings) {
      outcomes.set(taking, read.has(id) ? taken : serverError('result_unknown'))
    }
    return takings.map((taking) => outcomes.get(taking) ?? serverError('result_unknown'))
  },
}

/** Which result a code is for, and what speaks against reading it; the row is locked, so that it stays true. */
function findReading(
  session: LockedSession | undefined,
  { browser, now, session: expected, entersVisit }: Taking,
): Reading | TouchstoneError {
  if (!session) return serverError('result_unknown')
  if (!matchesBearer(session.browser_hash, browser)) return serverError('result_wrong_browser')
  if (expected !== undefined && expected !== session.id) return serverError('result_wrong_session')
  if (session.result_read_at !== null) return serverError('result_already_read')
  if (session.result === null || (session.result_expires_at ?? 0) <= now) return serverError('result_unknown')
  const taken = { sessionId: session.id, requestName: session.request_name, result: session.result }
  if (entersVisit?.(taken.requestName) === false) return serverError('result_without_visit')
  return { session, taken }
}

/**
 * Marks results as read, and uses up the names that were held for them. A result that no longer holds all of its names
 * (another process's clock was ahead, and has freed them) can no longer be read. The ids of those that were read.
 */
async function readOnce(
  batch: Batch,
  readings: ReadonlyMap<string, Reading & { readonly taking: Taking }>,
): Promise<ReadonlySet<string>> {
  const { transaction, sessions, entries } = batch
  const ids = await withAllNames(batch, [...readings.keys()])
  if (ids.length === 0) return new Set()
  const now = Math.max(...[...readings.values()].map(({ taking }) => taking.now))
  const rows = await transaction
    .updateTable('sessions')
    .set({ result: null, result_read_at: now })
    .where('id', 'in', ids)
    .where('result_read_at', 'is', null)
    .where('result', 'is not', null)
    .returning('id')
    .execute()
  const read = rows.map(({ id }) => id)
  const named = read.filter((id) => sessions.get(id)?.names !== 0)
  if (named.length > 0) {
    await transaction
      .updateTable('nullifiers')
      .set({ held_until: null, used_at: now })
      .where('session_id', 'in', named)
      .where('held_until', 'is not', null)
      .execute()
  }
  for (const id of read) {
    const reading = readings.get(id)
    if (!reading) continue
    Object.assign(reading.session, { result: null, result_read_at: now })
    entries.push({ at: reading.taking.now, event: 'result_read', request_name: reading.session.request_name })
  }
  await beginVisits(
    batch,
    read.flatMap((id) => readings.get(id) ?? []),
  )
  return new Set(read)
}

/** Each in the place of the one before. Which of those were still there is told by their deletion, and once each. */
async function beginVisits(
  { transaction }: Batch,
  readings: readonly (Reading & { readonly taking: Taking })[],
): Promise<void> {
  const ended = await endVisits(
    transaction,
    readings.flatMap(({ taking }) => taking.replaces ?? []),
  )
  const visits = readings.flatMap(({ taken, taking: { replaces, visit } }) => {
    const isGoingOn = replaces !== undefined && ended.delete(toBase64url(replaces))
    return visit?.(taken, isGoingOn) ?? []
  })
  await putVisits(transaction, visits)
}

async function withAllNames({ transaction, sessions }: Batch, ids: readonly string[]): Promise<readonly string[]> {
  const named = ids.filter((id) => sessions.get(id)?.names !== 0)
  const held = new Map<string, number>()
  if (named.length > 0) {
    const query = transaction
      .selectFrom('nullifiers')
      .select('session_id')
      .where('session_id', 'in', named)
      .where('held_until', 'is not', null)
      .orderBy('kind')
      .orderBy('nullifier')
    for (const { session_id } of await locking(transaction, query).execute()) {
      held.set(session_id, (held.get(session_id) ?? 0) + 1)
    }
  }
  return ids.filter((id) => sessions.get(id)?.names === (held.get(id) ?? 0))
}
