import { sql } from 'kysely'
import { isFinalState, OPEN_STATES } from '../../../src/protocol/session-state.ts'
import type { RefusalStatus } from '../../../src/verifier/status.ts'
import type { Batch, LockedSession, Work } from './batch.ts'
import { type Candidate, separate, toCandidate } from './candidate.ts'
import { holdNames } from './names.ts'
import { checkPins } from './pins.ts'
import { incomingRows } from './row-locks.ts'
import type { Acceptance } from './store.ts'

type Outcome = 'ACCEPTED' | RefusalStatus
type Outcomes = Map<Candidate, Outcome>

/**
 * Accepts presentations, each wholly or not at all. Those that do not stand in each other's way are written together; if
 * one of them is refused, all of that is undone and the others are written again without it, so that nothing of it is
 * left for them to see. Who is accepted is decided by what the writes change: what was read before can only refuse.
 */
export const accepting: Work<Acceptance, Outcome> = {
  session: ({ sessionId }) => ({ id: sessionId }),
  async run(batch, acceptances) {
    const candidates = acceptances.map(toCandidate)
    const outcomes: Outcomes = new Map()
    let isSaved = false
    for (;;) {
      refuseHopeless(batch, candidates, outcomes)
      const waiting = candidates.filter((candidate) => !outcomes.has(candidate))
      if (waiting.length === 0) break
      const { together, named } = separate(waiting)
      if (!isSaved) await sql`savepoint before_acceptances`.execute(batch.transaction)
      const refused = await write(batch, together)
      isSaved = refused.size > 0
      if (isSaved) {
        await sql`rollback to savepoint before_acceptances`.execute(batch.transaction)
        for (const [candidate, status] of refused) outcomes.set(candidate, status)
        continue
      }
      for (const candidate of together) markAccepted(batch, candidate, outcomes)
      for (const candidate of named) outcomes.set(candidate, endOf(batch, candidate) ?? 'NULLIFIER_USED')
    }
    return candidates.map((candidate) => outcomes.get(candidate) ?? 'SESSION_EXPIRED')
  },
}

function refuseHopeless(batch: Batch, candidates: readonly Candidate[], outcomes: Outcomes): void {
  for (const candidate of candidates) {
    if (outcomes.has(candidate)) continue
    const end = endOf(batch, candidate) ?? (candidate.isRepeating ? 'NULLIFIER_USED' : undefined)
    if (end) outcomes.set(candidate, end)
  }
}

/** Why a session takes no presentation, as its locked row says. */
function endOf({ sessions }: Batch, { acceptance }: Candidate): RefusalStatus | undefined {
  const session = sessions.get(acceptance.sessionId)
  if (session?.state === 'DONE') return 'CHALLENGE_USED'
  if (session?.state === 'CANCELLED') return 'SESSION_CANCELLED'
  return isLive(session, acceptance.now) ? undefined : 'SESSION_EXPIRED'
}

function isLive(session: LockedSession | undefined, now: number): boolean {
  return session !== undefined && !isFinalState(session.state) && session.expires_at > now
}

/** Writes all of it: challenges, names, pins. Those that it refuses, each by the first thing that speaks against it. */
async function write(batch: Batch, candidates: readonly Candidate[]): Promise<ReadonlyMap<Candidate, RefusalStatus>> {
  const consumed = await consumeChallenges(batch, candidates)
  const refused = new Map<Candidate, RefusalStatus>()
  for (const candidate of candidates) {
    if (!consumed.has(candidate.acceptance.sessionId)) refused.set(candidate, 'SESSION_EXPIRED')
  }
  const taken = await holdNames(batch.transaction, candidates)
  for (const candidate of taken) if (!refused.has(candidate)) refused.set(candidate, 'NULLIFIER_USED')
  const unknown = await checkPins(batch.transaction, candidates)
  for (const candidate of unknown) if (!refused.has(candidate)) refused.set(candidate, 'DEVICE_UNKNOWN')
  return refused
}

async function consumeChallenges(
  { transaction }: Batch,
  candidates: readonly Candidate[],
): Promise<ReadonlySet<string>> {
  const incoming = incomingRows(
    transaction,
    {
      session_id: 'text',
      digest: 'bytes',
      code_hash: 'bytes',
      names: 'integer',
      result: 'text',
      result_expires_at: 'integer',
      now: 'integer',
    },
    candidates.map(({ acceptance, names }) => ({
      session_id: acceptance.sessionId,
      digest: acceptance.presentationDigest,
      code_hash: acceptance.codeHash,
      names: names.length,
      result: acceptance.result,
      result_expires_at: acceptance.resultExpiresAt,
      now: acceptance.now,
    })),
  )
  const rows = await transaction
    .updateTable('sessions')
    .from(incoming)
    .set((from) => ({
      state: 'DONE',
      presentation_digest: from.ref('incoming.digest'),
      code_hash: from.ref('incoming.code_hash'),
      names: from.ref('incoming.names'),
      result: from.ref('incoming.result'),
      result_expires_at: from.ref('incoming.result_expires_at'),
    }))
    .whereRef('sessions.id', '=', 'incoming.session_id')
    .whereRef('sessions.expires_at', '>', 'incoming.now')
    .where('sessions.state', 'in', OPEN_STATES)
    .returning('sessions.id')
    .execute()
  return new Set(rows.map(({ id }) => id))
}

function markAccepted({ sessions, entries, changes }: Batch, candidate: Candidate, outcomes: Outcomes): void {
  const { sessionId, requestName, nameHmac, now } = candidate.acceptance
  const session = sessions.get(sessionId)
  if (session) session.state = 'DONE'
  entries.push({ at: now, event: 'accepted', request_name: requestName, name_hmac: nameHmac })
  changes.push({ id: sessionId, state: 'DONE' })
  outcomes.set(candidate, 'ACCEPTED')
}
