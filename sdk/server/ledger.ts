import type { Transaction } from 'kysely'
import { fieldToBytes } from '../../src/protocol/field.ts'
import type { RefusalStatus } from '../../src/verifier/status.ts'
import type { VerifiedAnswer } from '../../src/verifier/verified-answer.ts'
import { releaseUnread } from './held-names.ts'
import type { Database } from './store.ts'
import type { Tables } from './tables.ts'

export type Acceptance = {
  readonly sessionId: string
  readonly requestName: string
  readonly answers: readonly VerifiedAnswer[]
  readonly codeHash: Uint8Array
  /** JSON for whoever brings the code. */
  readonly result: string
  readonly resultExpiresAt: number
  readonly nameHmac: Uint8Array | null
  readonly now: number
}

/**
 * Accepts a presentation whose proofs have been checked, in one transaction or not at all: consumes the session's
 * challenge, pins or checks the authenticator, holds once-only names until the result is read, writes result and audit
 * row. It decides by what its own writes change, never by a state read before.
 */
export async function acceptPresentation(db: Database, acceptance: Acceptance): Promise<'ACCEPTED' | RefusalStatus> {
  try {
    await db.transaction().execute(async (transaction) => {
      await consumeChallenge(transaction, acceptance)
      await releaseUnread(transaction, acceptance.now)
      for (const answer of acceptance.answers) {
        if (answer.type === 'login') await checkDevice(transaction, answer, acceptance.now)
        else if (answer.type !== 'credential') await holdName(transaction, answer.type, answer.nullifier, acceptance)
      }
      await transaction
        .insertInto('audit')
        .values(auditRow(acceptance, { event: 'accepted', code: null, name_hmac: acceptance.nameHmac }))
        .execute()
    })
    return 'ACCEPTED'
  } catch (error) {
    if (error instanceof Refused) return error.status
    throw error
  }
}

/** Refused presentations after which a session is over. Each may have cost its checks, and has an audit row. */
export const MAX_REFUSALS = 5

/**
 * Counts a refused presentation of a session, and ends the session with the last that it may have. Each that counts is
 * written down with its code; those that come after are not, or anybody could fill the disk with one session.
 */
export async function recordRefusal(
  db: Database,
  refusal: { sessionId: string; requestName: string; code: string; now: number },
): Promise<void> {
  const { sessionId } = refusal
  await db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('sessions')
      .set((row) => ({ refusals: row('refusals', '+', 1) }))
      .where('id', '=', sessionId)
      .where('refusals', '<', MAX_REFUSALS)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return
    await transaction
      .updateTable('sessions')
      .set({ state: 'CANCELLED' })
      .where('id', '=', sessionId)
      .where('state', '=', 'INITIALIZED')
      .where('refusals', '>=', MAX_REFUSALS)
      .execute()
    await transaction
      .insertInto('audit')
      .values(auditRow(refusal, { event: 'refused', code: refusal.code, name_hmac: null }))
      .execute()
  })
}

/** Rolls the transaction back. */
class Refused extends Error {
  readonly status: RefusalStatus

  constructor(status: RefusalStatus) {
    super(status)
    this.status = status
  }
}

async function consumeChallenge(transaction: Transaction<Tables>, acceptance: Acceptance): Promise<void> {
  const { sessionId, codeHash, result, resultExpiresAt, now } = acceptance
  const { numUpdatedRows } = await transaction
    .updateTable('sessions')
    .set({ state: 'DONE', code_hash: codeHash, result, result_expires_at: resultExpiresAt })
    .where('id', '=', sessionId)
    .where('state', '=', 'INITIALIZED')
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (numUpdatedRows === 1n) return
  // Only to say why; the update has decided.
  const session = await transaction
    .selectFrom('sessions')
    .select('state')
    .where('id', '=', sessionId)
    .executeTakeFirst()
  if (session?.state === 'DONE') throw new Refused('CHALLENGE_USED')
  throw new Refused(session?.state === 'CANCELLED' ? 'SESSION_CANCELLED' : 'SESSION_EXPIRED')
}

/** The first login under a name pins its authenticator; every later one must come with a pinned one. */
async function checkDevice(
  transaction: Transaction<Tables>,
  { nullifier, deviceTag }: Extract<VerifiedAnswer, { type: 'login' }>,
  now: number,
): Promise<void> {
  const name = fieldToBytes(nullifier)
  const tag = fieldToBytes(deviceTag)
  const pinned = await transaction
    .selectFrom('device_tags')
    .select('device_tag')
    .where('nullifier', '=', name)
    .execute()
  if (pinned.length === 0) {
    await transaction.insertInto('device_tags').values({ nullifier: name, device_tag: tag, pinned_at: now }).execute()
  } else if (!pinned.some(({ device_tag }) => Buffer.from(device_tag).equals(tag))) {
    throw new Refused('DEVICE_UNKNOWN')
  }
}

/**
 * Held, not used up: whoever agreed may have been sent the link of another's session, whose result no browser of theirs
 * can read. `takeResult` makes the name used for good; until then it is as taken as any, up to the end of the result.
 */
async function holdName(
  transaction: Transaction<Tables>,
  kind: 'action' | 'vote',
  nullifier: VerifiedAnswer['nullifier'],
  { sessionId, resultExpiresAt, now }: Acceptance,
): Promise<void> {
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('nullifiers')
    .values({
      kind,
      nullifier: fieldToBytes(nullifier),
      session_id: sessionId,
      used_at: now,
      held_until: resultExpiresAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) throw new Refused('NULLIFIER_USED')
}

function auditRow(
  { now, requestName }: { now: number; requestName: string },
  row: Pick<Tables['audit'], 'event' | 'code' | 'name_hmac'>,
) {
  return { at: now, request_name: requestName, ...row }
}
